/**
 * A recurrent network of three weight matrices and no biases, and its backpropagation through time.
 *
 * | symbol | shape | what it is                                              |
 * | ------ | ----- | ------------------------------------------------------- |
 * | x_t    | K     | the input                                               |
 * | c_t    | P     | what is handed on from the step before: h_{t−1}, or x_{t−1} |
 * | h_t    | H     | σ(W_x x_t + W_h c_t), the hidden layer                  |
 * | y_t    | Y     | σ(W_y h_t), the output                                  |
 * | W_x    | H × K | x_t → h_t                                               |
 * | W_h    | H × P | c_t → h_t                                               |
 * | W_y    | Y × H | h_t → y_t                                               |
 *
 * With recurrence "hidden", P = H: what a step has made of everything before goes on. With "input",
 * P = K: each step sees the input before its own, and nothing older. h_0 and x_0 are 0.
 *
 * Histories are made once, for the longest sequence; rows are steps, row 0 is what was before the first.
 *
 * Source: Elman 1990, "Finding Structure in Time", without its biases; Werbos 1990 for the backward pass.
 *
 * @module
 */
import { addLinear, addLinearBackward, addWeightGradient } from "@/network/linear.ts";
import { squash, squashBackward } from "@/network/squash.ts";
import {
  createRecurrentWeights,
  type RecurrentDesign,
  type RecurrentWeights,
} from "./recurrent_weights.ts";

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
 * import { RecurrentNetwork } from "@/models/recurrent_network.ts";
 * import { createRecurrentWeights } from "@/models/recurrent_weights.ts";
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
