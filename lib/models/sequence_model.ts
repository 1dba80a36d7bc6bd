/**
 * The sequence model: layers of RNN, GRU or LSTM cells, with a memory or without one, that read a string of
 * symbols and predict the next symbol at each step.
 *
 * | symbol  | size  | what it is                                                                  |
 * | ------- | ----- | --------------------------------------------------------------------------- |
 * | x_t     |       | the symbol that is read, 0 … K − 1                                          |
 * | e_t     | E     | row x_t of the embedding                                                    |
 * | h^l_t   | H     | layer l's hidden units, from [e_t; r_{t−1}] in layer 0, from h^{l−1}_t above |
 * | o′_t    | H     | the top layer's h_t                                                         |
 * | d_t, u_t | 1    | σ(W o′_t + b + noise), the push and the pop                                 |
 * | v_t, o_t | M    | tanh(W o′_t + b), the value and the output                                  |
 * | r_t     | M     | the memory's read after pop u_t and push (v_t, d_t); r_0 = 0                |
 * | logits  | K     | W_l o_t + b_l, and + W_r r_t of all ports if the shape asks for it          |
 *
 * A deque has two ports, its top and its bottom, each with a d_t, u_t, v_t and r_t; layer 0 reads [e_t; r^top_{t−1};
 * r^bot_{t−1}]. A read acts one step later: o_t comes from o′_t, not from r_t. (With W_r, which is not in the paper, the
 * logits see it at once.) A superposition stack's d_t and u_t are two of three probabilities; see `memory_heads.ts`. h_0, and c_0 in an LSTM, are trained. Without a
 * memory layer 0 reads e_t alone, and logits = W_l o′_t + b_l; a string may then start from a state of its own, such as that
 * in which another has ended.
 *
 * This is the literal reference: one string at a time, in Float64, each forward function followed by its backward one. Its loss is in
 * `sequence_loss.ts`. Backpropagation through time walks t = T … 1 and, at each step, from the loss down to the symbol.
 * Three gradients arrive from the step after: those of each layer's h_t and c_t, of the read r_t, and of the memory's
 * state.
 *
 * `T` steps, `E` embedding width, `H` hidden units, `M` value width, `P` ports of the memory, `K` symbols.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4, Figure 1(c) and Appendix A; Werbos 1990,
 * "Backpropagation Through Time".
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";
import { referenceMemory } from "@/memory/memories.ts";
import type { ControlsGradient, Memory, TakenStep } from "@/memory/memory.ts";
import type { PortInputs } from "@/memory/port_inputs.ts";
import { accumulate, product, productBackward, sum } from "@/network/affine.ts";
import {
  type CellState,
  type CellStateGradient,
  type CellStep,
  lastStateGradient,
  startCell,
  stateAfter,
} from "@/network/cell.ts";
import { embed, embedBackward } from "@/network/embedding.ts";
import {
  type ControlsNoise,
  memoryHeads,
  memoryHeadsBackward,
  type MemoryHeadsStep,
  type PortHeadsGradient,
} from "@/network/memory_heads.ts";
import { layersBackward, startBackward, stepLayers } from "@/network/recurrent_layers.ts";
import type { LossWeights, SequenceString } from "./sequence_batch.ts";
import { checkLossWeights, checkParameters, checkString } from "./sequence_checks.ts";
import {
  AUXILIARY_PORT,
  checkTrace,
  stepLossBackward,
  type StepLossGradient,
} from "./sequence_loss.ts";
import {
  type ReadoutWeights,
  type SequenceParameters,
  type SequenceWeights,
  sequenceWeights,
} from "./sequence_parameters.ts";
import { memoryPorts, type SequenceModelShape } from "./sequence_shape.ts";

/** What the model's heads and its memory made of one symbol. */
export interface ModelMemoryStep {
  /** What the heads made of o′_t. */
  readonly heads: MemoryHeadsStep;
  /** The memory's step; its controls are the heads. */
  readonly taken: TakenStep<unknown>;
  /** r_t of all ports, one after the other, `P`·`M`. */
  readonly read: Vector;
  /** W_l v_t + b_l of `AUXILIARY_PORT`, what the value says through the output's weights, `K`. */
  readonly valueLogits: Vector;
  /** W_p v_t + b_p, what the value says of the symbol before, `K`; empty if the shape has no W_p. */
  readonly previousLogits: Vector;
}

