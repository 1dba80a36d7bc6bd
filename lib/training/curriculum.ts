/**
 * A curriculum: strings grow longer as the errors on them grow smaller.
 *
 * At level L, lengths are drawn evenly from `shortest` to `shortest` + L − 1. The mistakes of `window`
 * strings are added up; if their sum is below `base` + `perLevel` · L, the next level begins.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */

/** When to make strings longer. */
export interface Curriculum {
  /** The first L. */
  readonly firstLevel: number;
  /** The last L, at which lengths stay. */
  readonly lastLevel: number;
  /** The least length at every level. */
  readonly shortest: number;
  /** How many strings are judged together. */
  readonly window: number;
  /** What a window's error must stay below, at a level of 0. */
  readonly base: number;
  /** How much more it may be for each level. */
  readonly perLevel: number;
  /** No level begins before this string is over, counted from 0. */
  readonly notBefore: number;
}

/** The most symbols that a string of this curriculum can have. */
export function longestOf({ shortest, lastLevel }: Curriculum): number {
  return shortest + lastLevel - 1;
}

/**
 * Decides on the level after a window.
 *
 * @example The rule at its boundary: the error must be below the bound, not at it.
 * ```ts
 * import { type Curriculum, nextLevel } from "@/training/curriculum.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum: Curriculum = {
 *   firstLevel: 3,
 *   lastLevel: 10,
 *   shortest: 3,
 *   window: 100,
 *   base: 4,
 *   perLevel: 1,
 *   notBefore: 10_001,
 * };
 * assertEquals(nextLevel(curriculum, { level: 3, error: 6.99, iteration: 10_099 }), 4);
 * assertEquals(nextLevel(curriculum, { level: 3, error: 7, iteration: 10_099 }), 3);
 * assertEquals(nextLevel(curriculum, { level: 3, error: 0, iteration: 9_999 }), 3);
 * assertEquals(nextLevel(curriculum, { level: 10, error: 0, iteration: 10_099 }), 10);
 * ```
 * @param curriculum The rule.
 * @param at The level so far, the window's summed error, and its last string, counted from 0.
 * @returns The level from the next string on.
 */
export function nextLevel(
  { lastLevel, base, perLevel, notBefore }: Curriculum,
  at: { readonly level: number; readonly error: number; readonly iteration: number },
): number {
  const { level, error, iteration } = at;
  const learned = error < base + perLevel * level && iteration >= notBefore;
  return learned && level < lastLevel ? level + 1 : level;
}
