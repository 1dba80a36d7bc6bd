/**
 * The neural stack that visits only the rows it touches: the same strengths, reads and gradients as
 * `stack.ts`, at a cost per step that is the rows touched, however long the sequence; memory is linear.
 *
 * **A pop removes a run of rows from the top.** In (2), what is left of the pop when it reaches row i,
 * rem_i = max(0, u_t − Σ_{j>i} s_{t−1}[j]), is u_t at the top and falls by s[j] at every row j passed.
 * While s[j] ≤ rem_j, row j ends at 0. At the first row m with s[m] > rem_m the pop ends: it takes
 * rem_m from that row, and nothing is left for the rows below. So each row falls into one of three:
 * removed (a contiguous run from the top), cut (row m, at most one), untouched (all below). A removed
 * row never comes back, as nothing adds strength to a row; it can be unlinked.
 *
 * **Links instead of a list.** Step t removes rows from the top and puts row t there, so the row
 * beneath row t, `below[t]`, is settled at step t for good. From row t, the links lead through all rows
 * that live after step t, and the top before the pop is always row t − 1. The links are also the log of
 * removals: step t removed the rows from t − 1 down to `below[t]`, without the latter, and each still
 * has in `strengths` what it had when it was removed. Only a cut has to be written down (`cutFrom`).
 *
 * **A read stops where one unit is gathered**: in (3), room_i = max(0, 1 − Σ_{j>i} s_t[j]) falls
 * from 1 in the same way, and where it is 0, no row below has any weight.
 *
 * **Costs.** A row is pushed once and removed at most once, and a pop cuts at most one: all pops of a
 * sequence together visit at most 2T rows. A read visits as many rows as make up one unit: few, unless
 * pushes are tiny; never more than the rows that live. `popTouched` and `readTouched` count both.
 *
 * **Ties**, as in `stack.ts`; every one is a comparison in this file.
 * - s[k] = rem: removed, nothing is cut below. So is a row of strength exactly 0, by any pop, 0 included:
 *   it was the top row, so a row of strength 0 lives for the one read of its own step.
 * - rem = 0 exactly (u_t = 0, or the removed rows used it up): row m is not reached, not cut.
 * - s[k] = room: read in full, as its own strength. room = 0 exactly: no row below is read.
 * - s[t] = d_t = 1 exactly, a saturated push: read in full, the row below is not read at all.
 *
 * **Within rounding of a tie.** The reference adds up the rows above, here they are taken away one by one.
 * On numbers that add up exactly, such as multiples of 1/1024, both are equal to the last bit. On others
 * (.4 against .1 + .1 + .2) they can land on two sides of a tie. Strengths and reads, being continuous,
 * still agree to rounding; the gradients are then those of the two sides, and neither is the better one.
 *
 * `T` steps at most, `M` value width. Step by step: fill `values`, `pops` and `pushes` at t, call
 * {@linkcode stepSparseStack}, take `reads` at t. Backward: {@linkcode sparseStackStepBackward}, last step first.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3); the links are our own.
 *
 * @module
 */
import { checkMatrix, checkNonNegative, type Matrix, type Vector } from "@/math/shapes.ts";
import type { Memory } from "./memory.ts";
import type { StackGradient, StackInputs } from "./stack.ts";

/** A stack's rows and what was done to them, over at most `T` steps, and their gradients. */
export interface SparseStack {
  /** `T`, the most steps it has room for. */
  readonly steps: number;
  /** `M`. */
  readonly width: number;
  /** How many steps have been taken, and not been reversed. */
  time: number;
  /** v_t, `T` × `M`. */
  readonly values: Float64Array;
  /** u_t, `T`. */
  readonly pops: Float64Array;
  /** d_t, `T`. */
  readonly pushes: Float64Array;
  /** Row t's strength now, or, once it is removed, just before that, `T`. */
  readonly strengths: Float64Array;
  /** The row beneath row t, −1 if there is none, `T`. */
  readonly below: Int32Array;
  /** What row `below[t]` held before step t's pop took a part of it; 0 if it took none, `T`. */
  readonly cutFrom: Float64Array;
  /** r_t, `T` × `M`. */
  readonly reads: Float64Array;
  /** How many rows step t's pop removed or cut, `T`. */
  readonly popTouched: Int32Array;
  /** How many rows step t's read went through, `T`. */
  readonly readTouched: Int32Array;
  /** ∂L/∂r_t from outside the stack, `T` × `M`. */
  readonly gReads: Float64Array;
  /** ∂L/∂v_t, `T` × `M`; that of step t is complete once step t has been reversed. */
  readonly gValues: Float64Array;
  /** ∂L/∂u_t, `T`. */
  readonly gPops: Float64Array;
  /** ∂L/∂d_t, `T`. */
  readonly gPushes: Float64Array;
  /** ∂L/∂s[i] for every row i, by its strength after the step that is reversed next, `T`. */
  readonly gStrengths: Float64Array;
}

