/**
 * A trained network, followed step by step over a string, while the caller changes its LSTM cells: hold one of them still,
 * or set it to another value, and see what changes.
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

/**
 * Changes c_t in place, after the gates have made it and before h_t is made from it.
 *
 * @param c c_t, `H`.
 * @param t The step, from 0.
 */
export type Intervention = (c: Float64Array, t: number) => void;

/**
 * What a network did at one step. Without a memory the controls' sums are −∞ and the controls 0, the value and the read
 * have no numbers, and the output is o′_t.
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
  const action = "follow the network";
  checkKind(action, shape);
  checkParameters(action, shape, parameters);
  checkString(action, shape, { inputs: [...inputs], targets: [...inputs] });
  const weights = sequenceWeights(shape, copyAsFloat64(parameters)), [cell] = weights.cells;
  const { embedding: E, valueWidth: M } = shape, x = new Float64Array(E + M);
  const stepMemory = openMemory(weights, shape, inputs.length);
  let state = { h: cell.h0, c: cell.c0! }; // an LSTM has a c_0
  return inputs.map((symbol, t) => {
    x.set(embed(weights.embedding, E, symbol)); // [e_t; r_{t−1}]
    const { f, c, h } = stepLstm(cell, x, state, (c) => intervene(c, t));
    state = { h, c };
    const remembered = stepMemory([...h]);
    const logits = affine(weights.Wl, Float64Array.from(remembered.output), weights.bl);
    x.set(remembered.read, E);
    return { f, c, h, ...remembered, logits };
  });
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

/** An empty memory for T steps: from o′_t to what the heads make of it and what is read. */
function openMemory({ heads }: SequenceWeights, shape: SequenceModelShape, T: number) {
  const memory = sparseMemoryNamed(shape.memory);
  if (heads === undefined || memory === undefined) {
    const nothing = { pushSum: -Infinity, popSum: -Infinity, push: 0, pop: 0, value: [], read: [] };
    return (oPrime: Vector) => ({ ...nothing, output: oPrime });
  }
  let state = memory.start(shape.valueWidth, T);
  return (oPrime: Vector) => {
    const { ports, output } = memoryHeads(heads, oPrime), step = memory.step(state, ports);
    state = step.state;
    return { ...ports[0], output, read: step.reads[0] };
  };
}
