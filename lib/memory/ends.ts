/**
 * Pops and reads at one end of a line of rows, each with its hand-written adjoint: what the literal stack, queue and deque
 * share.
 *
 * The rows lie in a line from the bottom, row 0, to the top. A stack pops and reads at the top, a queue at the bottom, a
 * deque at both. In the equations, the rows beyond row i are those between it and the end where strength is popped or
 * read: j > i at the top, j < i at the bottom.
 *
 * beyond_i = Σ_{j>i} s[j] at the top, Σ_{j<i} s[j] at the bottom
 *
 * This is the reference: equations as they are printed, every row at every step, unchecked. `stack.ts`, `queue.ts` and
 * `deque.ts` check their inputs once, and say which equations of the paper these are.
 *
 * **Ties.** max and min have no derivative where their arguments are equal. The rule here is the paper's (its footnote to
 * Appendix A): at a tie, the left argument owns the derivative. So max(0, x) passes nothing at x = 0, and min(s, room)
 * passes all of it to s at s = room.
 *
 * `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3 and Appendix A.
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";

/** An end of a line of rows: the bottom, before row 0, or the top, after the last row. */
export type End = "top" | "bottom";

/** The ends that one port of a memory uses. */
export interface PortEnds {
  /** Where it pushes. */
  readonly pushes: End;
  /** Where it pops and reads. */
  readonly pops: End;
}

/** V_t and s_t, bottom row first; or their gradients. */
export interface Rows {
  /** A row for each value, each `M` wide. */
  readonly values: Matrix;
  /** One for each row. */
  readonly strengths: Vector;
}

/** Gradients of the loss with respect to what {@linkcode popAt} is given. */
export interface PopGradient {
  /** ∂L/∂s before the pop. */
  readonly gStrengths: Vector;
  /** ∂L/∂u. */
  readonly gPop: number;
}

/**
 * Adds up what lies beyond a row: between it and an end.
 *
 * Σ_{j>i} s[j] at the top, Σ_{j<i} s[j] at the bottom
 *
 * Source: Grefenstette et al. 2015, the inner sums of equations (2)–(5).
 *
 * @example Beyond the middle of three rows lies one row at each end.
 * ```ts
 * import { sumBeyond } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sumBeyond([0.25, 0.5, 1], 1, "top"), 1);
 * assertEquals(sumBeyond([0.25, 0.5, 1], 1, "bottom"), 0.25);
 * ```
 * @param strengths Of all rows, bottom row first.
 * @param i The row, from 0 at the bottom.
 * @param end The end.
 * @returns The sum, added from the row's neighbour outwards.
 */
export function sumBeyond(strengths: Vector, i: number, end: End): number {
  const outwards = outwardsTo(end);
  let sum = 0;
  for (let j = i + outwards; j >= 0 && j < strengths.length; j += outwards) sum += strengths[j];
  return sum;
}

/** From a row to its neighbour on the side of an end. */
function outwardsTo(end: End): 1 | -1 {
  return end === "top" ? 1 : -1;
}

/**
 * Pops strength at one end, from there inwards.
 *
 * s[i] ← max(0, s[i] − max(0, u − beyond_i))
 *
 * Source: Grefenstette et al. 2015, equation (2) for the top, (4) for the bottom.
 *
 * @example A pop of 0.75 at the bottom takes all of row 0 and half of row 1.
 * ```ts
 * import { popAt } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(popAt([0.5, 0.5, 1], 0.75, "bottom"), [0, 0.25, 1]);
 * assertEquals(popAt([0.5, 0.5, 1], 0.75, "top"), [0.5, 0.5, 0.25]);
 * ```
 * @param strengths s before the pop, bottom row first.
 * @param pop u, at least 0.
 * @param end Where it pops.
 * @returns s after the pop.
 */
export function popAt(strengths: Vector, pop: number, end: End): Vector {
  const s = strengths, u = pop;
  return s.map((s_i, i) => Math.max(0, s_i - Math.max(0, u - sumBeyond(s, i, end))));
}

