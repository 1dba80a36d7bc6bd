/**
 * The neural stack on preallocated typed arrays, forward and backward: the equations of `memory/stack.ts` with running
 * sums in place of inner sums, for models that train on millions of short strings.
 *
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])), s_t[t] = d_t,
 * r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{i<j≤t} s_t[j])) v_i
 *
 * Forward, for each t in order: fill `values`, `pops` and `pushes` at t, call {@linkcode stepFlatStack}, use `reads` at t.
 * Backward: call {@linkcode clearFlatStackGradient}, then for each t from the last: fill `gReads` at t, call
 * {@linkcode flatStackStepBackward}, use `gValues`, `gPops` and `gPushes` at t.
 *
 * `T` steps at most, `M` value width. `strengths` has rows of `T` entries, of which row t uses t + 1.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3). The published gradient is that of Trask 2016,
 * "DeepMind's Neural Stack Machine", part 4; see `published_stack_backward.ts`.
 *
 * @module
 */

/** The values of a stack at all of at most `T` steps, and their gradients. */
export interface FlatStack {
  /** `T`, the maximum number of steps. */
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
 * Allocates a stack of at most `steps` steps.
 *
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
 * @example The read blends half of one value with half of another.
 * ```ts
 * import { createFlatStack, stepFlatStack } from "@/tutorial/flat_stack.ts";
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
  const row = t * T, previous = row - T, u = stack.pops[t];
  for (let i = t - 1, above = 0; i >= 0; i--) {
    s[row + i] = Math.max(0, s[previous + i] - Math.max(0, u - above));
    above += s[previous + i];
  }
  s[row + t] = stack.pushes[t];
  for (let m = 0; m < M; m++) r[t * M + m] = 0;
  for (let i = t, above = 0; i >= 0 && above < 1; i--) {
    const w = Math.min(s[row + i], 1 - above);
    for (let m = 0; m < M; m++) r[t * M + m] += w * V[i * M + m];
    above += s[row + i];
  }
}

/** The gradient that {@linkcode flatStackStepBackward} computes: the true one, or the tutorial's. */
export type StackGradientKind = "exact" | "published";

/**
 * Clears the gradients of the previous string; call it before the backward pass.
 *
 * @param stack Its gradients, except `gReads`, are set to 0.
 * @param steps Number of steps of the backward pass; default: `T`.
 */
export function clearFlatStackGradient(stack: FlatStack, steps: number = stack.steps): void {
  stack.gValues.fill(0, 0, steps * stack.width);
  stack.gPops.fill(0, 0, steps);
  stack.gPushes.fill(0, 0, steps);
  stack.gStrengths.fill(0, 0, steps);
}

/**
 * Backward pass of {@linkcode stepFlatStack} at step `t`; call it from the last step to the first.
 *
 * @example The pushed value was read in full, so it gets the full gradient of the read.
 * ```ts
 * import { clearFlatStackGradient, createFlatStack, flatStackStepBackward, stepFlatStack } from "@/tutorial/flat_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createFlatStack(1, 1);
 * stack.values.set([4]);
 * stack.pushes.set([1]);
 * stepFlatStack(stack, 0);
 * stack.gReads.set([0.5]);
 * clearFlatStackGradient(stack);
 * flatStackStepBackward(stack, 0, "exact");
 * assertEquals([stack.gValues[0], stack.gPushes[0]], [0.5, 2]);
 * ```
 * @param stack Its `gReads` at `t` is read; `gValues`, `gPops` and `gPushes` are added to.
 * @param t The step, from 0.
 * @param kind Which gradient.
 */
export function flatStackStepBackward(stack: FlatStack, t: number, kind: StackGradientKind): void {
  if (kind === "exact") {
    reverseRead(stack, t);
    stack.gPushes[t] += stack.gStrengths[t]; // s_t[t] = d_t
    reversePop(stack, t);
  } else {
    reverseReadAsPublished(stack, t);
    stack.gPushes[t] += stack.gStrengths[t];
    reversePopAsPublished(stack, t);
  }
}

/** ∂L/∂w_t[i] = g · v_i, where w_t[i] is the weight of row i in the read of step t. */
function gReadWeight(stack: FlatStack, t: number, i: number): number {
  const { width: M, values: V, gReads: g } = stack;
  let q = 0;
  for (let m = 0; m < M; m++) q += g[t * M + m] * V[i * M + m];
  return q;
}

function addToValueGradient(stack: FlatStack, t: number, i: number, w: number): void {
  const { width: M, gReads: g, gValues } = stack;
  for (let m = 0; m < M; m++) gValues[i * M + m] += w * g[t * M + m];
}

/** Backward pass of r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{j>i} s_t[j])) v_i; at a tie of min, s_t[i] gets the gradient. */
function reverseRead(stack: FlatStack, t: number): void {
  const { steps: T, strengths: s, gStrengths: gS } = stack;
  for (let i = t, above = 0; i >= 0 && above < 1; i--) {
    const s_i = s[t * T + i], room = 1 - above, q = gReadWeight(stack, t, i);
    addToValueGradient(stack, t, i, Math.min(s_i, room));
    if (s_i <= room) gS[i] += q;
    else for (let j = i + 1; j <= t; j++) gS[j] -= q;
    above += s_i;
  }
}

/** Backward pass of s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{j>i} s_{t−1}[j])), in place; ties pass no gradient. */
function reversePop(stack: FlatStack, t: number): void {
  const { steps: T, strengths: s, gStrengths: gS } = stack;
  const previous = (t - 1) * T, u = stack.pops[t];
  let above = 0;
  for (let i = t - 1; i >= 0; i--) {
    const rest = s[previous + i] - Math.max(0, u - above);
    if (rest <= 0) gS[i] = 0;
    else if (u > above) {
      // The pop ends in row i: it emptied all rows above, whose strengths were subtracted from it.
      stack.gPops[t] -= gS[i];
      for (let j = i + 1; j < t; j++) gS[j] += gS[i];
    }
    above += s[previous + i];
  }
}

/** The tutorial's version of {@linkcode reverseRead}: a value gets a gradient only from the read of its own step. */
function reverseReadAsPublished(stack: FlatStack, t: number): void {
  const { steps: T, strengths: s, gStrengths: gS } = stack;
  addToValueGradient(stack, t, t, Math.min(s[t * T + t], 1));
  for (let i = t, above = 0; i >= 0 && above < 1; i--) {
    const s_i = s[t * T + i], room = 1 - above, q = gReadWeight(stack, t, i);
    if (s_i < room) gS[i] += q;
    else for (let j = i + 1; j <= t; j++) gS[j] -= q;
    above += s_i;
  }
}

/** The tutorial's version of {@linkcode reversePop}: every gate is open, so gS[i] reaches u_t and all rows j > i. */
function reversePopAsPublished(stack: FlatStack, t: number): void {
  const gS = stack.gStrengths;
  let sum = 0;
  for (let i = 0; i < t; i++) {
    sum += gS[i];
    gS[i] = sum;
  }
  stack.gPops[t] -= sum;
}
