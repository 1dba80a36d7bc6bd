/**
 * The tutorial's recurrent controller of a neural stack: forward pass and backpropagation through time.
 *
 * h_t = tanh(b_h + W_x x_t + W_h h_{t−1} + W_r r_{t−1}), o′_t = tanh(b_p + W_p h_t),
 * d_t = σ(b_d + W_d o′_t), u_t = σ(b_u + W_u o′_t), v_t = tanh(b_v + W_v o′_t), r_t from the stack,
 * o_t = tanh or σ of b_o + W_o o′_t
 *
 * Up to three readouts must reconstruct the previous input: σ(A_h h_t), σ(A_p o′_t) and σ(A_v v_t) predict x_{t−1}.
 *
 * L = (Σ_t ‖o_t − y_t‖² + Σ_k λ_k Σ_{t>1} ‖readout_k,t − x_{t−1}‖²) / T
 *
 * A string of n symbols has `T` = 2n steps; the stack takes no step at the last one, whose read nobody would use. All
 * arrays are allocated once, for the longest string; the stack's own arrays serve as layers, so nothing is copied into
 * or out of it. Shapes of the parameters: `controller_parameters.ts`.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4; the readouts from h_t and o′_t are those of Trask
 * 2016, "DeepMind's Neural Stack Machine", part 6.
 *
 * @module
 */
import {
  clearFlatStackGradient,
  createFlatStack,
  type FlatStack,
  flatStackStepBackward,
  stepFlatStack,
} from "./flat_stack.ts";
import {
  addLink,
  addLinkBackward,
  addSparseLink,
  addSparseLinkBackward,
  createLayer,
  type Layer,
  type Link,
  setLayerBias,
  setLayerBiasBackward,
  setZero,
  squashLayer,
  squashLayerBackward,
} from "./layers.ts";
import {
  type ControllerDesign,
  type ControllerParameters,
  type ControllerString,
  type ControlNoise,
  createParameters,
  type ParameterName,
} from "./controller_parameters.ts";

/** A readout that must reconstruct the input of the step before. */
export interface Readout {
  /** σ(A …); row t is the prediction of x_{t−1}. */
  readonly guess: Layer;
  readonly A: Link;
  /** Row t + `shift` of the layer it reads belongs to step t. */
  readonly shift: number;
  /** Number of steps at the end without a readout. */
  readonly unused: number;
  /** λ, its weight in the loss. */
  readonly weight: number;
}

/** Layers by name, and links by the names of their weights. Row t of a layer is step t, from 0. */
export interface ControllerLayers {
  readonly input: Layer;
  /** Row t + 1 is h_t; row 0 is the initial state. */
  readonly hidden: Layer;
  readonly outputPrime: Layer;
  readonly push: Layer;
  readonly pop: Layer;
  readonly value: Layer;
  readonly read: Layer;
  readonly output: Layer;
  /** y_t, T × Y. */
  readonly target: Float64Array;
  readonly stack: FlatStack;
  readonly Wx: Link;
  readonly Wh: Link;
  readonly Wr: Link;
  /** W_r, from the initial read. */
  readonly WrStart: Link;
  readonly Wp: Link;
  readonly Wd: Link;
  readonly Wu: Link;
  readonly Wv: Link;
  readonly Wo: Link;
  /** Readouts from h_t, o′_t and v_t whose weight in the loss is above 0. */
  readonly readouts: readonly Readout[];
}

/**
 * Allocates all layers and links of a controller.
 *
 * @param design Its sizes, its longest string, and the weights of its readouts in the loss.
 * @param parameters Weights of the links.
 * @param gradient Gradients of these weights, to which the backward pass adds.
 * @returns Layers and links; all 0 except the initial state and the initial read.
 */
function createControllerLayers(
  design: ControllerDesign,
  parameters: ControllerParameters,
  gradient: ControllerParameters,
): ControllerLayers {
  const layers = createLayers(design), { input, hidden, outputPrime, value, read } = layers;
  const link = (from: Layer, to: Layer, name: ParameterName): Link => {
    return { from, to, W: parameters[name], gW: gradient[name] };
  };
  return {
    ...layers,
    Wx: link(input, hidden, "Wx"),
    Wh: link(hidden, hidden, "Wh"),
    Wr: link(read, hidden, "Wr"),
    WrStart: link(createFirstRead(design), hidden, "Wr"),
    Wp: link(hidden, outputPrime, "Wp"),
    Wd: link(outputPrime, layers.push, "Wd"),
    Wu: link(outputPrime, layers.pop, "Wu"),
    Wv: link(outputPrime, value, "Wv"),
    Wo: link(outputPrime, layers.output, "Wo"),
    readouts: createReadouts(design, layers, link),
  };
}

/** Allocates all layers and the stack; all 0 except the initial state. */
function createLayers({ sizes, longest, start }: ControllerDesign) {
  const { inputs: K, hidden: H, outputPrime: P, stackWidth: M, outputs: Y } = sizes;
  const T = 2 * longest, stack = createFlatStack(T, M), hidden = createLayer(T + 1, H);
  if (start === "one-hot") hidden.y[0] = 1;
  const { pushes, gPushes, pops, gPops, values, gValues, reads, gReads } = stack;
  return {
    stack,
    input: createLayer(T, K),
    hidden,
    outputPrime: createLayer(T, P),
    push: { width: 1, y: pushes, g: gPushes },
    pop: { width: 1, y: pops, g: gPops },
    value: { width: M, y: values, g: gValues },
    read: { width: M, y: reads, g: gReads },
    output: createLayer(T, Y),
    target: new Float64Array(T * Y),
  };
}

