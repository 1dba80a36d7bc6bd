/**
 * The inner sum of the stack's equations.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";

/**
 * Adds up what lies above a row.
 *
 * Σ_{j>i} s[j]
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, inside equations (2) and (3).
 *
 * @example Above the bottom of three rows lie the other two.
 * ```ts
 * import { sumAbove } from "@/memory/sum_above.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sumAbove([0.25, 0.5, 1], 0), 1.5);
 * assertEquals(sumAbove([0.25, 0.5, 1], 2), 0);
 * ```
 * @param strengths Any number of strengths, bottom row first.
 * @param i The row to look up from: a whole number from 0 at the bottom to one less than there are rows.
 * It is not checked, since the stack calls this for every row of every step.
 * @returns The sum, added from row i + 1 upwards.
 */
export function sumAbove(strengths: Vector, i: number): number {
  let sum = 0;
  for (let j = i + 1; j < strengths.length; j++) sum += strengths[j];
  return sum;
}
