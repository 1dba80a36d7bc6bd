/**
 * The recurrent controller of a neural stack: forward over one string, and its hand-written backward.
 *
 * | symbol | width | what it is                                      |
 * | ------ | ----- | ----------------------------------------------- |
 * | x_t    | K     | the input                                       |
 * | h_t    | H     | tanh(b_h + W_x x_t + W_h h_{t−1} + W_r r_{t−1}) |
 * | o′_t   | P     | tanh(b_p + W_p h_t)                             |
 * | d_t    | 1     | σ(b_d + W_d o′_t), the push                     |
 * | u_t    | 1     | σ(b_u + W_u o′_t), the pop                      |
 * | v_t    | M     | tanh(b_v + W_v o′_t), the value                 |
 * | r_t    | M     | what the stack reads after step t               |
 * | o_t    | Y     | σ or tanh of b_o + W_o o′_t, the output         |
 *
 * The loss of a string of n symbols over its T = 2n steps, with weights λ for the readouts:
 *
 * L = 1/(2n) Σ_t ( |o_t − y_t|² + λ_h |σ(A_h h_t) − x_{t−1}|² + λ_p |σ(A_p o′_t) − x_{t−1}|² + λ_v |σ(A_v v_t) − x_{t−1}|² )
 *
 * The readouts start at the second step. The last step has no use for the stack, and leaves it alone.
 *
 * Source: Grefenstette et al. 2015, section 3.4; Trask 2016, "DeepMind's Neural Stack Machine".
 *
 * @module
 */
import { type FlatStack, stepFlatStack } from "@/memory/flat_stack.ts";
import { clearFlatStackGradient, reverseFlatStackStep } from "@/memory/flat_stack_gradient.ts";
import {
  addLink,
  addLinkBackward,
  addSparseLink,
  addSparseLinkBackward,
  setBias,
  setBiasBackward,
  setZero,
  squashLayer,
  squashLayerBackward,
} from "@/network/layer.ts";
import type { ControllerDesign, ControllerString, ControlNoise } from "./rnn_controller_design.ts";
import {
  type ControllerLayers,
  createControllerLayers,
  type Readout,
} from "./rnn_controller_layers.ts";
import { type ControllerParameters, createParameters } from "./rnn_controller_parameters.ts";

/** A controller with its parameters, its gradient, and the history of the last string it was run on. */
export class RnnController {
  readonly design: ControllerDesign;
  readonly parameters: ControllerParameters;
  /** ∂L/∂parameters, added up over every {@linkcode backward} since it was last cleared. */
  readonly gradient: ControllerParameters;
  /** h, o′, o and the readouts of the last string, and the gradients by them. */
  readonly layers: ControllerLayers;
  /** v, u, d, s and r of the last string, and the gradients by them. */
  readonly stack: FlatStack;
  /** n of the last string. */
  #length = 0;

  /**
   * @param design All but the parameters.
   * @param parameters Where to start; they belong to the controller from now on.
   */
  constructor(design: ControllerDesign, parameters: ControllerParameters) {
    this.design = design;
    this.parameters = parameters;
    this.gradient = createParameters(design.sizes);
    this.layers = createControllerLayers(design, parameters, this.gradient);
    this.stack = this.layers.stack;
  }

  /**
   * How many symbols the last string had.
   *
   * @throws {TypeError} If there was none.
   */
  get length(): number {
    if (this.#length === 0) throw new TypeError("Cannot go on: wanted a forward before it");
    return this.#length;
  }

  /**
   * Runs the controller over a string.
   *
   * @param string What to read and what to write.
   * @param noise Noise on the controls, none if left out.
   * @throws {RangeError} If the string is empty or longer than the design allows.
   */
  forward(string: ControllerString, noise?: ControlNoise): void {
    const { length: n, inputs, targets } = string, { longest, sizes } = this.design;
    if (!(n >= 1 && n <= longest)) {
      throw new RangeError(
        `Cannot run the controller: wanted 1 to ${longest} symbols, got ${n}`,
      );
    }
    this.#length = n;
    copyTo(this.layers.input.y, inputs, 2 * n * sizes.inputs);
    copyTo(this.layers.target, targets, 2 * n * sizes.outputs);
    for (let t = 0; t < 2 * n; t++) {
      this.#stepHidden(t);
      if (t < 2 * n - 1) this.#stepStack(t, noise);
      this.#stepOutput(t, 2 * n);
    }
  }

  /** h_t = tanh(b_h + W_x x_t + W_h h_{t−1} + W_r r_{t−1}), o′_t = tanh(b_p + W_p h_t) */
  #stepHidden(t: number): void {
    const { hidden, outputPrime, Wx, Wh, Wr, WrStart, Wp } = this.layers;
    const { bh, bp } = this.parameters;
    setBias(hidden, t + 1, bh);
    addSparseLink(Wx, t, t + 1);
    addLink(Wh, t, t + 1);
    if (t === 0) addLink(WrStart, 0, 1);
    else addLink(Wr, t - 1, t + 1);
    squashLayer("tanh", hidden, t + 1);
    setBias(outputPrime, t, bp);
    addLink(Wp, t + 1, t);
    squashLayer("tanh", outputPrime, t);
  }