/**
 * Makes an empty stack with room for `steps` steps: 4 `T` `M` + 10 `T` numbers, and never one more.
 *
 * @example Two pushes and a pop.
 * ```ts
 * import { createSparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(3, 1);
 * stack.values.set([10, 20, 30]);
 * stack.pops.set([0, 0, 1]);
 * stack.pushes.set([1, 1, 0]);
 * for (let t = 0; t < 3; t++) stepSparseStack(stack, t);
 * assertEquals([...stack.reads], [10, 20, 10]);
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @param width `M`, a whole number of at least 1.
 * @returns The arrays, all zero.
 * @throws {RangeError} If `steps` or `width` is not a whole number of at least 1.
 */
export function createSparseStack(steps: number, width: number): SparseStack {
  if (!(Number.isInteger(steps) && steps > 0 && Number.isInteger(width) && width > 0)) {
    throw new RangeError(
      `Cannot make a stack: wanted steps and width of at least 1, got ${steps} and ${width}`,
    );
  }
  const T = steps, M = width;
  return {
    steps,
    width,
    time: 0,
    values: new Float64Array(T * M),
    pops: new Float64Array(T),
    pushes: new Float64Array(T),
    strengths: new Float64Array(T),
    below: new Int32Array(T),
    cutFrom: new Float64Array(T),
    reads: new Float64Array(T * M),
    popTouched: new Int32Array(T),
    readTouched: new Int32Array(T),
    gReads: new Float64Array(T * M),
    gValues: new Float64Array(T * M),
    gPops: new Float64Array(T),
    gPushes: new Float64Array(T),
    gStrengths: new Float64Array(T),
  };
}

/**
 * Pops, pushes and reads at step `t`; step 0 starts a new sequence in the same stack.
 *
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])), s_t[t] = d_t,
 * r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{i<j≤t} s_t[j])) v_i
 *
 * Source: Grefenstette et al. 2015, equations (2) and (3).
 *
 * @example A read of two rows; what lies below them is not visited.
 * ```ts
 * import { createSparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(3, 1);
 * stack.values.set([8, 4, 2]);
 * stack.pushes.set([1, 1, 0.5]);
 * for (let t = 0; t < 3; t++) stepSparseStack(stack, t);
 * assertEquals(stack.reads[2], 3);
 * assertEquals(stack.readTouched[2], 2);
 * ```
 * @param stack Its `values`, `pops` and `pushes` at `t` are read, its `reads` at `t` written.
 * @param t The step, from 0: the one after the last that was taken, or 0.
 * @throws {RangeError} If it is another step's turn, there is no room for one more, or the pop or push at
 * `t` is NaN, infinite or negative.
 */
export function stepSparseStack(stack: SparseStack, t: number): void {
  checkStep(stack, t);
  popRows(stack, t);
  stack.strengths[t] = stack.pushes[t];
  readRows(stack, t);
  stack.time = t + 1;
}

function checkStep({ time, steps, pops, pushes }: SparseStack, t: number): void {
  const action = "Cannot step the stack";
  if (t !== 0 && (t !== time || t >= steps)) {
    const wanted = time < steps ? `step ${time}` : `at most ${steps} steps`;
    throw new RangeError(`${action}: wanted ${wanted}, got step ${t}`);
  }
  const u = pops[t], d = pushes[t];
  if (!(u >= 0 && u < Infinity && d >= 0 && d < Infinity)) { // a NaN would pass as a pop of 0
    throw new RangeError(
      `${action}: wanted a finite pop and push of at least 0 at step ${t}, got ${u} and ${d}`,
    );
  }
}

