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
  const { inputs: K, hidden: H, outputPrime: P, stackWidth: M, outputs: Y } = design.sizes;
  const T = 2 * design.longest, stack = createFlatStack(T, M);
  const input = createLayer(T, K), hidden = createLayer(T + 1, H), outputPrime = createLayer(T, P);
  const push: Layer = { width: 1, y: stack.pushes, g: stack.gPushes };
  const pop: Layer = { width: 1, y: stack.pops, g: stack.gPops };
  const value: Layer = { width: M, y: stack.values, g: stack.gValues };
  const read: Layer = { width: M, y: stack.reads, g: stack.gReads };
  const firstRead = createLayer(1, M), output = createLayer(T, Y);
  if (design.start === "one-hot") hidden.y[0] = firstRead.y[0] = 1;

  const link = (from: Layer, to: Layer, name: ParameterName): Link => {
    return { from, to, W: parameters[name], gW: gradient[name] };
  };
  const readout = (from: Layer, name: ParameterName, weight: number): Readout => {
    const guess = createLayer(T, K);
    const shift = from === hidden ? 1 : 0, unused = from === value ? 1 : 0;
    return { guess, A: link(from, guess, name), shift, unused, weight };
  };
  const readouts = [
    readout(hidden, "Ah", design.readouts.hidden),
    readout(outputPrime, "Ap", design.readouts.outputPrime),
    readout(value, "Av", design.readouts.value),
  ];
  return {
    ...{ input, hidden, outputPrime, push, pop, value, read, output, stack },
    target: new Float64Array(T * Y),
    Wx: link(input, hidden, "Wx"),
    Wh: link(hidden, hidden, "Wh"),
    Wr: link(read, hidden, "Wr"),
    WrStart: link(firstRead, hidden, "Wr"),
    Wp: link(hidden, outputPrime, "Wp"),
    Wd: link(outputPrime, push, "Wd"),
    Wu: link(outputPrime, pop, "Wu"),
    Wv: link(outputPrime, value, "Wv"),
    Wo: link(outputPrime, output, "Wo"),
    readouts: readouts.filter(({ weight }) => weight > 0),
  };
}