/** What the model made of one symbol. */
export interface SequenceStep {
  /** Each layer's step, the lowest first. */
  readonly cells: readonly CellStep[];
  /** With a memory only. */
  readonly memory?: ModelMemoryStep;
  /** What the model says, `K`. */
  readonly logits: Vector;
}

/** What a port of the model's memory was asked to do, and what it read. */
export interface ModelPortTrace extends PortInputs {
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
}

/** What the model made of a string. */
export interface SequenceTrace {
  /** `T` steps. */
  readonly steps: readonly SequenceStep[];
  /** `T` × `K`. */
  readonly logits: Matrix;
  /** Of each port, `P`; none without a memory. */
  readonly ports: readonly ModelPortTrace[];
  /** Of each layer, h_T, and c_T in an LSTM. */
  readonly final: readonly CellState[];
  /** s_1 … s_T; empty lists where the memory does not keep them all, no lists without a memory. */
  readonly strengths: readonly Vector[];
}

/**
 * Runs the model over a string.
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example All parameters 0: every symbol is as likely as any other, and the stack is half pushed, half popped.
 * ```ts
 * import { runSequence } from "@/models/sequence_model.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 1, symbols: 2 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const string = { inputs: [0, 1], targets: [-1, 0] };
 * const { logits, ports, strengths } = runSequence(shape, zeroParameters(shape), string);
 * assertEquals(logits, [[0, 0], [0, 0]]);
 * assertEquals([ports[0].pushes, ports[0].pops], [[0.5, 0.5], [0.5, 0.5]]);
 * assertEquals(strengths, [[0.5], [0, 0.5]]);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param string What to read, `T` symbols.
 * @param memoryKind Its memory; the literal one of the shape's name, if left out.
 * @returns What was made of each symbol.
 * @throws {TypeError} If the parameters do not fit the shape, or lists of the string are not equally long.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function runSequence(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  string: SequenceString,
  memoryKind: Memory | undefined = referenceMemory(shape.memory, shape.memoryCells),
): SequenceTrace {
  const memory = memoryPorts(shape) > 0 ? memoryKind : undefined;
  checkParameters("run the model", shape, parameters);
  checkString("run the model", shape, string);
  const weights = sequenceWeights(shape, parameters), T = string.inputs.length;
  const steps: SequenceStep[] = [];
  let memoryState = memory?.start(shape.valueWidth, T);
  let states: readonly CellState[] = weights.cells.map((cell, l) =>
    startCell(cell, string.start?.[l])
  );
  let rPrev = noRead(shape);
  for (let t = 0; t < T; t++) {
    const e = embed(weights.embedding, shape.embedding, string.inputs[t]);
    const cells = stepLayers(weights.cells, [...e, ...rPrev], states);
    const oPrime = cells[cells.length - 1].h;
    const remembered = memory &&
      stepMemory(weights, oPrime, noiseAt(shape, string, t), memory, memoryState);
    const logits = readoutWithRead(weights, remembered?.heads.output ?? oPrime, remembered?.read);
    steps.push({ cells, memory: remembered, logits });
    states = cells;
    memoryState = remembered?.taken.after;
    rPrev = remembered?.read ?? [];
  }
  return traceOf(shape, steps, memory);
}

/** r_0 of all ports; no number without a memory. */
function noRead(shape: SequenceModelShape): Vector {
  return new Array(memoryPorts(shape) * shape.valueWidth).fill(0);
}

/** d_t, u_t and v_t of each port and o_t from o′_t, then r_t. */
function stepMemory(
  weights: SequenceWeights,
  oPrime: Vector,
  noise: readonly ControlsNoise[],
  memory: Memory,
  before: unknown,
): ModelMemoryStep {
  const heads = memoryHeads(weights.heads!, oPrime, noise), controls = heads.ports; // a memory has heads
  const { state: after, reads } = memory.step(before, controls);
  const { value } = controls[AUXILIARY_PORT], { previous } = weights;
  return {
    heads,
    taken: { before, controls, after },
    read: reads.flat(),
    valueLogits: readout(weights, value),
    previousLogits: previous ? readout(previous, value) : [],
  };
}