/** Equation (2) for the rows from t − 1 down; links row t to the first that is left. */
function popRows(stack: SparseStack, t: number): void {
  const { strengths: s, below, cutFrom } = stack;
  let rem = stack.pops[t], k = t - 1, touched = 0;
  while (k >= 0 && s[k] <= rem) { // the tie belongs to the 0: row k is removed
    rem -= s[k];
    k = below[k];
    touched++;
  }
  below[t] = k;
  cutFrom[t] = 0;
  if (k >= 0 && rem > 0) { // at rem = 0 the tie belongs to the 0: row k is not reached
    cutFrom[t] = s[k];
    s[k] -= rem;
    touched++;
  }
  stack.popTouched[t] = touched;
}

/** Equation (3) for the rows from t down, for as long as there is room. */
function readRows(stack: SparseStack, t: number): void {
  const { width: M, values: V, strengths: s, reads: r, below } = stack;
  const now = t * M;
  for (let m = 0; m < M; m++) r[now + m] = 0;
  let room = 1, touched = 0;
  for (let k = t; k >= 0 && room > 0; k = below[k]) {
    const w = Math.min(s[k], room), row = k * M;
    for (let m = 0; m < M; m++) r[now + m] += w * V[row + m];
    room -= s[k];
    touched++;
  }
  stack.readTouched[t] = touched;
}

/**
 * Forgets the gradients of the sequence before; to be called before the last step is reversed.
 *
 * @param stack Its gradients are set to 0, save for `gReads`.
 * @param steps How many steps will be reversed; all that there is room for, if left out.
 */
export function clearSparseStackGradient(stack: SparseStack, steps: number = stack.steps): void {
  stack.gValues.fill(0, 0, steps * stack.width);
  stack.gPops.fill(0, 0, steps);
  stack.gPushes.fill(0, 0, steps);
  stack.gStrengths.fill(0, 0, steps);
}

/**
 * Reverses `stepSparseStack` at step `t`, and leaves the stack as it was before that step.
 *
 * @example The pushed value was read whole, so it gets the read's gradient whole.
 * ```ts
 * import { clearSparseStackGradient, createSparseStack, sparseStackStepBackward, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(1, 1);
 * stack.values.set([4]);
 * stack.pushes.set([1]);
 * stepSparseStack(stack, 0);
 * stack.gReads.set([0.5]);
 * clearSparseStackGradient(stack);
 * sparseStackStepBackward(stack, 0);
 * assertEquals([stack.gValues[0], stack.gPushes[0]], [0.5, 2]);
 * ```
 * @param stack Its `gReads` at `t` is read; `gValues`, `gPops` and `gPushes` are added to.
 * @param t The step, from 0: the last that was taken and not reversed.
 * @throws {RangeError} If it is another step's turn.
 */
export function sparseStackStepBackward(stack: SparseStack, t: number): void {
  if (stack.time === 0 || t !== stack.time - 1) refuseReverse(stack, t);
  reverseRead(stack, t);
  stack.gPushes[t] += stack.gStrengths[t]; // s_t[t] = d_t
  reversePop(stack, t);
  stack.time = t;
}

function refuseReverse({ time }: SparseStack, t: number): never {
  const wanted = time > 0 ? `step ${time - 1}, the last one taken` : "a step that was taken";
  throw new RangeError(`Cannot reverse the stack: wanted ${wanted}, got step ${t}`);
}

/** Reverses r_t = Σ_k min(s[k], room_k) v_k; a tie of min belongs to s[k]. */
function reverseRead(stack: SparseStack, t: number): void {
  const { strengths: s, below, gStrengths: gS } = stack;
  let room = 1;
  for (let k = t; k >= 0 && room > 0; k = below[k]) {
    const q = reverseReadOfRow(stack, t, k, Math.min(s[k], room));
    if (s[k] <= room) gS[k] += q;
    else for (let j = t; j !== k; j = below[j]) gS[j] -= q;
    room -= s[k];
  }
}

