/**
 * The layers of the recurrent controller and the links between them, made once for its longest string.
 *
 * The stack's own arrays serve as layers, so nothing is copied into it or out of it.
 *
 * @module
 */
import {
  clearFlatStackGradient,
  createFlatStack,
  type FlatStack,
  reverseFlatStackStep,
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
  /** σ(A …), row t is the guess at x_{t−1}. */
  readonly guess: Layer;
  readonly A: Link;
  /** Row t + `shift` of the layer that it reads belongs to step t. */
  readonly shift: number;
  /** How many of the last steps have nothing to read. */
  readonly unused: number;
  /** λ. */
  readonly weight: number;
}

/** Layers by their names, links by the names of their weights. Steps are rows, from 0. */
export interface ControllerLayers {
  readonly input: Layer;
  /** Row t + 1 is h_t; row 0 is what came before the string. */
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
  /** W_r, from what was read before the string. */
  readonly WrStart: Link;
  readonly Wp: Link;
  readonly Wd: Link;
  readonly Wu: Link;
  readonly Wv: Link;
  readonly Wo: Link;
  /** Those that count for something: from h_t, o′_t, v_t. */
  readonly readouts: readonly Readout[];
}

/**
 * Makes all layers and links of a controller.
 *
 * @param design Its sizes, its longest string, and what its readouts count for.
 * @param parameters The links' weights.
 * @param gradient Where the gradients by them are added up.
 * @returns Layers and links; all 0 but for what came before the string.
 */
export function createControllerLayers(
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

/** All layers, and the stack; all 0 but for h_0. */
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

/** r_0, as a layer of one step. */
function createFirstRead({ sizes, start }: ControllerDesign): Layer {
  const firstRead = createLayer(1, sizes.stackWidth);
  if (start === "one-hot") firstRead.y[0] = 1;
  return firstRead;
}

/** Those of the three readouts that count for something. */
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
    reverseFlatStackStep(this.stack, t, this.design.stackGradient);
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

/** Copies the first `length` numbers; for so few, `set` with `subarray` takes longer. */
function copyTo(to: Float64Array, from: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) to[i] = from[i];
}
