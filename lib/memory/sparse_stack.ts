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
 * **Ties**, as in `stack_gradient.ts`; every one is a comparison in this file or the next.
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
 * {@linkcode stepSparseStack}, take `reads` at t. The way back is in `sparse_stack_gradient.ts`.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3); the links are our own.
 *
 * @module
 */

/** A stack's rows and what was done to them, over at most `T` steps, and the gradients by it. */
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
