/**
 * The backward pass that the best-known tutorial publishes for the neural stack, and its two slips.
 *
 * It is not the gradient. It is kept here, literally, because runs printed with it can be reproduced
 * with it, and because each slip can be mended by itself to see what it costs.
 *
 * **Gates that are always open.** The strengths of (2) are max(0, …) twice over, so their derivative
 * asks twice whether something is left: is the new strength above 0, did the pop reach this row?
 * The tutorial asks both of a number that has already been through max(0, …), and asks whether it is
 * at least 0. It always is. So every row, reached by the pop or not, empty or not, sends its whole
 * gradient to the pop and to every row above it.
 *
 * **Reads that are lost.** A value stays on the stack and may be read at many steps. The tutorial
 * gives each step its own copy of V_t, and takes from it only the row pushed at that step. What a
 * later read says about an earlier value is computed, and never collected.
 *
 * **Ties.** Where a strength equals the room left for it, the room owns the derivative here, against
 * the rule of `stack_gradient.ts`. That matters where pushes are exactly 1: a tie at every top row.
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 4, as read from its description.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import { readWeights, type StackGradient, type StackTrace, sumAbove } from "@/memory/stack.ts";

/** Which of the tutorial's two slips to keep. */
export interface PublishedSlips {
  /** "open": both gates of (2) let everything through, as published; "strict": only what is above 0. */
  readonly gates?: "open" | "strict";
  /** "lost": a value hears only the read of its own step, as published; "summed": every read. */
  readonly reads?: "lost" | "summed";
}

/** Reverses (3) at one step, as published: ∂L/∂V_t is returned, ∂L/∂s_t is added to `gS`. */
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

/** Reverses (2) at one step for the rows below the new one: ∂L/∂u_t is returned, the rest added to `gSPrev`. */
function publishedPopBackward(
  { sPrev, s, u }: { sPrev: Vector; s: Vector; u: number },
  gS: Vector,
  gSPrev: Vector,
  lets: (x: number) => boolean,
): number {
  let gU = 0;
  for (let i = sPrev.length - 1; i >= 0; i--) {
    if (!lets(s[i])) continue;
    gSPrev[i] += gS[i];
    if (!lets(Math.max(0, u - sumAbove(sPrev, i)))) continue;
    gU -= gS[i];
    for (let j = i + 1; j < sPrev.length; j++) gSPrev[j] += gS[i];
  }
  return gU;
}

/**
 * Runs the tutorial's backward pass over a whole sequence.
 *
 * With `{ gates: "strict", reads: "summed" }` both slips are mended, and away from ties the result is
 * that of `runStackBackward`.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 4.
 *
 * @example A pop that took nothing gets a gradient; a value read later gets none.
 * ```ts
 * import { publishedStackBackward } from "@/tutorial/published_gradient.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[2], [0]], pops: [0, 0], pushes: [0.5, 0.25] });
 * const gReads = [[0], [1]];
 * // At a pop of 0 the tie belongs to the 0: nothing passes. The published gate is open.
 * assertEquals(publishedStackBackward(trace, gReads).gPops, [0, -2]);
 * assertEquals(publishedStackBackward(trace, gReads, { gates: "strict" }).gPops, [0, 0]);
 * // The first value is half of the second read.
 * assertEquals(publishedStackBackward(trace, gReads).gValues, [[0], [0.25]]);
 * assertEquals(publishedStackBackward(trace, gReads, { reads: "summed" }).gValues, [[0.5], [0.25]]);
 * ```
 * @param trace What `runStack` returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @param slips Which slips to keep; both if left out.
 * @returns The shapes of the gradient by values, pops and pushes; not the gradient, unless both slips are mended.
 * @throws {TypeError} If `gReads` has not the shape of the reads.
 * @throws {RangeError} If a number in `gReads` is NaN or infinite.
 */
export function publishedStackBackward(
  trace: StackTrace,
  gReads: Matrix,
  { gates = "open", reads = "lost" }: PublishedSlips = {},
): StackGradient {
  const { values, pops, strengths } = trace;
  const T = values.length;
  checkMatrix("reverse the stack", "gradients of the reads", gReads, T, values[0]?.length);
  const lets = gates === "open" ? (x: number) => x >= 0 : (x: number) => x > 0;
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
    gPops[t] += publishedPopBackward(popped, gS, gStrengths[t - 1], lets);
  }
  return { gValues, gPops, gPushes };
}
