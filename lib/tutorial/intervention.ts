/**
 * A trained network, followed step by step over a string or while it answers one, while the caller changes its LSTM cells or
 * the controls that its memory gets: hold a cell still, forbid a push, and see what changes.
 *
 * The equations are those of `sequence_model.ts`, for one layer of LSTM, with a memory of one port or without a memory.
 * Matrices are multiplied in typed arrays and the memory is a sparse one, so that strings of many thousand symbols can be
 * followed.
 *
 * `T` steps, `E` embedding width, `H` hidden units, `M` value width, `K` symbols.
 *
 * @module
 */
import { sigmoid, tanh } from "@/math/activations.ts";
import type { Vector } from "@/math/shapes.ts";
import { sparseMemoryNamed } from "@/memory/memories.ts";
import type { Controls } from "@/memory/memory.ts";
import { checkParameters, checkString } from "@/models/sequence_checks.ts";
import {
  copyAsFloat64,
  type SequenceWeights,
  sequenceWeights,
} from "@/models/sequence_parameters.ts";
import { memoryPorts, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { embed } from "@/network/embedding.ts";
import type { LstmWeights } from "@/network/lstm_cell.ts";
import { memoryHeads, type PortHeadsStep } from "@/network/memory_heads.ts";
import { answerPairs } from "@/tasks/decoding.ts";
import type { Pair } from "@/tasks/task.ts";
import type { TrainedModel } from "@/weights/trained_model.ts";

/**
 * Changes c_t in place, after the gates have made it and before h_t is made from it.
 *
 * @param c c_t, `H`.
 * @param t The step, from 0.
 */
export type Intervention = (c: Float64Array, t: number) => void;

/**
 * Replaces d_t, u_t and v_t, after the heads have made them and before the memory gets them.
 *
 * @param controls Those of the network.
 * @param t The step, from 0.
 * @returns Those that the memory gets.
 */
export type ControlsIntervention = (controls: Controls, t: number) => Controls;

/** What to change in a network; what is left out stays as it is. */
export interface Interventions {
  readonly cells?: Intervention;
  /** Not called without a memory. */
  readonly controls?: ControlsIntervention;
}

/**
 * What a network did at one step; the controls are those that the memory got, their sums the network's own. Without a memory
 * the sums are −∞ and the controls 0, the value and the read have no numbers, and the output is o′_t.
 */
export interface FollowedStep extends PortHeadsStep {
  /** o_t, `M`. */
  readonly output: Vector;
  /** f_t, the forget gates, `H`. */
  readonly f: Float64Array;
  /** c_t, as the intervention has left it, `H`. */
  readonly c: Float64Array;
  /** h_t, `H`. */
  readonly h: Float64Array;
  /** r_t, `M`. */
  readonly read: Vector;
  /** What the network says, `K`. */
  readonly logits: Float64Array;
}

/**
 * Follows a network over a string, in Float64.
 *
 * c_t = f c_{t−1} + i g, then the intervention, then h_t = o tanh(c_t); everything else as in `runSequence`
 *
 * Source: Hochreiter and Schmidhuber 1997 and Gers et al. 2000 for the LSTM; Grefenstette et al. 2015,
 * arXiv:1506.02516, section 3.4, for the heads and the stack.
 *
 * @example Unit 2 is held at 0 from step 1 on; nothing before that changes.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { followNetwork } from "@/tutorial/intervention.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 3, valueWidth: 2, symbols: 5 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const parameters = initialParameters(shape, seededRandom(1));
 * const left = followNetwork(shape, parameters, [0, 3, 1]);
 * const held = followNetwork(shape, parameters, [0, 3, 1], (c, t) => {
 *   if (t >= 1) c[2] = 0;
 * });
 * assertEquals(held[0], left[0]);
 * assertEquals([held[1].c[2], held[1].h[2]], [0, 0]);
 * assertNotEquals(held[1].logits, left[1].logits);
 * ```
 * @param shape The network's shape: one layer of LSTM, with a memory of one port or without a memory.
 * @param parameters Its parameters, in Float32 or Float64.
 * @param inputs The symbols that it is fed, `T`.
 * @param intervene Changes its cells; if left out, nothing does.
 * @returns What it did at each step, `T`.
 * @throws {TypeError} If the network is not of that kind, or the parameters do not fit its shape.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the network's, or there is none.
 */
export function followNetwork(
  shape: SequenceModelShape,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  inputs: readonly number[],
  intervene: Intervention = () => {},
): FollowedStep[] {
  const step = openNetwork({ shape, parameters }, { cells: intervene }, inputs);
  return inputs.map(step);
}

/** An answer of a network, and how it came about. */
export interface FollowedAnswer {
  /** What it wrote, with the terminator if there was one. */
  readonly answer: Int32Array;
  /** The symbol that it was fed at each step, `T`. */
  readonly fed: readonly number[];
  /** What it did at each step, `T`. */
  readonly steps: readonly FollowedStep[];
}

/**
 * Lets a network answer the source of a pair, in Float64, and follows it.
 *
 * In an autoregressive task the network is fed what it has written itself, so an intervention may change what it is fed.
 *
 * @example A network whose memory never gets anything reads nothing.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { copyTask } from "@/tasks/copy.ts";
 * import { followAnswer } from "@/tutorial/intervention.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), sizes = { layers: 1, hidden: 4, embedding: 3, valueWidth: 2 };
 * const shape = { cell: "lstm", memory: "queue", ...sizes, symbols: task.vocabulary.size } as const;
 * const parameters = initialParameters(shape, seededRandom(1));
 * const { steps } = followAnswer({ task, shape, parameters }, task.pairOf!([0, 1]), {
 *   controls: (controls) => ({ ...controls, push: 0 }),
 * });
 * assertEquals(steps.flatMap(({ push, read }) => [push, ...read]).filter((x) => x !== 0), []);
 * ```
 * @param network Its task, its shape (one layer of LSTM, with a memory of one port or without a memory) and its parameters.
 * @param pair Its source is answered.
 * @param interventions Change its cells, or the controls that its memory gets.
 * @returns The answer, and what the network did.
 * @throws {TypeError} If the network is not of that kind, or the parameters do not fit its shape.
 * @throws {RangeError} If a number is NaN or infinite, or a symbol is not the network's.
 */
export function followAnswer(
  { task, shape, parameters }: FollowedModel,
  pair: Pair,
  interventions: Interventions = {},
): FollowedAnswer {
  const { inputs } = task.layOut(pair), k = pair.source.length;
  const room = task.autoregressive
    ? Math.max(inputs.length, k + 2 + task.longestTarget(k))
    : inputs.length;
  const step = openNetwork({ shape, parameters }, interventions, inputs, room);
  const fed: number[] = [], steps: FollowedStep[] = [];
  const [answer] = answerPairs(
    {
      start() {},
      step([symbol]) {
        steps.push(step(symbol, fed.length));
        fed.push(symbol);
        return Float32Array.from(steps.at(-1)!.logits);
      },
    },
    task,
    [pair],
  );
  return { answer, fed, steps };
}

/** A network and its task. */
export interface FollowedModel extends Pick<TrainedModel, "task" | "shape"> {
  /** In Float32 or Float64. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
}

/** A network before its first step, with room for a number of steps: a function that feeds it the symbol of step t. */
function openNetwork(
  { shape, parameters }: Omit<FollowedModel, "task">,
  { cells = () => {}, controls = (controls) => controls }: Interventions,
  inputs: readonly number[],
  room = inputs.length,
): (symbol: number, t: number) => FollowedStep {
  const action = "follow the network";
  checkKind(action, shape);
  checkParameters(action, shape, parameters);
  checkString(action, shape, { inputs: [...inputs], targets: [...inputs] });
  const weights = sequenceWeights(shape, copyAsFloat64(parameters)), [cell] = weights.cells;
  const { embedding: E, valueWidth: M } = shape, x = new Float64Array(E + M);
  const stepMemory = openMemory(weights, shape, room);
  let state = { h: cell.h0, c: cell.c0! }; // an LSTM has a c_0
  return (symbol, t) => {
    x.set(embed(weights.embedding, E, symbol)); // [e_t; r_{t−1}]
    const { f, c, h } = stepLstm(cell, x, state, (c) => cells(c, t));
    state = { h, c };
    const remembered = stepMemory([...h], (own) => controls(own, t));
    x.set(remembered.read, E);
    const read = x.subarray(E), logits = logitsOf(weights, remembered.output, read);
    return { f, c, h, ...remembered, logits };
  };
}

function checkKind(action: string, shape: SequenceModelShape): void {
  const { cell, layers, memory } = shape, ports = memoryPorts(shape);
  if (cell !== "lstm" || layers !== 1) {
    throw new TypeError(`Cannot ${action}: wanted 1 layer of lstm, got ${layers} of ${cell}`);
  }
  if (ports > 1) {
    throw new TypeError(`Cannot ${action}: wanted a memory of 1 port, got a ${memory} of ${ports}`);
  }
}

/**
 * W x + b, as `affine.ts` has it, but several times as fast: all are typed arrays, and four rows are summed at a time,
 * since each addition waits for the one before it in its row.
 */
function affine(W: Float64Array, x: Float64Array, b: Float64Array): Float64Array {
  const y = b.slice(), I = x.length, J = y.length, fours = J - J % 4;
  for (let j = 0; j < fours; j += 4) {
    const k0 = j * I, k1 = k0 + I, k2 = k1 + I, k3 = k2 + I;
    let y0 = y[j], y1 = y[j + 1], y2 = y[j + 2], y3 = y[j + 3];
    for (let i = 0; i < I; i++) {
      const x_i = x[i];
      y0 += W[k0 + i] * x_i;
      y1 += W[k1 + i] * x_i;
      y2 += W[k2 + i] * x_i;
      y3 += W[k3 + i] * x_i;
    }
    y[j] = y0;
    y[j + 1] = y1;
    y[j + 2] = y2;
    y[j + 3] = y3;
  }
  for (let j = fours; j < J; j++) {
    for (let i = 0; i < I; i++) y[j] += W[j * I + i] * x[i];
  }
  return y;
}

/** W_l o_t + b_l, and W_r r_t if the logits see the reads. */
function logitsOf({ Wl, bl, Wr }: SequenceWeights, output: Vector, read: Float64Array) {
  const logits = affine(Wl, Float64Array.from(output), bl);
  return Wr ? affine(Wr, read, logits) : logits;
}

/** `lstmCell`, in typed arrays. */
function stepLstm(
  { Wih, Whh, b }: LstmWeights,
  x: Float64Array,
  before: { readonly h: Float64Array; readonly c: Float64Array },
  intervene: (c: Float64Array) => void,
) {
  const a = affine(Whh, before.h, affine(Wih, x, b)), H = before.h.length;
  const i = a.subarray(0, H).map(sigmoid);
  const f = a.subarray(H, 2 * H).map(sigmoid);
  const g = a.subarray(2 * H, 3 * H).map(tanh);
  const o = a.subarray(3 * H).map(sigmoid);
  const c = f.map((f_k, k) => f_k * before.c[k] + i[k] * g[k]);
  intervene(c);
  const h = c.map((c_k, k) => o[k] * tanh(c_k));
  return { f, c, h };
}

/** An empty memory for T steps: from o′_t to what the heads make of it, as it was changed, and what is read. */
function openMemory({ heads }: SequenceWeights, shape: SequenceModelShape, T: number) {
  const memory = sparseMemoryNamed(shape.memory, shape.memoryCells);
  if (heads === undefined || memory === undefined) {
    const nothing = { pushSum: -Infinity, popSum: -Infinity, push: 0, pop: 0, value: [], read: [] };
    return (oPrime: Vector) => ({ ...nothing, output: oPrime });
  }
  let state = memory.start(shape.valueWidth, T);
  return (oPrime: Vector, change: (controls: Controls) => Controls) => {
    const { ports: [port], output } = memoryHeads(heads, oPrime);
    const changed = { ...port, ...change(port) }, step = memory.step(state, [changed]);
    state = step.state;
    return { ...changed, output, read: step.reads[0] };
  };
}
