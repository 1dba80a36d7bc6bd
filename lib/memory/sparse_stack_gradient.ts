/**
 * The way back through the sparse stack: step by step, in place, visiting only the rows that the step
 * itself touched.
 *
 * From the last step to the first: fill `gReads` at t, call {@linkcode reverseSparseStackStep}, take
 * `gValues`, `gPops` and `gPushes` at t.
 *
 * **One accumulator for each row.** Going back, gS[i] means ∂L/∂s_t[i], all later steps counted. For a
 * row that step t leaves untouched, s_t[i] = s_{t−1}[i]: the derivative is 1, so ∂L/∂s_t[i] is
 * ∂L/∂s_{t−1}[i] as it stands, and nothing has to be done. The same number serves row i from the last
 * step to its own, and only the rows that a step touched are visited. A value never changes, so one gV[i]
 * gathers every read of row i, as it would in the dense equations.
 *
 * **The read**, r_t = Σ_k w_k v_k. A row read in full has w_k = s[k]: gS[k] += g · v_k. At most one row p
 * is read in part, the last: w_p = 1 − Σ_{k>p} s[k], so each row above it gets −g · v_p, and p itself none.
 *
 * **The pop.** Say that it cut row m: s_t[m] = s_{t−1}[m] + Σ_{removed k} s_{t−1}[k] − u_t. With
 * G = ∂L/∂s_t[m], the gradient is G for row m (as it stands), G for each removed row, and −G for u_t.
 * What a removed row did later is a 0, and says nothing. If no row was cut, G = 0.
 *
 * **Ties** are those of the forward pass, which decided them: a row that was removed at s[k] = rem has no
 * gradient of its own, a row that was not cut at rem = 0 passes none to the pop, and a row with s[k] = room
 * was read in full. Here only the last of these is asked again, by the same comparison.
 *
 * `T` steps at most, `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Appendix A, with `stack_gradient.ts`'s mending.
 *
 * @module
 */
import type { SparseStack } from "./sparse_stack.ts";

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
 * import { createSparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { clearSparseStackGradient, reverseSparseStackStep } from "@/memory/sparse_stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(1, 1);
 * stack.values.set([4]);
 * stack.pushes.set([1]);
 * stepSparseStack(stack, 0);
 * stack.gReads.set([0.5]);
 * clearSparseStackGradient(stack);
 * reverseSparseStackStep(stack, 0);
 * assertEquals([stack.gValues[0], stack.gPushes[0]], [0.5, 2]);
 * ```
 * @param stack Its `gReads` at `t` is read; `gValues`, `gPops` and `gPushes` are added to.
 * @param t The step, from 0: the last that was taken and not reversed.
 * @throws {RangeError} If it is another step's turn.
 */
export function reverseSparseStackStep(stack: SparseStack, t: number): void {
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
