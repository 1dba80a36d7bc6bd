/**
 * The weights of a recurrent network: one flat array, and a named view of each of its three matrices.
 *
 * `K` inputs, `H` hidden units, `Y` outputs, `P` numbers handed on from step to step; see
 * `recurrent_network.ts`.
 *
 * @module
 */
import {
  addLinear,
  addLinearBackward,
  addWeightGradient,
  squash,
  squashBackward,
} from "./layers.ts";

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
 * import { handedOn } from "@/tutorial/recurrent_network.ts";
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
 * import { createRecurrentWeights } from "@/tutorial/recurrent_network.ts";
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
 * import { drawRecurrentWeights } from "@/tutorial/recurrent_network.ts";
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

/** Numbers of each step, and the gradients by them. */
interface Layer {
  readonly width: number;
  readonly y: Float64Array;
  readonly g: Float64Array;
}

function createLayer(rows: number, width: number): Layer {
  return { width, y: new Float64Array(rows * width), g: new Float64Array(rows * width) };
}

/**
 * A network with its weights, its gradient, and the history of the last sequence it was run on.
 *
 * @example Forward over two steps, then backward from the gradient by its outputs.
 * ```ts
 * import { createRecurrentWeights, RecurrentNetwork } from "@/tutorial/recurrent_network.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const design = { inputs: 1, hidden: 1, outputs: 1, recurrence: "hidden", longest: 8 } as const;
 * const network = new RecurrentNetwork(design, createRecurrentWeights(design));
 * network.forward(new Float64Array([1, 0]), 2);
 * assertEquals([...network.outputs(2)], [0.5, 0.5]); // σ(0) everywhere
 * network.backward(new Float64Array([0, 8]));
 * assertEquals(network.gradient.Wy[0], 8 * 0.25 * 0.5); // ∂L/∂y · σ′ · h
 * ```
 */
export class RecurrentNetwork {
  readonly design: RecurrentDesign;
  readonly weights: RecurrentWeights;
  /** ∂L/∂weights, added up over every {@linkcode backward} since it was last cleared. */
  readonly gradient: RecurrentWeights;
  /** h_t, (steps + 1) × `H`; row 0 is h_0. */
  readonly hidden: Layer;
  readonly #input: Layer;
  readonly #output: Layer;
  #steps = 0;

  /**
   * @param design All but the weights.
   * @param weights Where to start; they belong to the network from now on.
   */
  constructor(design: RecurrentDesign, weights: RecurrentWeights) {
    const rows = design.longest + 1;
    this.design = design;
    this.weights = weights;
    this.gradient = createRecurrentWeights(design);
    this.hidden = createLayer(rows, design.hidden);
    this.#input = createLayer(rows, design.inputs);
    this.#output = createLayer(rows, design.outputs);
  }

  /** y_1 … y_T of the last sequence, `T` × `Y`: a view, overwritten by the next. */
  outputs(steps: number = this.#steps): Float64Array {
    const Y = this.design.outputs;
    return this.#output.y.subarray(Y, (steps + 1) * Y);
  }

  /** What step t is handed from the step before it, and where it starts. */
  #before(t: number): { layer: Layer; at: number } {
    const layer = this.design.recurrence === "hidden" ? this.hidden : this.#input;
    return { layer, at: (t - 1) * layer.width };
  }

  /**
   * Runs the network over a sequence.
   *
   * h_t = σ(W_x x_t + W_h c_t), y_t = σ(W_y h_t)
   *
   * @param inputs x_1 … x_T, `T` × `K`.
   * @param steps `T`.
   * @throws {RangeError} If there are more steps than the design allows, or none.
   * @throws {TypeError} If there are fewer inputs than the steps need.
   */
  forward(inputs: Float64Array, steps: number): void {
    const { inputs: K, hidden: H, outputs: Y, longest } = this.design;
    if (!(Number.isInteger(steps) && steps >= 1 && steps <= longest)) {
      throw new RangeError(`Cannot run the network: wanted 1 to ${longest} steps, got ${steps}`);
    }
    if (inputs.length < steps * K) {
      throw new TypeError(
        `Cannot run the network: wanted ${steps * K} inputs, got ${inputs.length}`,
      );
    }
    const { weights: { Wx, Wh, Wy } } = this;
    const [x, h, y] = [this.#input.y, this.hidden.y, this.#output.y];
    this.#steps = steps;
    x.set(inputs.subarray(0, steps * K), K);
    h.fill(0, H);
    y.fill(0, Y);
    for (let t = 1; t <= steps; t++) {
      const c = this.#before(t);
      addLinear(h, t * H, Wx, x, t * K, K, H);
      addLinear(h, t * H, Wh, c.layer.y, c.at, c.layer.width, H);
      squash("sigmoid", h, t * H, H);
      addLinear(y, t * Y, Wy, h, t * H, H, Y);
      squash("sigmoid", y, t * Y, Y);
    }
  }

  /**
   * Reverses the last {@linkcode forward}: from ∂L/∂y of every step to ∂L/∂weights, added to `gradient`.
   *
   * @param gOutputs ∂L/∂y_1 … ∂L/∂y_T, `T` × `Y`.
   * @throws {TypeError} If there are not as many gradients as outputs.
   */
  backward(gOutputs: Float64Array): void {
    const { inputs: K, hidden: H, outputs: Y } = this.design;
    if (gOutputs.length !== this.#steps * Y) {
      throw new TypeError(
        `Cannot reverse the network: wanted ${this.#steps * Y} gradients of outputs, ` +
          `got ${gOutputs.length}`,
      );
    }
    const { weights: { Wh, Wy }, gradient: { Wx: gWx, Wh: gWh, Wy: gWy } } = this;
    const [{ y: x }, { y: h, g: gH }, { y, g: gY }] = [this.#input, this.hidden, this.#output];
    gY.set(gOutputs, Y);
    gH.fill(0);
    for (let t = this.#steps; t >= 1; t--) {
      // y_t = σ(W_y h_t)
      squashBackward("sigmoid", gY, y, t * Y, Y);
      addLinearBackward(gWy, gH, t * H, Wy, gY, t * Y, h, t * H, H, Y);
      // h_t = σ(W_x x_t + W_h c_t)
      squashBackward("sigmoid", gH, h, t * H, H);
      addWeightGradient(gWx, gH, t * H, x, t * K, K, H);
      const c = this.#before(t);
      if (c.layer === this.hidden) {
        addLinearBackward(gWh, gH, c.at, Wh, gH, t * H, h, c.at, H, H);
      } else {
        addWeightGradient(gWh, gH, t * H, x, c.at, K, H);
      }
    }
  }

  /**
   * One step of plain gradient descent, then the gradient is cleared.
   *
   * W ← W − η ∂L/∂W
   *
   * @param learningRate η, above 0.
   */
  descend(learningRate: number): void {
    const { weights: { flat: W }, gradient: { flat: gW } } = this;
    for (let i = 0; i < W.length; i++) W[i] -= learningRate * gW[i];
    gW.fill(0);
  }
}