/** The noise of each port at step t; the lists have those of one port after those of the other. */
function noiseAt(
  shape: SequenceModelShape,
  { inputs: { length: T }, pushNoise, popNoise }: SequenceString,
  t: number,
): ControlsNoise[] {
  return Array.from({ length: memoryPorts(shape) }, (_, p) => {
    return { push: pushNoise?.[p * T + t] ?? 0, pop: popNoise?.[p * T + t] ?? 0 };
  });
}

/** W_l x + b_l, with o_t, o′_t or v_t for x. */
function readout({ Wl, bl }: ReadoutWeights, x: Vector): Vector {
  return sum(product(Wl, x), bl);
}

/** W_l x + b_l, and W_r r_t if the model's logits see it. */
function readoutWithRead(weights: SequenceWeights, x: Vector, r: Vector = []): Vector {
  const logits = readout(weights, x);
  return weights.Wr ? sum(logits, product(weights.Wr, r)) : logits;
}

function traceOf(
  shape: SequenceModelShape,
  steps: readonly SequenceStep[],
  memory: Memory | undefined,
): SequenceTrace {
  const memories = steps.flatMap(({ memory }) => memory ?? []), M = shape.valueWidth;
  return {
    steps,
    logits: steps.map(({ logits }) => logits),
    final: (steps.at(-1)?.cells ?? []).map(stateAfter),
    ports: Array.from({ length: memoryPorts(shape) }, (_, p): ModelPortTrace => ({
      values: memories.map(({ heads }) => heads.ports[p].value),
      pops: memories.map(({ heads }) => heads.ports[p].pop),
      pushes: memories.map(({ heads }) => heads.ports[p].push),
      reads: memories.map(({ read }) => read.slice(p * M, (p + 1) * M)),
    })),
    strengths: memories.map(({ taken }) => memory?.strengths(taken.after) ?? []),
  };
}

/** Weights, and their gradients. */
interface WeightsAndGradients {
  readonly w: SequenceWeights;
  readonly g: SequenceWeights;
}

/** A string's trace, with what produced it and its loss. */
export interface BackwardInputs {
  /** The model's parameters. */
  readonly parameters: SequenceParameters;
  /** The inputs and targets. */
  readonly string: SequenceString;
  /** The weights of the loss. */
  readonly weights: LossWeights;
  /** What `runSequence` returned. */
  readonly trace: SequenceTrace;
}