/**
 * Reverses {@linkcode popAt}.
 *
 * With over_i = max(0, u − beyond_i):
 * where s[i] > over_i, ∂s′[i]/∂s[i] = 1; and there, if also u > beyond_i,
 * ∂s′[i]/∂u = −1 and ∂s′[i]/∂s[j] = 1 for every row j beyond i.
 *
 * At most one row gets the second kind: the one that the pop reaches and does not use up.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (2), with i ≤ n < t.
 *
 * @example The pop ends inside row 1: the more row 0 held, the less is taken there.
 * ```ts
 * import { popAtBackward } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const g = popAtBackward([0.5, 0.5, 1], 0.75, [1, 10, 100], "bottom");
 * assertEquals(g, { gStrengths: [10, 10, 100], gPop: -10 });
 * ```
 * @param strengths s before the pop.
 * @param pop u.
 * @param gAfter ∂L/∂s after the pop.
 * @param end Where it popped.
 * @returns ∂L/∂s before the pop, and ∂L/∂u.
 */
export function popAtBackward(
  strengths: Vector,
  pop: number,
  gAfter: Vector,
  end: End,
): PopGradient {
  const s = strengths, u = pop, outwards = outwardsTo(end);
  const gS: Vector = new Array(s.length).fill(0);
  let gU = 0;
  for (let i = 0; i < s.length; i++) {
    const beyond = sumBeyond(s, i, end);
    if (s[i] <= Math.max(0, u - beyond)) continue; // s′_i = 0; the tie belongs to the 0
    gS[i] += gAfter[i];
    if (u <= beyond) continue; // over_i = 0; the tie belongs to the 0
    gU -= gAfter[i];
    for (let j = i + outwards; j >= 0 && j < s.length; j += outwards) gS[j] += gAfter[i];
  }
  return { gStrengths: gS, gPop: gU };
}

/**
 * How much of each row lies within one unit of strength from an end.
 *
 * w[i] = min(s[i], max(0, 1 − beyond_i))
 *
 * Source: Grefenstette et al. 2015, the factor before V_t[i] in equation (3) for the top, (5) for the bottom.
 *
 * @example From the bottom, row 0 gives all that it has, row 1 what is missing, row 2 nothing.
 * ```ts
 * import { readWeightsAt } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readWeightsAt([0.25, 1, 0.5], "bottom"), [0.25, 0.75, 0]);
 * assertEquals(readWeightsAt([0.25, 1, 0.5], "top"), [0, 0.5, 0.5]);
 * ```
 * @param strengths s_t, bottom row first.
 * @param end Where it reads.
 * @returns The weights, each at least 0, together at most 1.
 */
export function readWeightsAt(strengths: Vector, end: End): Vector {
  const s = strengths;
  return s.map((s_i, i) => Math.min(s_i, Math.max(0, 1 - sumBeyond(s, i, end))));
}

/**
 * Reverses {@linkcode readWeightsAt}.
 *
 * With room_i = max(0, 1 − beyond_i) and w_i = min(s_i, room_i):
 * where s_i ≤ room_i, ∂w_i/∂s_i = 1;
 * elsewhere, while beyond_i < 1, ∂w_i/∂s_j = −1 for every row j beyond i.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the strengths' part of the read's derivative.
 *
 * @example Row 1 fills what row 0 leaves, so its weight falls as row 0 grows; row 2 is not read.
 * ```ts
 * import { readWeightsAtBackward } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readWeightsAtBackward([0.25, 1, 0.5], [1, 10, 100], "bottom"), [1 - 10, 0, 0]);
 * ```
 * @param strengths s_t.
 * @param gWeights ∂L/∂w_t.
 * @param end Where it read.
 * @returns ∂L/∂s_t.
 */
