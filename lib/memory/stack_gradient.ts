/**
 * The hand-written gradient (adjoint) of the neural stack, as literal as the forward equations.
 *
 * Each function reverses one function of `stack.ts`, named in its body by the forward line that it
 * undoes. A gradient of X is called gX, has X's shape, and is the derivative of one number, the loss.
 *
 * **Ties.** max and min have no derivative where their arguments are equal. The rule here is the
 * paper's (its footnote to Appendix A): at a tie, the left argument owns the derivative. So
 * max(0, x) passes nothing at x = 0, and min(s, room) passes all of it to s at s = room. The
 * paper's own formula (18) breaks that rule where the strengths above sum to exactly 1; we keep it.
 *
 * **A misprint.** The appendix prints the derivative of s_t[i] by s_{t−1}[n] for i < n < t. It leaves
 * out n = i in the branch where the pop reaches row i; there it is 1. The right range is i ≤ n < t.
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Appendix A, with the misprint mended.
 *
 * @module
 */
import {
  checkMatrix,
  checkNonNegative,
  checkVector,
  type Matrix,
  type Vector,
} from "@/math/shapes.ts";
import { readWeights, type StackTrace } from "./stack.ts";
import { sumAbove } from "./sum_above.ts";

/** Gradients of the loss by what went into the read of one step. */
export interface ReadGradient {
  /** ∂L/∂V_t, t × `M`. */
  readonly gValues: Matrix;
  /** ∂L/∂s_t, t. */
  readonly gStrengths: Vector;
}

/** Gradients of the loss by what went into the strengths of one step. */
export interface StrengthsGradient {
  /** ∂L/∂s_{t−1}, t − 1. */
  readonly gStrengthsPrev: Vector;
  /** ∂L/∂u_t. */
  readonly gPop: number;
  /** ∂L/∂d_t. */
  readonly gPush: number;
}

/** Gradients of the loss by everything that went into a stack over `T` steps. */
export interface StackGradient {
  /** ∂L/∂v_1 … ∂L/∂v_T, `T` × `M`. */
  readonly gValues: Matrix;
  /** ∂L/∂u_1 … ∂L/∂u_T. */
  readonly gPops: Vector;
  /** ∂L/∂d_1 … ∂L/∂d_T. */
  readonly gPushes: Vector;
}

/**
 * Reverses {@linkcode readWeights}.
 *
 * With room_i = max(0, 1 − above_i), above_i = Σ_{j>i} s[j] and w_i = min(s_i, room_i):
 * where s_i ≤ room_i, ∂w_i/∂s_i = 1;
 * elsewhere, while above_i < 1, ∂w_i/∂s_j = −1 for every j > i.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the strengths' part of the read's derivative.
 *
 * @example The top row is read whole; the row below fills what the top row leaves.
 * ```ts
 * import { readWeightsBackward } from "@/memory/stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // w = [1 − s_1, s_1], so w_0 falls as the top strength s_1 grows.
 * assertEquals(readWeightsBackward([0.9, 0.6], [10, 1]), [0, 1 - 10]);
 * ```
 * @param strengths s_t, t strengths.
 * @param gWeights ∂L/∂w_t, t.
 * @returns ∂L/∂s_t, t.
 * @throws {TypeError} If there are not as many gradients as strengths.
 * @throws {RangeError} If a number is NaN or infinite, or a strength negative.
 */
export function readWeightsBackward(strengths: Vector, gWeights: Vector): Vector {
  const action = "reverse the read";
  checkNonNegative(action, "strengths", strengths);
  checkVector(action, "gradients (one for each strength)", gWeights, strengths.length);
  const [s, gW] = [strengths, gWeights];
  const gS: Vector = new Array(s.length).fill(0);
  for (let i = 0; i < s.length; i++) {
    const above = sumAbove(s, i);
    const room = Math.max(0, 1 - above);
    if (s[i] <= room) gS[i] += gW[i]; // w_i = s_i; the tie belongs to s_i
    else if (above < 1) { // w_i = 1 − above_i; at above_i = 1 the tie belongs to the 0
      for (let j = i + 1; j < s.length; j++) gS[j] -= gW[i];
    }
  }
  return gS;
}

/**
 * Reverses {@linkcode readStack}.
 *
 * r = Σ_i w_i V_i, so ∂L/∂w_i = ∂L/∂r · V_i and ∂L/∂V_i = w_i ∂L/∂r; the rest is
 * {@linkcode readWeightsBackward}.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (3).
 *
 * @example Each value is felt as much as it was read.
 * ```ts
 * import { readBackward } from "@/memory/stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { gValues, gStrengths } = readBackward([[2, 0], [0, 4]], [0.75, 0.5], [1, 1]);
 * assertEquals(gValues, [[0.5, 0.5], [0.5, 0.5]]);
 * assertEquals(gStrengths, [0, 4 - 2]);
 * ```
 * @param values V_t, t × `M`.
 * @param strengths s_t, t strengths.
 * @param gRead ∂L/∂r_t, `M`.
 * @returns ∂L/∂V_t, t × `M`, and ∂L/∂s_t, t.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite, or a strength negative.
 */
