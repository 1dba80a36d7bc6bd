/**
 * The layers of the recurrent controller and the links between them, made once for its longest string.
 *
 * The stack's own arrays serve as layers, so nothing is copied into it or out of it.
 *
 * @module
 */
import { createFlatStack, type FlatStack } from "@/memory/flat_stack.ts";
import { createLayer, type Layer, type Link } from "@/network/layer.ts";
import type { ControllerDesign } from "./rnn_controller_design.ts";
import type { ControllerParameters, ParameterName } from "./rnn_controller_parameters.ts";

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
