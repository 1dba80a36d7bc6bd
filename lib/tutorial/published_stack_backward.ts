/**
 * The tutorial's published backward pass of the neural stack, with its two bugs.
 *
 * It does not compute the gradient. It is kept to reproduce the runs that the tutorial prints; each bug can be fixed by
 * itself to measure its effect.
 *
 * **Open gates.** Equation (2) applies max(0, …) twice, so its derivative has two conditions: the new strength is above
 * 0, and the pop reaches this row. The tutorial tests both on numbers that are already the result of max(0, …), and
 * tests whether they are at least 0, which is always true. So every row, even if it is empty or the pop does not reach
 * it, passes its whole gradient to the pop and to every row above it.
 *
 * **Lost reads.** A value stays on the stack and may be read at many steps. The tutorial gives each step its own copy of
 * V_t and collects only the gradient of the row pushed at that step. The gradients of later reads with respect to
 * earlier values are computed and dropped.
 *
 * **Ties.** Where a strength equals the remaining unit of the read, the remainder gets the derivative here, the opposite
 * of the rule in `memory/stack.ts`. This matters where pushes are exactly 1: every top row is then a tie.
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 4, reconstructed from its description.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import { readWeights, type StackGradient, type StackTrace, sumAbove } from "@/memory/stack.ts";

/** Which of the two bugs to keep; both by default. */
export interface StackBackwardBugs {
  /** "open": both gates of (2) always pass the gradient, as published; "strict": only where they are above 0. */
  readonly gates?: "open" | "strict";
  /** "lost": a value gets a gradient only from the read of its own step, as published; "summed": from every read. */
  readonly reads?: "lost" | "summed";
}

/** Backward pass of (3) at one step, as published: returns ∂L/∂V_t and adds ∂L/∂s_t to `gS`. */
function publishedReadBackward(V: Matrix, s: Vector, gR: Vector, gS: Vector): Matrix {
  const w = readWeights(s);
  for (let i = 0; i < s.length; i++) {
    const gW = gR.reduce((sum, gR_m, m) => sum + gR_m * V[i][m], 0);
    const room = Math.max(0, 1 - sumAbove(s, i));
    if (s[i] < room) {
      gS[i] += gW;
    } else if (room > 0) {
      for (let j = i + 1; j < s.length; j++) gS[j] -= gW;
    }
  }
  return w.map((w_i) => gR.map((gR_m) => w_i * gR_m));
}

/** Backward pass of (2) at one step, for the rows below the new one: returns ∂L/∂u_t and adds ∂L/∂s_{t−1} to `gSPrev`. */
function publishedPopBackward(
  { sPrev, s, u }: { sPrev: Vector; s: Vector; u: number },
  gS: Vector,
  gSPrev: Vector,
  isOpen: (x: number) => boolean,
): number {
  let gU = 0;
  for (let i = sPrev.length - 1; i >= 0; i--) {
    if (!isOpen(s[i])) continue;
    gSPrev[i] += gS[i];
    if (!isOpen(Math.max(0, u - sumAbove(sPrev, i)))) continue;
    gU -= gS[i];
    for (let j = i + 1; j < sPrev.length; j++) gSPrev[j] += gS[i];
  }
  return gU;
}

/**
 * Runs the tutorial's backward pass over a whole sequence.
 *
 * With `{ gates: "strict", reads: "summed" }` both bugs are fixed, and the result equals that of `runStackBackward`
 * except at ties.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 4.
 *
 * @example A pop that removed nothing gets a gradient; a value gets none from later reads.
 * ```ts
 * import { publishedStackBackward } from "@/tutorial/published_stack_backward.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[2], [0]], pops: [0, 0], pushes: [0.5, 0.25] });
 * const gReads = [[0], [1]];
 * // At a pop of 0 the tie belongs to the 0: no gradient passes. The published gate is open.
 * assertEquals(publishedStackBackward(trace, gReads).gPops, [0, -2]);
 * assertEquals(publishedStackBackward(trace, gReads, { gates: "strict" }).gPops, [0, 0]);
 * // The first value is half of the second read.
 * assertEquals(publishedStackBackward(trace, gReads).gValues, [[0], [0.25]]);
 * assertEquals(publishedStackBackward(trace, gReads, { reads: "summed" }).gValues, [[0.5], [0.25]]);
 * ```
 * @param trace The result of `runStack`.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @param bugs Which bugs to keep; default: both.
 * @returns Arrays shaped like the gradients of values, pops and pushes; equal to them only if both bugs are fixed.
 * @throws {TypeError} If the shape of `gReads` is not that of the reads.
 * @throws {RangeError} If a number in `gReads` is NaN or infinite.
 */
export function publishedStackBackward(
  trace: StackTrace,
  gReads: Matrix,
  { gates = "open", reads = "lost" }: StackBackwardBugs = {},
): StackGradient {
  const { values, pops, strengths } = trace;
  const T = values.length;
  checkMatrix("reverse the stack", "gradients of the reads", gReads, T, values[0]?.length);
  const isOpen = gates === "open" ? (x: number) => x >= 0 : (x: number) => x > 0;
  const gValues = values.map((value) => value.map(() => 0));
  const gStrengths = strengths.map((s) => s.map(() => 0));
  const [gPops, gPushes]: Vector[] = [new Array(T).fill(0), new Array(T).fill(0)];
  for (let t = T - 1; t >= 0; t--) {
    const [s, gS] = [strengths[t], gStrengths[t]];
    const gV = publishedReadBackward(values, s, gReads[t], gS);
    for (let i = reads === "lost" ? t : 0; i <= t; i++) {
      gV[i].forEach((gV_im, m) => gValues[i][m] += gV_im);
    }
    gPushes[t] += gS[t];
    if (t === 0) continue;
    const popped = { sPrev: strengths[t - 1], s, u: pops[t] };
    gPops[t] += publishedPopBackward(popped, gS, gStrengths[t - 1], isOpen);
  }
  return { gValues, gPops, gPushes };
}