/** Allocates the initial read, as a layer of one step. */
function createFirstRead({ sizes, start }: ControllerDesign): Layer {
  const firstRead = createLayer(1, sizes.stackWidth);
  if (start === "one-hot") firstRead.y[0] = 1;
  return firstRead;
}

/** Allocates those of the three readouts whose weight in the loss is above 0. */
function createReadouts(
  { sizes, longest, readouts }: ControllerDesign,
  { hidden, outputPrime, value }: ReturnType<typeof createLayers>,
  link: (from: Layer, to: Layer, name: ParameterName) => Link,
): Readout[] {
  const readout = (from: Layer, name: ParameterName, weight: number): Readout => {
    const guess = createLayer(2 * longest, sizes.inputs), A = link(from, guess, name);
    return { guess, A, shift: +(from === hidden), unused: +(from === value), weight };
  };
  return [
    readout(hidden, "Ah", readouts.hidden),
    readout(outputPrime, "Ap", readouts.outputPrime),
    readout(value, "Av", readouts.value),
  ].filter(({ weight }) => weight > 0);
}

/** A controller with its parameters, its gradient, and all values of the last string it was run on. */
export class RnnController {
  readonly design: ControllerDesign;
  readonly parameters: ControllerParameters;
  /** ∂L/∂parameters, summed over every {@linkcode backward} since it was last cleared. */
  readonly gradient: ControllerParameters;
  /** h, o′, o and the readouts of the last string, and their gradients. */
  readonly layers: ControllerLayers;
  /** v, u, d, s and r of the last string, and their gradients. */
  readonly stack: FlatStack;
  /** n of the last string; 0 before the first. */
  #length = 0;

  /**
   * @param design Sizes and configuration.
   * @param parameters Initial parameters; the controller keeps these arrays.
   */
  constructor(design: ControllerDesign, parameters: ControllerParameters) {
    this.design = design;
    this.parameters = parameters;
    this.gradient = createParameters(design.sizes);
    this.layers = createControllerLayers(design, parameters, this.gradient);
    this.stack = this.layers.stack;
  }

  /**
   * The number of symbols n of the last string.
   *
   * @throws {TypeError} If there was no forward pass yet.
   */
  get length(): number {
    if (this.#length === 0) {
      throw new TypeError("Cannot use the last string: wanted a forward pass first, got none");
    }
    return this.#length;
  }

  /**
   * Runs the controller over a string.
   *
   * @param string Inputs and targets.
   * @param noise Noise on pushes and pops; default: none.
   * @throws {RangeError} If the string is empty or longer than the design's `longest`.
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
    setLayerBias(hidden, t + 1, bh);
    addSparseLink(Wx, t, t + 1);
    addLink(Wh, t, t + 1);
    if (t === 0) addLink(WrStart, 0, 1);
    else addLink(Wr, t - 1, t + 1);
    squashLayer("tanh", hidden, t + 1);
    setLayerBias(outputPrime, t, bp);
    addLink(Wp, t + 1, t);
    squashLayer("tanh", outputPrime, t);
  }

  /** d_t = σ(b_d + W_d o′_t), u_t = σ(b_u + W_u o′_t), v_t = tanh(b_v + W_v o′_t), then r_t */
  #stepStack(t: number, noise?: ControlNoise): void {
    const { push, pop, value, Wd, Wu, Wv } = this.layers, { bd, bu, bv } = this.parameters;
    setLayerBias(push, t, bd);
    addLink(Wd, t, t);
    setLayerBias(pop, t, bu);
    addLink(Wu, t, t);
    if (noise !== undefined) {
      push.y[t] += noise.deviation * noise.normal();
      pop.y[t] += noise.deviation * noise.normal();
    }
    squashLayer("sigmoid", push, t);
    squashLayer("sigmoid", pop, t);
    setLayerBias(value, t, bv);
    addLink(Wv, t, t);
    squashLayer("tanh", value, t);
    stepFlatStack(this.stack, t);
  }

  /** o_t = σ(b_o + W_o o′_t), and the readouts σ(A …) */
  #stepOutput(t: number, T: number): void {
    const { output, Wo, readouts } = this.layers;
    setLayerBias(output, t, this.parameters.bo);
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
   * @throws {TypeError} If there was no forward pass.
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
    setLayerBiasBackward(output, t, this.gradient.bo);
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
    flatStackStepBackward(this.stack, t, this.design.stackGradient);
    squashLayerBackward("tanh", value, t);
    setLayerBiasBackward(value, t, bv);
    addLinkBackward(Wv, t, t);
    squashLayerBackward("sigmoid", pop, t);
    setLayerBiasBackward(pop, t, bu);
    addLinkBackward(Wu, t, t);
    squashLayerBackward("sigmoid", push, t);
    setLayerBiasBackward(push, t, bd);
    addLinkBackward(Wd, t, t);
  }

  #reverseHidden(t: number): void {
    const { hidden, outputPrime, Wx, Wh, Wr, WrStart, Wp } = this.layers;
    squashLayerBackward("tanh", outputPrime, t);
    setLayerBiasBackward(outputPrime, t, this.gradient.bp);
    addLinkBackward(Wp, t + 1, t);
    squashLayerBackward("tanh", hidden, t + 1);
    setLayerBiasBackward(hidden, t + 1, this.gradient.bh);
    addSparseLinkBackward(Wx, t, t + 1);
    addLinkBackward(Wh, t, t + 1);
    if (t === 0) addLinkBackward(WrStart, 0, 1);
    else addLinkBackward(Wr, t - 1, t + 1);
  }
}

/** Copies the first `length` numbers; faster than `set` with `subarray` for such short arrays. */
function copyTo(to: Float64Array, from: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) to[i] = from[i];
}