/** Adds w g to ∂L/∂v_k and returns ∂L/∂w = g · v_k, where g = ∂L/∂r_t. */
function reverseReadOfRow(stack: SparseStack, t: number, k: number, w: number): number {
  const { width: M, values: V, gReads: g, gValues: gV } = stack;
  const now = t * M, row = k * M;
  let q = 0;
  for (let m = 0; m < M; m++) {
    gV[row + m] += w * g[now + m];
    q += g[now + m] * V[row + m];
  }
  return q;
}

/** Reverses s_t[i] = max(0, s_{t−1}[i] − rem_i) for i < t, and brings s_{t−1} back. */
function reversePop(stack: SparseStack, t: number): void {
  const { strengths: s, below, cutFrom, gStrengths: gS } = stack;
  const m = below[t];
  let G = 0;
  if (cutFrom[t] > 0) {
    G = gS[m];
    s[m] = cutFrom[t];
  }
  stack.gPops[t] -= G;
  for (let k = t - 1; k !== m; k = below[k]) gS[k] = G; // removed rows, with the strengths they had
}

/** What a sparse stack did with its inputs. */
export interface SparseStackTrace extends StackInputs {
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
  /** How many rows each pop removed or cut, `T`. */
  readonly popTouched: Vector;
  /** How many rows each read went through, `T`. */
  readonly readTouched: Vector;
}

function rowsOf(numbers: Float64Array, width: number): Matrix {
  return Array.from(
    { length: numbers.length / width },
    (_, t) => [...numbers.subarray(t * width, (t + 1) * width)],
  );
}

/** A stack of just the right size that has been through all of `inputs`. */
function steppedStack({ values, pops, pushes }: StackInputs): SparseStack {
  const stack = createSparseStack(values.length, values[0].length);
  stack.pops.set(pops);
  stack.pushes.set(pushes);
  for (let t = 0; t < values.length; t++) {
    stack.values.set(values[t], t * stack.width);
    stepSparseStack(stack, t);
  }
  return stack;
}

function checkInputs(action: string, { values, pops, pushes }: StackInputs): void {
  checkMatrix(action, "values", values);
  checkNonNegative(action, "pops (one for each value)", pops, values.length);
  checkNonNegative(action, "pushes (one for each value)", pushes, values.length);
}

/**
 * Runs a whole sequence through an empty sparse stack: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1)–(3), Figure 1(a).
 *
 * @example It reads what the reference reads, and says how many rows that took.
 * ```ts
 * import { runSparseStack } from "@/memory/sparse_stack.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[1], [2], [0]], pops: [0, 0, 1], pushes: [1, 1, 0] };
 * const { reads, popTouched, readTouched } = runSparseStack(inputs);
 * assertEquals(reads, runStack(inputs).reads);
 * assertEquals(popTouched, [0, 0, 1]);
 * assertEquals(readTouched, [1, 1, 2]); // the last step's own row has no strength: it reads on
 * ```
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, each step's read, and how many rows it took.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseStack(inputs: StackInputs): SparseStackTrace {
  checkInputs("run the stack", inputs);
  const { values, pops, pushes } = inputs;
  if (values.length === 0) {
    return { values, pops, pushes, reads: [], popTouched: [], readTouched: [] };
  }
  const stack = steppedStack(inputs);
  const [popTouched, readTouched] = [[...stack.popTouched], [...stack.readTouched]];
  return { values, pops, pushes, reads: rowsOf(stack.reads, stack.width), popTouched, readTouched };
}

/**
 * Reverses {@linkcode runSparseStack}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * The way back undoes the way forward in place, so the sequence is run again first.
 *
 * Source: Grefenstette et al. 2015, Appendix A.
 *
 * @example The same gradient as the reference's.
 * ```ts
 * import { runSparseStackBackward } from "@/memory/sparse_stack.ts";
 * import { runStack, runStackBackward } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[2], [4]], pops: [0, 0.25], pushes: [0.75, 0.25] };
 * const gradient = runSparseStackBackward(inputs, [[0], [1]]);
 * assertEquals(gradient, runStackBackward(runStack(inputs), [[0], [1]]));
 * assertEquals(gradient.gPops, [0, -2]);
 * ```
 * @param inputs v, u and d at each of `T` steps, as given to {@linkcode runSparseStack}, or its trace.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If values, pops, pushes and `gReads` are not equally many, or not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseStackBackward(inputs: StackInputs, gReads: Matrix): StackGradient {
  const action = "reverse the stack", { values } = inputs;
  checkInputs(action, inputs);
  checkMatrix(action, "gradients of the reads", gReads, values.length, values[0]?.length);
  if (values.length === 0) return { gValues: [], gPops: [], gPushes: [] };
  const stack = steppedStack(inputs);
  for (let t = values.length - 1; t >= 0; t--) {
    stack.gReads.set(gReads[t], t * stack.width);
    sparseStackStepBackward(stack, t);
  }
  const { gPops, gPushes } = stack;
  return { gValues: rowsOf(stack.gValues, stack.width), gPops: [...gPops], gPushes: [...gPushes] };
}

/**
 * Writes out s_t of equation (2) in full, rows that are removed as 0: a look from outside, which
 * visits all rows and makes a new list.
 *
 * @example The pop of .75 removed row 1 and cut row 0.
 * ```ts
 * import { createSparseStack, sparseStrengths, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(3, 1);
 * stack.pops.set([0, 0, 0.75]);
 * stack.pushes.set([1, 0.5, 0.25]);
 * for (let t = 0; t < 3; t++) stepSparseStack(stack, t);
 * assertEquals(sparseStrengths(stack), [0.75, 0, 0.25]);
 * ```
 * @param stack A stack after any number of steps.
 * @returns s_t, t strengths, where t steps were taken last.
 */
