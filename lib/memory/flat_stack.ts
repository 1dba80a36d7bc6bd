/**
 * The neural stack on typed arrays: the equations of `stack.ts` with running sums in place of inner
 * sums, and with every array allocated once, for models that train on millions of short strings.
 *
 * Steps are written into the arrays in order: fill `values`, `pops` and `pushes` at step t, call
 * {@linkcode stepFlatStack}, take `reads` at t. The way back is in `flat_stack_gradient.ts`.
 *
 * `T` steps at most, `M` value width. `strengths` has rows of `T` entries, of which row t uses t + 1.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3).
 *
 * @module
 */

/** A stack's whole history over at most `T` steps, and the gradients by it. */
export interface FlatStack {
  /** `T`, the most steps it has room for. */
  readonly steps: number;
  /** `M`. */
  readonly width: number;
  /** v_t, `T` × `M`. */
  readonly values: Float64Array;
  /** u_t, `T`. */
  readonly pops: Float64Array;
  /** d_t, `T`. */
  readonly pushes: Float64Array;
  /** s_t, `T` × `T`. */
  readonly strengths: Float64Array;
  /** r_t, `T` × `M`. */
  readonly reads: Float64Array;
  /** ∂L/∂r_t from outside the stack, `T` × `M`. */
  readonly gReads: Float64Array;
  /** ∂L/∂v_t, `T` × `M`; that of step t is complete once step t has been reversed. */
  readonly gValues: Float64Array;
  /** ∂L/∂u_t, `T`. */
  readonly gPops: Float64Array;
  /** ∂L/∂d_t, `T`. */
  readonly gPushes: Float64Array;
  /** ∂L/∂s_t for the one t that is being reversed, `T`. */
  readonly gStrengths: Float64Array;
}

/**
 * Makes an empty stack with room for `steps` steps.
 *
 * @example Two pushes and a pop.
 * ```ts
 * import { createFlatStack, stepFlatStack } from "@/memory/flat_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createFlatStack(3, 1);
 * stack.values.set([10, 20, 30]);
 * stack.pops.set([0, 0, 1]);
 * stack.pushes.set([1, 1, 0]);
 * for (let t = 0; t < 3; t++) stepFlatStack(stack, t);
 * assertEquals([...stack.reads], [10, 20, 10]);
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @param width `M`, a whole number of at least 1.
 * @returns The arrays, all zero.
 * @throws {RangeError} If `steps` or `width` is not a whole number of at least 1.
 */
export function createFlatStack(steps: number, width: number): FlatStack {
  if (!(Number.isInteger(steps) && steps > 0 && Number.isInteger(width) && width > 0)) {
    throw new RangeError(
      `Cannot make a stack: wanted steps and width of at least 1, got ${steps} and ${width}`,
    );
  }
  const T = steps, M = width;
  return {
    steps,
    width,
    values: new Float64Array(T * M),
    pops: new Float64Array(T),
    pushes: new Float64Array(T),
    strengths: new Float64Array(T * T),
    reads: new Float64Array(T * M),
    gReads: new Float64Array(T * M),
    gValues: new Float64Array(T * M),
    gPops: new Float64Array(T),
    gPushes: new Float64Array(T),
    gStrengths: new Float64Array(T),
  };
}

/**
 * Pops, pushes and reads at step `t`.
 *
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])), s_t[t] = d_t,
 * r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{i<j≤t} s_t[j])) v_i
 *
 * Source: Grefenstette et al. 2015, equations (2) and (3).
 *
 * @example Half of one value is read with half of another.
 * ```ts
 * import { createFlatStack, stepFlatStack } from "@/memory/flat_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createFlatStack(2, 1);
 * stack.values.set([4, 2]);
 * stack.pushes.set([1, 0.5]);
 * for (let t = 0; t < 2; t++) stepFlatStack(stack, t);
 * assertEquals(stack.reads[1], 3);
 * ```
 * @param stack Its `values`, `pops` and `pushes` at `t` are read, its `strengths` and `reads` written.
 * @param t The step, from 0.
 */
export function stepFlatStack(stack: FlatStack, t: number): void {
  const { steps: T, width: M, values: V, strengths: s, reads: r } = stack;
  const now = t * T, before = now - T, u = stack.pops[t];
  for (let i = t - 1, above = 0; i >= 0; i--) {
    s[now + i] = Math.max(0, s[before + i] - Math.max(0, u - above));
    above += s[before + i];
  }
  s[now + t] = stack.pushes[t];
  for (let m = 0; m < M; m++) r[t * M + m] = 0;
  for (let i = t, above = 0; i >= 0 && above < 1; i--) {
    const w = Math.min(s[now + i], 1 - above);
    for (let m = 0; m < M; m++) r[t * M + m] += w * V[i * M + m];
    above += s[now + i];
  }
}