  /** d_t = σ(b_d + W_d o′_t), u_t = σ(b_u + W_u o′_t), v_t = tanh(b_v + W_v o′_t), then r_t */
  #stepStack(t: number, noise?: ControlNoise): void {
    const { push, pop, value, Wd, Wu, Wv } = this.layers, { bd, bu, bv } = this.parameters;
    setBias(push, t, bd);
    addLink(Wd, t, t);
    setBias(pop, t, bu);
    addLink(Wu, t, t);
    if (noise !== undefined) {
      push.y[t] += noise.deviation * noise.normal();
      pop.y[t] += noise.deviation * noise.normal();
    }
    squashLayer("sigmoid", push, t);
    squashLayer("sigmoid", pop, t);
    setBias(value, t, bv);
    addLink(Wv, t, t);
    squashLayer("tanh", value, t);
    stepFlatStack(this.stack, t);
  }

  /** o_t = σ(b_o + W_o o′_t), and the readouts σ(A …) */
  #stepOutput(t: number, T: number): void {
    const { output, Wo, readouts } = this.layers;
    setBias(output, t, this.parameters.bo);
    addLink(Wo, t, t);
    squashLayer(this.design.output, output, t);
    for (const { guess, A, shift, unused } of readouts) {
      if (t === 0 || t >= T - unused) continue;
      setZero(guess, t);
      addLink(A, t + shift, t);
      squashLayer("sigmoid", guess, t);
    }
  }

  /**
   * Adds ∂L/∂parameters for the string of the last {@linkcode forward} to `gradient`.
   *
   * @throws {TypeError} If there was no forward.
   */
  backward(): void {
    const T = 2 * this.length, { hidden, outputPrime, read } = this.layers;
    hidden.g.fill(0, 0, (T + 1) * hidden.width);
    outputPrime.g.fill(0, 0, T * outputPrime.width);
    read.g.fill(0, 0, T * read.width);
    clearFlatStackGradient(this.stack, T);
    for (let t = T - 1; t >= 0; t--) {
      this.#reverseOutput(t, T);
      if (t < T - 1) this.#reverseStack(t);
      this.#reverseHidden(t);
    }
  }

  #reverseOutput(t: number, T: number): void {
    const { output, target, Wo, readouts } = this.layers, Y = output.width;
    for (let i = t * Y; i < (t + 1) * Y; i++) output.g[i] = (output.y[i] - target[i]) * 2 / T;
    squashLayerBackward(this.design.output, output, t);
    setBiasBackward(output, t, this.gradient.bo);
    addLinkBackward(Wo, t, t);
    for (const readout of readouts) {
      if (t > 0 && t < T - readout.unused) this.#reverseReadout(readout, t, T);
    }
  }

  #reverseReadout({ guess, A, shift, weight }: Readout, t: number, T: number): void {
    const x = this.layers.input.y, K = guess.width;
    for (let i = t * K; i < (t + 1) * K; i++) guess.g[i] = weight * (guess.y[i] - x[i - K]) * 2 / T;
    squashLayerBackward("sigmoid", guess, t);
    addLinkBackward(A, t + shift, t);
  }

  #reverseStack(t: number): void {
    const { push, pop, value, Wd, Wu, Wv } = this.layers, { bd, bu, bv } = this.gradient;
    reverseFlatStackStep(this.stack, t, this.design.stackGradient);
    squashLayerBackward("tanh", value, t);
    setBiasBackward(value, t, bv);
    addLinkBackward(Wv, t, t);
    squashLayerBackward("sigmoid", pop, t);
    setBiasBackward(pop, t, bu);
    addLinkBackward(Wu, t, t);
    squashLayerBackward("sigmoid", push, t);
    setBiasBackward(push, t, bd);
    addLinkBackward(Wd, t, t);
  }

  #reverseHidden(t: number): void {
    const { hidden, outputPrime, Wx, Wh, Wr, WrStart, Wp } = this.layers;
    squashLayerBackward("tanh", outputPrime, t);
    setBiasBackward(outputPrime, t, this.gradient.bp);
    addLinkBackward(Wp, t + 1, t);
    squashLayerBackward("tanh", hidden, t + 1);
    setBiasBackward(hidden, t + 1, this.gradient.bh);
    addSparseLinkBackward(Wx, t, t + 1);
    addLinkBackward(Wh, t, t + 1);
    if (t === 0) addLinkBackward(WrStart, 0, 1);
    else addLinkBackward(Wr, t - 1, t + 1);
  }
}

/** Copies the first `length` numbers; for so few, `set` with `subarray` takes longer. */
function copyTo(to: Float64Array, from: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) to[i] = from[i];
}