/**
 * Reverses `runSequence` and `sequenceLoss`: adds ∂L/∂parameters to `gradient`.
 *
 * Source: Werbos 1990, "Backpropagation Through Time"; Grefenstette et al. 2015, Appendix A.
 *
 * @example With all parameters 0 and two symbols, the target's bias is to rise and the other's to fall.
 * ```ts
 * import { runSequence, sequenceBackward } from "@/models/sequence_model.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 1, symbols: 2 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const [parameters, gradient] = [zeroParameters(shape), zeroParameters(shape)];
 * const string = { inputs: [0, 1], targets: [-1, 0] };
 * const trace = runSequence(shape, parameters, string);
 * sequenceBackward(shape, { parameters, string, weights: { outputWeight: 1 }, trace }, gradient);
 * assertEquals([...gradient["logits.bias"]], [-0.5, 0.5]);
 * ```
 * @param shape The model's shape.
 * @param run What was run, and its loss.
 * @param gradient ∂L/∂parameters, added to.
 * @param memoryKind The memory it was run with; the literal one of the shape's name, if left out.
 * @returns Of each layer, ∂L/∂ the state that the string started from; if that was h_0 and c_0, `gradient` has it too.
 * @throws {TypeError} If parameters, gradient, string or trace do not fit.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function sequenceBackward(
  shape: SequenceModelShape,
  run: BackwardInputs,
  gradient: SequenceParameters,
  memoryKind: Memory | undefined = referenceMemory(shape.memory, shape.memoryCells),
): CellStateGradient[] {
  const memory = memoryPorts(shape) > 0 ? memoryKind : undefined;
  checkRun(shape, run, gradient);
  const { parameters, string, weights, trace } = run, { embedding: E, valueWidth: M } = shape;
  const both = { w: sequenceWeights(shape, parameters), g: sequenceWeights(shape, gradient) };
  let gMemory = memory?.startBackward(trace.steps.at(-1)?.memory?.taken.after);
  let gStates = both.w.cells.map((cell, l) => lastStateGradient(cell, string.gFinal?.[l]));
  let gRead = noRead(shape); // no step takes r_T in
  for (let t = trace.steps.length - 1; t >= 0; t--) {
    const step = trace.steps[t], { cells, memory: remembered } = step;
    const oPrime = cells[cells.length - 1].h;
    const gLoss = stepLossBackward(weights, string, step, t);
    let gOPrime: Vector;
    if (memory && remembered) {
      gRead = sum(gRead, reverseRead(both, remembered.read, gLoss.gLogits));
      const gReads = remembered.taken.controls.map((_, p) => gRead.slice(p * M, (p + 1) * M));
      const { gState, gControls } = memory.backward(remembered.taken, gMemory, gReads);
      gOPrime = reverseMemory(both, oPrime, remembered, gLoss, gControls);
      gMemory = gState;
    } else gOPrime = reverseReadout(both, oPrime, gLoss.gLogits);
    const { gInput, gStatesPrev } = layersBackward(
      both.w.cells,
      both.g.cells,
      cells,
      gStates,
      gOPrime,
    );
    // the input was [e_t; r_{t−1}]
    embedBackward(both.g.embedding, string.inputs[t], gInput.slice(0, E));
    gRead = gInput.slice(E);
    gStates = gStatesPrev;
  }
  if (string.start === undefined) startBackward(both.g.cells, gStates);
  return gStates;
}

function checkRun(
  shape: SequenceModelShape,
  { parameters, string, weights, trace }: BackwardInputs,
  gradient: SequenceParameters,
): void {
  const action = "reverse the model";
  checkParameters(action, shape, parameters);
  checkParameters(action, shape, gradient);
  checkLossWeights(action, shape, weights);
  checkString(action, shape, string);
  checkTrace(action, string, trace);
}

/** y = W_l x + b_l; returns ∂L/∂x. */
function reverseReadout(
  { w, g }: { readonly w: ReadoutWeights; readonly g: ReadoutWeights },
  x: Vector,
  gY: Vector,
): Vector {
  accumulate(g.bl, gY);
  return productBackward(w.Wl, g.Wl, x, gY);
}

/** W_r r_t in the logits; returns ∂L/∂r_t of all ports. */
function reverseRead({ w, g }: WeightsAndGradients, r: Vector, gLogits: Vector): Vector {
  return w.Wr && g.Wr ? productBackward(w.Wr, g.Wr, r, gLogits) : r.map(() => 0);
}

/** o_t and a v_t through the readout, each d_t, u_t and v_t through the memory; returns ∂L/∂o′_t. */
function reverseMemory(
  both: WeightsAndGradients,
  oPrime: Vector,
  { heads }: ModelMemoryStep,
  gLoss: StepLossGradient,
  gControls: readonly ControlsGradient[],
): Vector {
  const ports = heads.ports.map(({ value }, p): PortHeadsGradient => {
    const { gPush, gPop, gValue: gStored } = gControls[p];
    const gValue = p === AUXILIARY_PORT
      ? sum(gStored, ...reverseAuxiliary(both, value, gLoss))
      : gStored;
    return { ...gLoss.ports[p], gPush, gPop, gValue };
  });
  const gOutput = reverseReadout(both, heads.output, gLoss.gLogits);
  const { w, g } = both;
  return memoryHeadsBackward(w.heads!, g.heads!, oPrime, heads, { ports, gOutput });
}

/** What the auxiliary losses make of a value; returns the parts of ∂L/∂v_t. */
function reverseAuxiliary(
  both: WeightsAndGradients,
  value: Vector,
  { gValueLogits, gPreviousLogits }: StepLossGradient,
): Vector[] {
  const { w: { previous: w }, g: { previous: g } } = both;
  const gValue = [reverseReadout(both, value, gValueLogits)];
  return w && g ? [...gValue, reverseReadout({ w, g }, value, gPreviousLogits)] : gValue;
}
