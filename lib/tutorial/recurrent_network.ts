/**
 * A recurrent network of three weight matrices without biases: forward pass, backpropagation through time and gradient
 * descent.
 *
 * h_t = σ(W_x x_t + W_h c_t), y_t = σ(W_y h_t), where the context c_t is h_{t−1} with recurrence "hidden" and x_{t−1}
 * with recurrence "input"; h_0 = x_0 = 0.
 *
 * `T` steps, `K` inputs, `H` hidden units, `Y` outputs, `P` numbers in c_t. Matrices are stored row by row, outputs ×
 * inputs.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @module
 */
import {
  addLinear,
  addLinearBackward,
  addWeightGradient,
  createLayer,
  type Layer,
  squash,
  squashBackward,
} from "./layers.ts";

/** The configuration of a network, without its weights. */
export interface RecurrentDesign {
  /** `K`. */
  readonly inputs: number;
  /** `H`. */
  readonly hidden: number;
  /** `Y`. */
  readonly outputs: number;
  /** What a step passes to the next one: its hidden layer, or only its input. */
  readonly recurrence: "hidden" | "input";
  /** Maximum number of steps of a sequence. */
  readonly longest: number;
}

/** The weights or their gradients: one flat array, and a view of each matrix, row by row. */
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
 * Counts the numbers that a step receives from the step before it.
 *
 * P = H with recurrence "hidden", P = K with "input"
 *
 * @example The width of the hidden layer, or of the input.
 * ```ts
 * import { recurrentWidth } from "@/tutorial/recurrent_network.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const design = { inputs: 2, hidden: 16, outputs: 1, longest: 8 };
 * assertEquals(recurrentWidth({ ...design, recurrence: "hidden" }), 16);
 * assertEquals(recurrentWidth({ ...design, recurrence: "input" }), 2);
 * ```
 * @param design Layer widths and kind of recurrence.
 * @returns `P`, the width of c_t.
 */
export function recurrentWidth(design: RecurrentDesign): number {
  return design.recurrence === "hidden" ? design.hidden : design.inputs;
}

/**
 * Allocates the weights of a network.
 *
 * @example The matrices are views of the flat array.
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
 * @param design Layer widths and kind of recurrence.
 * @returns Weights, all 0: W_x `H` × `K`, W_y `Y` × `H`, W_h `H` × `P`.
 * @throws {RangeError} If a width or `longest` is not a whole number of at least 1.
 */
export function createRecurrentWeights(design: RecurrentDesign): RecurrentWeights {
  const { inputs: K, hidden: H, outputs: Y, longest } = design;
  for (const [name, size] of Object.entries({ inputs: K, hidden: H, outputs: Y, longest })) {
    if (!(Number.isInteger(size) && size >= 1)) {
      throw new RangeError(`Cannot make a network: wanted ${name} of at least 1, got ${size}`);
    }
  }
  const [x, y, h] = [H * K, Y * H, H * recurrentWidth(design)];
  const flat = new Float64Array(x + y + h);
  return {
    flat,
    Wx: flat.subarray(0, x),
    Wy: flat.subarray(x, x + y),
    Wh: flat.subarray(x + y),
  };
}

/**
 * Draws initial weights, uniform from −1 to 1, in the order and layout of the published run.
 *
 * That run draws W_x, W_y, W_h, each as inputs × outputs; the matrices here are outputs × inputs, so each is
 * filled column by column.
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
 * @param design Layer widths and kind of recurrence.
 * @param draws Source of random numbers in [0, 1).
 * @returns The random weights.
 * @throws {RangeError} If a width or `longest` is not a whole number of at least 1.
 */
export function drawRecurrentWeights(
  design: RecurrentDesign,
  draws: { uniform(): number },
): RecurrentWeights {
  const weights = createRecurrentWeights(design);
  const { inputs: K, hidden: H, outputs: Y } = design;
  const matrices = [[weights.Wx, H, K], [weights.Wy, Y, H], [
    weights.Wh,
    H,
    recurrentWidth(design),
  ]];
  for (const [W, rows, columns] of matrices as [Float64Array, number, number][]) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < rows; j++) W[j * columns + i] = 2 * draws.uniform() - 1;
    }
  }
  return weights;
}

/**
 * A network with its weights, its gradient, and all values of the last sequence it was run on.
 *
 * @example Forward over two steps, then backward from the gradient with respect to the outputs.
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
  /** ∂L/∂weights, summed over every {@linkcode backward} since the last {@linkcode descend}. */
  readonly gradient: RecurrentWeights;
  /** h_t, (steps + 1) × `H`; row 0 is h_0. */
  readonly hidden: Layer;
  readonly #input: Layer;
  readonly #output: Layer;
  #steps = 0;

  /**
   * @param design Layer widths and kind of recurrence.
   * @param weights Initial weights; the network keeps and updates these arrays.
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

  /** y_1 … y_T of the last sequence, `T` × `Y`: a view that the next forward pass overwrites. */
  outputs(steps: number = this.#steps): Float64Array {
    const Y = this.design.outputs;
    return this.#output.y.subarray(Y, (steps + 1) * Y);
  }

  /** c_t: the layer that it is a row of, and the offset of that row. */
  #context(t: number): { layer: Layer; offset: number } {
    const layer = this.design.recurrence === "hidden" ? this.hidden : this.#input;
    return { layer, offset: (t - 1) * layer.width };
  }

  /**
   * Runs the network over a sequence.
   *
   * h_t = σ(W_x x_t + W_h c_t), y_t = σ(W_y h_t)
   *
   * @param inputs x_1 … x_T, `T` × `K`.
   * @param steps `T`.
   * @throws {RangeError} If `steps` is not from 1 to the design's `longest`.
   * @throws {TypeError} If `inputs` has fewer than `T` × `K` numbers.
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
      const c = this.#context(t);
      addLinear(h, t * H, Wx, x, t * K, K, H);
      addLinear(h, t * H, Wh, c.layer.y, c.offset, c.layer.width, H);
      squash("sigmoid", h, t * H, H);
      addLinear(y, t * Y, Wy, h, t * H, H, Y);
      squash("sigmoid", y, t * Y, Y);
    }
  }

  /**
   * Backward pass of the last {@linkcode forward}: adds ∂L/∂weights to `gradient`.
   *
   * @param gOutputs ∂L/∂y_1 … ∂L/∂y_T, `T` × `Y`.
   * @throws {TypeError} If there are not `T` × `Y` gradients.
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
      const c = this.#context(t);
      if (c.layer === this.hidden) {
        addLinearBackward(gWh, gH, c.offset, Wh, gH, t * H, h, c.offset, H, H);
      } else {
        addWeightGradient(gWh, gH, t * H, x, c.offset, K, H);
      }
    }
  }

  /**
   * Takes one step of plain gradient descent and clears the gradient.
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
