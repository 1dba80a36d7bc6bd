/**
 * The way back through the stack on typed arrays, step by step, in place.
 *
 * From the last step to the first: fill `gReads` at t, call {@linkcode reverseFlatStackStep}, take
 * `gValues`, `gPops` and `gPushes` at t.
 *
 * Two gradients can be asked for. `"exact"` is the true one, with the ties of `stack_gradient.ts`.
 * `"published"` is that of the well-known tutorial, slip by slip as in `published_gradient.ts`, kept
 * here so that its runs can be repeated.
 *
 * `T` steps at most, `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Appendix A; Trask 2016, part 4.
 *
 * @module
 */
import type { FlatStack } from "./flat_stack.ts";

/** Which gradient {@linkcode reverseFlatStackStep} follows. */
export type StackGradientKind = "exact" | "published";

/**
 * Forgets the gradients of the string before; to be called before the last step is reversed.
 *
 * @param stack Its gradients are set to 0, save for `gReads`.
 * @param steps How many steps will be reversed; all that there is room for, if left out.
 */
export function clearFlatStackGradient(stack: FlatStack, steps: number = stack.steps): void {
  stack.gValues.fill(0, 0, steps * stack.width);
  stack.gPops.fill(0, 0, steps);
  stack.gPushes.fill(0, 0, steps);
  stack.gStrengths.fill(0, 0, steps);
}

/**
 * Reverses {@linkcode stepFlatStack} at step `t`; the steps after `t` must have been reversed before.
 *
 * @example The pushed value was read whole, so it gets the read's gradient whole.
 * ```ts
 * import { createFlatStack, stepFlatStack } from "@/memory/flat_stack.ts";
 * import { clearFlatStackGradient, reverseFlatStackStep } from "@/memory/flat_stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createFlatStack(1, 1);
 * stack.values.set([4]);
 * stack.pushes.set([1]);
 * stepFlatStack(stack, 0);
 * stack.gReads.set([0.5]);
 * clearFlatStackGradient(stack);
 * reverseFlatStackStep(stack, 0, "exact");
 * assertEquals([stack.gValues[0], stack.gPushes[0]], [0.5, 2]);
 * ```
 * @param stack Its `gReads` at `t` is read; `gValues`, `gPops` and `gPushes` are added to.
 * @param t The step, from 0.
 * @param kind The true gradient, or the tutorial's.
 */
export function reverseFlatStackStep(stack: FlatStack, t: number, kind: StackGradientKind): void {
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

/** Reverses r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{j>i} s_t[j])) v_i; a tie of min belongs to s_t[i]. */
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

/** Reverses s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{j>i} s_{t−1}[j])), in place; ties pass nothing. */
function reversePop(stack: FlatStack, t: number): void {
  const { steps: T, strengths: s, gStrengths: gS } = stack;
  const before = (t - 1) * T, u = stack.pops[t];
  let above = 0;
  for (let i = t - 1; i >= 0; i--) {
    const left = s[before + i] - Math.max(0, u - above);
    if (left <= 0) gS[i] = 0;
    else if (u > above) {
      // Row i is the one in which the pop ends: all above it are gone, and shield it from the pop.
      stack.gPops[t] -= gS[i];
      for (let j = i + 1; j < t; j++) gS[j] += gS[i];
    }
    above += s[before + i];
  }
}

/** The tutorial's version of {@linkcode reverseRead}. */
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

/** The tutorial's version of {@linkcode reversePop}: every gate open, so gS[i] reaches u_t and all rows j > i. */
function reversePopAsPublished(stack: FlatStack, t: number): void {
  const gS = stack.gStrengths;
  let sum = 0;
  for (let i = 0; i < t; i++) {
    sum += gS[i];
    gS[i] = sum;
  }
  stack.gPops[t] -= sum;
}
