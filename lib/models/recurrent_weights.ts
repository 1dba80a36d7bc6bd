/**
 * The weights of a recurrent network: one flat array, and a named view of each of its three matrices.
 *
 * `K` inputs, `H` hidden units, `Y` outputs, `P` numbers handed on from step to step; see
 * `recurrent_network.ts`.
 *
 * @module
 */

/** All that defines a network, save its weights. */
export interface RecurrentDesign {
  /** `K`. */
  readonly inputs: number;
  /** `H`. */
  readonly hidden: number;
  /** `Y`. */
  readonly outputs: number;
  /** What a step hands on to the next: its hidden layer, or only its input. */
  readonly recurrence: "hidden" | "input";
  /** The most steps that a sequence will have. */
  readonly longest: number;
}

/** The weights, or the gradients by them: one flat array, and a view of each matrix, row by row. */
export interface RecurrentWeights {
  /** W_x, then W_y, then W_h. */
  readonly flat: Float64Array;
  /** W_x, `H` × `K`. */
  readonly Wx: Float64Array;
  /** W_y, `Y` × `H`. */
  readonly Wy: Float64Array;
  /** W_h, `H` × `P`. */
  readonly Wh: Float64Array;
}

/**
 * Counts the numbers that a step hands on to the next.
 *
 * P = H with recurrence "hidden", P = K with "input"
 *
 * @example A hidden layer, or only an input.
 * ```ts
 * import { handedOn } from "@/models/recurrent_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const design = { inputs: 2, hidden: 16, outputs: 1, longest: 8 };
 * assertEquals(handedOn({ ...design, recurrence: "hidden" }), 16);
 * assertEquals(handedOn({ ...design, recurrence: "input" }), 2);
 * ```
 * @param design How wide each layer is, and what is handed on.
 * @returns `P`.
 */
export function handedOn(design: RecurrentDesign): number {
  return design.recurrence === "hidden" ? design.hidden : design.inputs;
}

/**
 * Makes room for the weights of a network.
 *
 * @example The matrices are views: what is written to one stands in the flat array too.
 * ```ts
 * import { createRecurrentWeights } from "@/models/recurrent_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { flat, Wx, Wy, Wh } = createRecurrentWeights(
 *   { inputs: 1, hidden: 2, outputs: 1, recurrence: "hidden", longest: 8 },
 * );
 * assertEquals([Wx.length, Wy.length, Wh.length], [2, 2, 4]);
 * Wy[0] = 5;
 * assertEquals([...flat], [0, 0, 5, 0, 0, 0, 0, 0]);
 * ```
 * @param design How wide each layer is.
 * @returns Weights, all 0: W_x `H` × `K`, W_y `Y` × `H`, W_h `H` × `P`.
 * @throws {RangeError} If a width is not a whole number of at least 1.
 */
export function createRecurrentWeights(design: RecurrentDesign): RecurrentWeights {
  const { inputs: K, hidden: H, outputs: Y, longest } = design;
  for (const [name, size] of Object.entries({ inputs: K, hidden: H, outputs: Y, longest })) {
    if (!(Number.isInteger(size) && size >= 1)) {
      throw new RangeError(`Cannot make a network: wanted ${name} of at least 1, got ${size}`);
    }
  }
  const [x, y, h] = [H * K, Y * H, H * handedOn(design)];
  const flat = new Float64Array(x + y + h);
  return {
    flat,
    Wx: flat.subarray(0, x),
    Wy: flat.subarray(x, x + y),
    Wh: flat.subarray(x + y),
  };
}

/**
 * Draws starting weights, uniform from −1 to 1, in the order and layout of a published run.
 *
 * That run draws W_x, W_y, W_h, each as inputs × outputs; ours lie the other way round, so each is
 * filled by columns.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @example The second number drawn goes from input 0 to hidden unit 1.
 * ```ts
 * import { drawRecurrentWeights } from "@/models/recurrent_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const design = { inputs: 2, hidden: 2, outputs: 1, recurrence: "input", longest: 1 } as const;
 * let drawn = 0;
 * const { Wx } = drawRecurrentWeights(design, { uniform: () => (drawn++) / 2 });
 * assertEquals([...Wx], [-1, 1, 0, 2]);
 * ```
 * @param design How wide each layer is.
 * @param draws Numbers from [0, 1).
 * @returns Weights, drawn.
 * @throws {RangeError} If a width is not a whole number of at least 1.
 */
export function drawRecurrentWeights(
  design: RecurrentDesign,
  draws: { uniform(): number },
): RecurrentWeights {
  const weights = createRecurrentWeights(design);
  const { inputs: K, hidden: H, outputs: Y } = design;
  const matrices = [[weights.Wx, H, K], [weights.Wy, Y, H], [weights.Wh, H, handedOn(design)]];
  for (const [W, rows, columns] of matrices as [Float64Array, number, number][]) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < rows; j++) W[j * columns + i] = 2 * draws.uniform() - 1;
    }
  }
  return weights;
}