export function readWeightsAtBackward(strengths: Vector, gWeights: Vector, end: End): Vector {
  const [s, gW, outwards] = [strengths, gWeights, outwardsTo(end)];
  const gS: Vector = new Array(s.length).fill(0);
  for (let i = 0; i < s.length; i++) {
    const beyond = sumBeyond(s, i, end);
    const room = Math.max(0, 1 - beyond);
    if (s[i] <= room) gS[i] += gW[i]; // w_i = s_i; the tie belongs to s_i
    else if (beyond < 1) { // w_i = 1 − beyond_i; at beyond_i = 1 the tie belongs to the 0
      for (let j = i + outwards; j >= 0 && j < s.length; j += outwards) gS[j] -= gW[i];
    }
  }
  return gS;
}

/**
 * Reads one unit of strength at an end.
 *
 * r = Σ_i w[i] V[i], with the weights of {@linkcode readWeightsAt}
 *
 * Source: Grefenstette et al. 2015, equation (3) for the top, (5) for the bottom.
 *
 * @example The same rows, read at both ends.
 * ```ts
 * import { readAt } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = { values: [[4, 0], [0, 2]], strengths: [0.75, 0.5] };
 * assertEquals(readAt(rows, "top"), [2, 1]);
 * assertEquals(readAt(rows, "bottom"), [3, 0.5]);
 * ```
 * @param rows V_t and s_t, at least one row.
 * @param end Where it reads.
 * @returns r_t, `M`.
 */
export function readAt({ values: V, strengths: s }: Rows, end: End): Vector {
  const w = readWeightsAt(s, end);
  return V[0].map((_, m) => V.reduce((r_m, V_i, i) => r_m + w[i] * V_i[m], 0));
}

/**
 * Reverses {@linkcode readAt}.
 *
 * r = Σ_i w_i V_i, so ∂L/∂w_i = ∂L/∂r · V_i and ∂L/∂V_i = w_i ∂L/∂r; the rest is {@linkcode readWeightsAtBackward}.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (3).
 *
 * @example Each value's gradient is the weight with which it was read.
 * ```ts
 * import { readAtBackward } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = { values: [[2], [4]], strengths: [0.75, 0.5] };
 * const gRows = readAtBackward(rows, [1], "bottom");
 * assertEquals(gRows, { values: [[0.75], [0.25]], strengths: [2 - 4, 0] });
 * ```
 * @param rows V_t and s_t.
 * @param gRead ∂L/∂r_t, `M`.
 * @param end Where it read.
 * @returns ∂L/∂V_t and ∂L/∂s_t.
 */
export function readAtBackward(
  { values: V, strengths: s }: Rows,
  gRead: Vector,
  end: End,
): Rows {
  const w = readWeightsAt(s, end);
  const gW = V.map((V_i) => V_i.reduce((sum, V_im, m) => sum + V_im * gRead[m], 0));
  return {
    values: w.map((w_i) => gRead.map((gRead_m) => w_i * gRead_m)),
    strengths: readWeightsAtBackward(s, gW, end),
  };
}

/**
 * Adds gradients of the same rows: those that come from the reads of a step, and those that the next step passes back.
 *
 * @example A strength that is read, and needed later.
 * ```ts
 * import { addRows } from "@/memory/ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [one, two] = [{ values: [[1, 2]], strengths: [3] }, { values: [[10, 20]], strengths: [30] }];
 * assertEquals(addRows(one, two), { values: [[11, 22]], strengths: [33] });
 * ```
 * @param first Gradients of V_t and s_t.
 * @param second Others, of as many rows.
 * @returns Their sums.
 */
export function addRows(first: Rows, second: Rows): Rows {
  return {
    values: first.values.map((row, i) => row.map((x, m) => x + second.values[i][m])),
    strengths: first.strengths.map((x, i) => x + second.strengths[i]),
  };
}

/** ∂L/∂V_T and ∂L/∂s_T where nothing reads the rows any more. */
export function zeroRows({ values, strengths }: Rows): Rows {
  return { values: values.map((row) => row.map(() => 0)), strengths: strengths.map(() => 0) };
}