export function readBackward(values: Matrix, strengths: Vector, gRead: Vector): ReadGradient {
  const action = "reverse the read";
  checkVector(action, "strengths (one for each row of values)", strengths, values.length);
  checkMatrix(action, "values", values, values.length, gRead.length);
  checkVector(action, "gradients of the read", gRead);
  const w = readWeights(strengths);
  const gWeights = values.map((V_i) => V_i.reduce((sum, V_im, m) => sum + V_im * gRead[m], 0));
  return {
    gValues: w.map((w_i) => gRead.map((gRead_m) => w_i * gRead_m)),
    gStrengths: readWeightsBackward(strengths, gWeights),
  };
}

/**
 * Reverses {@linkcode nextStrengths}.
 *
 * With above_i = Σ_{i<j<t} s_{t−1}[j], over_i = max(0, u_t − above_i) and
 * s_t[i] = max(0, s_{t−1}[i] − over_i):
 * where s_{t−1}[i] > over_i, ∂s_t[i]/∂s_{t−1}[i] = 1; and there, if also u_t > above_i,
 * ∂s_t[i]/∂u_t = −1 and ∂s_t[i]/∂s_{t−1}[j] = 1 for every j > i.
 *
 * At most one row gets the second kind: the one that the pop reaches and does not use up.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (2), with i ≤ n < t.
 *
 * @example The pop ends inside row 0: the more the row above held, the less is taken here.
 * ```ts
 * import { strengthsBackward } from "@/memory/stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const g = strengthsBackward([0.7, 0.5], 0.9, [10, 1, 100]);
 * assertEquals(g, { gStrengthsPrev: [10, 10], gPop: -10, gPush: 100 });
 * ```
 * @param sPrev s_{t−1}, t − 1 strengths.
 * @param pop u_t, at least 0.
 * @param gStrengths ∂L/∂s_t, t.
 * @returns ∂L/∂s_{t−1}, t − 1, and ∂L/∂u_t and ∂L/∂d_t.
 * @throws {TypeError} If there is not one gradient more than there are strengths.
 * @throws {RangeError} If a number is NaN or infinite, or the pop or a strength negative.
 */
export function strengthsBackward(
  sPrev: Vector,
  pop: number,
  gStrengths: Vector,
): StrengthsGradient {
  const action = "reverse the pop and push";
  checkNonNegative(action, "strengths", sPrev);
  checkNonNegative(action, "pops", [pop]);
  checkVector(
    action,
    "gradients (one for each strength and the push)",
    gStrengths,
    sPrev.length + 1,
  );
  const [u, gS] = [pop, gStrengths];
  const gSPrev: Vector = new Array(sPrev.length).fill(0);
  let gU = 0;
  for (let i = 0; i < sPrev.length; i++) {
    const above = sumAbove(sPrev, i);
    if (sPrev[i] <= Math.max(0, u - above)) continue; // s_i = 0; the tie belongs to the 0
    gSPrev[i] += gS[i];
    if (u <= above) continue; // over_i = 0; the tie belongs to the 0
    gU -= gS[i];
    for (let j = i + 1; j < sPrev.length; j++) gSPrev[j] += gS[i];
  }
  return { gStrengthsPrev: gSPrev, gPop: gU, gPush: gS[sPrev.length] };
}

/**
 * Reverses {@linkcode runStack}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * Walks t = T … 1. A strength is felt by its own step's read and, through the next step, by every
 * later one; a value is felt by each read from its own step on.
 *
 * Source: Grefenstette et al. 2015, Appendix A.
 *
 * @example Only the last read matters; half of it comes from the first value.
 * ```ts
 * import { runStack } from "@/memory/stack.ts";
 * import { runStackBackward } from "@/memory/stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[2], [4]], pops: [0, 0], pushes: [0.75, 0.5] });
 * const { gValues, gPops, gPushes } = runStackBackward(trace, [[0], [1]]);
 * assertEquals(gValues, [[0.5], [0.5]]);
 * assertEquals(gPushes, [0, 4 - 2]);
 * assertEquals(gPops, [0, 0]);
 * ```
 * @param trace What {@linkcode runStack} returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If `gReads` has not the shape of `trace.reads`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function runStackBackward(trace: StackTrace, gReads: Matrix): StackGradient {
  const { values, pops, strengths, reads } = trace;
  checkMatrix(
    "reverse the stack",
    "gradients of the reads",
    gReads,
    reads.length,
    reads[0]?.length,
  );
  const gValues: Matrix = values.map((value) => value.map(() => 0));
  const [gPops, gPushes]: [Vector, Vector] = [[], []];
  let gSNext: Vector = new Array(values.length).fill(0); // ∂L/∂s_t, as felt from step t + 1 on
  for (let t = values.length - 1; t >= 0; t--) {
    const read = readBackward(values.slice(0, t + 1), strengths[t], gReads[t]);
    read.gValues.forEach((row, i) => row.forEach((gV_im, m) => gValues[i][m] += gV_im));
    const gS = read.gStrengths.map((g, i) => g + gSNext[i]);
    const step = strengthsBackward(strengths[t - 1] ?? [], pops[t], gS);
    gPops[t] = step.gPop;
    gPushes[t] = step.gPush;
    gSNext = step.gStrengthsPrev;
  }
  return { gValues, gPops, gPushes };
}
