/**
 * The sequence model: layers of RNN or LSTM cells that read a string of symbols with a stack at their side, or
 * without one, and say at each step which symbol comes next.
 *
 * | symbol  | size  | what it is                                                                  |
 * | ------- | ----- | --------------------------------------------------------------------------- |
 * | x_t     |       | the symbol that is read, 0 … K − 1                                          |
 * | e_t     | E     | row x_t of the embedding                                                    |
 * | h^l_t   | H     | layer l's hidden units, from [e_t; r_{t−1}] in layer 0, from h^{l−1}_t above |
 * | o′_t    | H     | the top layer's h_t                                                         |
 * | d_t, u_t | 1    | σ(W o′_t + b + noise), the push and the pop                                 |
 * | v_t, o_t | M    | tanh(W o′_t + b), the value and the output                                  |
 * | r_t     | M     | the stack's read after pop u_t and push (v_t, d_t); r_0 = 0                 |
 * | logits  | K     | W_l o_t + b_l                                                               |
 *
 * A read acts one step later: o_t comes from o′_t, not from r_t. h_0, and c_0 in an LSTM, are learnt. Without a
 * stack layer 0 reads e_t alone, and logits = W_l o′_t + b_l.
 *
 * This is the literal reference: one string at a time, in Float64. Its loss is in `sequence_loss.ts`, its gradient
 * in `sequence_gradient.ts`.
 *
 * `T` steps, `E` embedding width, `H` hidden units, `M` value width, `K` symbols.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4 and Figure 1(c).
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";
import type { StackTrace } from "@/memory/stack.ts";
import { product, sum } from "@/network/affine.ts";
import { embed } from "@/network/embedding.ts";
import { type ControlsNoise, memoryHeads, type MemoryHeadsStep } from "@/network/memory_heads.ts";
import type { SequenceString } from "./sequence_batch.ts";
import { type CellState, type CellStep, startCell, stepCell } from "./sequence_cells.ts";
import { checkParameters, checkString } from "./sequence_checks.ts";
import type { SequenceParameters } from "./sequence_parameters.ts";
import type { SequenceModelShape } from "./sequence_shape.ts";
import {
  denseStack,
  type StackControls,
  type StackKind,
  type StackStep,
} from "./sequence_stack.ts";
import { type SequenceWeights, sequenceWeights } from "./sequence_weights.ts";

/** What the model's heads and its stack made of one symbol. */
export interface MemoryStep {
  /** What the heads made of o′_t. */
  readonly heads: MemoryHeadsStep;
  /** What the stack gave. */
  readonly stack: StackStep;
  /** W_l v_t + b_l, what the value says through the output's weights, `K`. */
  readonly valueLogits: Vector;
}

/** What the model made of one symbol. */
export interface SequenceStep {
  /** Each layer's step, the lowest first. */
  readonly cells: readonly CellStep[];
  /** With a stack only. */
  readonly memory?: MemoryStep;
  /** What the model says, `K`. */
  readonly logits: Vector;
}

/** What the model made of a string; without a stack the lists of {@linkcode StackTrace} are empty. */
export interface SequenceTrace extends StackTrace {
  /** `T` steps. */
  readonly steps: readonly SequenceStep[];
  /** `T` × `K`. */
  readonly logits: Matrix;
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
 * const { logits, pushes, pops, strengths } = runSequence(shape, zeroParameters(shape), string);
 * assertEquals(logits, [[0, 0], [0, 0]]);
 * assertEquals([pushes, pops], [[0.5, 0.5], [0.5, 0.5]]);
 * assertEquals(strengths, [[0.5], [0, 0.5]]);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param string What to read, `T` symbols.
 * @param stack How to keep the stack; the dense reference if left out.
 * @returns What was made of each symbol.
 * @throws {TypeError} If the parameters do not fit the shape, or lists of the string are not equally long.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function runSequence(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  string: SequenceString,
  stack: StackKind = denseStack,
): SequenceTrace {
  checkParameters("run the model", shape, parameters);
  checkString("run the model", shape, string);
  const weights = sequenceWeights(shape, parameters), T = string.inputs.length;
  const stepStack = shape.memory === "stack" ? stack.start(T, shape.valueWidth) : undefined;
  const steps: SequenceStep[] = [];
  let states: readonly CellState[] = weights.cells.map(startCell);
  let rPrev: Vector = new Array(shape.valueWidth).fill(0); // no number without a stack
  for (let t = 0; t < T; t++) {
    const e = embed(weights.embedding, shape.embedding, string.inputs[t]);
    const cells = stepLayers(weights, [...e, ...rPrev], states);
    const oPrime = cells[cells.length - 1].h;
    const memory = stepStack && stepMemory(weights, oPrime, noiseAt(string, t), stepStack);
    const logits = readout(weights, memory?.heads.output ?? oPrime);
    steps.push({ cells, memory, logits });
    states = cells;
    rPrev = memory?.stack.read ?? [];
  }
  return traceOf(steps);
}

/** h^l_t from h^{l−1}_t, from the lowest layer up. */
function stepLayers(
  { cells }: SequenceWeights,
  input: Vector,
  states: readonly CellState[],
): CellStep[] {
  const steps: CellStep[] = [];
  for (let l = 0; l < cells.length; l++) {
    steps.push(stepCell(cells[l], l === 0 ? input : steps[l - 1].h, states[l]));
  }
  return steps;
}

/** d_t, u_t, v_t and o_t from o′_t, then r_t. */
function stepMemory(
  weights: SequenceWeights,
  oPrime: Vector,
  noise: ControlsNoise,
  stepStack: (controls: StackControls) => StackStep,
): MemoryStep {
  const heads = memoryHeads(weights.heads!, oPrime, noise); // where there is a stack, there are heads
  return { heads, stack: stepStack(heads), valueLogits: readout(weights, heads.value) };
}

function noiseAt({ pushNoise, popNoise }: SequenceString, t: number): ControlsNoise {
  return { push: pushNoise?.[t] ?? 0, pop: popNoise?.[t] ?? 0 };
}

/** W_l x + b_l, with o_t, o′_t or v_t for x. */
function readout({ Wl, bl }: SequenceWeights, x: Vector): Vector {
  return sum(product(Wl, x), bl);
}

function traceOf(steps: readonly SequenceStep[]): SequenceTrace {
  const memories = steps.flatMap(({ memory }) => memory ?? []);
  return {
    steps,
    logits: steps.map(({ logits }) => logits),
    values: memories.map(({ heads }) => heads.value),
    pops: memories.map(({ heads }) => heads.pop),
    pushes: memories.map(({ heads }) => heads.push),
    strengths: memories.map(({ stack }) => stack.strengths),
    reads: memories.map(({ stack }) => stack.read),
  };
}