export function sparseStrengths(stack: SparseStack): Vector {
  const s: Vector = new Array(stack.time).fill(0);
  for (let k = stack.time - 1; k >= 0; k = stack.below[k]) s[k] = stack.strengths[k];
  return s;
}

/** A sparse stack and how many steps it has been taken through; every step changes the stack itself. */
export interface SparseStackState {
  readonly stack: SparseStack;
  /** Steps taken up to here. */
  readonly time: number;
}

/**
 * The sparse stack as a {@linkcode Memory}: the same reads and gradients as the literal one, save for rounding, in time
 * and memory linear in the steps.
 *
 * @example The same read as the literal stack's.
 * ```ts
 * import { sparseStackMemory } from "@/memory/sparse_stack.ts";
 * import { stackMemory } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = [{ value: [2], pop: 0, push: 0.75 }];
 * const [sparse, literal] = [sparseStackMemory, stackMemory].map((memory) =>
 *   memory.step(memory.start(1, 1) as never, controls).reads
 * );
 * assertEquals(sparse, literal);
 * ```
 */
export const sparseStackMemory: Memory<SparseStackState, null> = {
  ports: 1,
  start: (width, steps) => ({ stack: createSparseStack(steps, width), time: 0 }),
  step({ stack, time: t }, [{ value, pop, push }]) {
    stack.values.set(value, t * stack.width);
    stack.pops[t] = pop;
    stack.pushes[t] = push;
    stepSparseStack(stack, t);
    return { state: { stack, time: t + 1 }, reads: [rowOf(stack.reads, stack.width, t)] };
  },
  strengths: () => [],
  startBackward({ stack, time }) {
    // An earlier way back has left the stack empty: its inputs are still there.
    for (let t = stack.time; t < time; t++) stepSparseStack(stack, t);
    clearSparseStackGradient(stack, time);
    return null;
  },
  backward({ before: { stack, time: t } }, _gNext, [gRead]) {
    stack.gReads.set(gRead, t * stack.width);
    sparseStackStepBackward(stack, t);
    const gValue = rowOf(stack.gValues, stack.width, t);
    return {
      gState: null,
      gControls: [{ gValue, gPop: stack.gPops[t], gPush: stack.gPushes[t] }],
    };
  },
};

function rowOf(rows: Float64Array, width: number, t: number): Vector {
  return [...rows.subarray(t * width, (t + 1) * width)];
}
