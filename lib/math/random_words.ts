/**
 * What both generators make of their 32-bit words: numbers between 0 and 1, and whole numbers in a range.
 *
 * @module
 */

/**
 * Makes a number between 0 and 1 from the top 27 bits of one word and the top 26 of the next.
 *
 * @example All bits set is the greatest number below 1.
 * ```ts
 * import { unitFromWords } from "@/math/random_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(unitFromWords(0xffffffff, 0xffffffff), 1 - 2 ** -53);
 * assertEquals(unitFromWords(0x80000000, 0), 0.5);
 * ```
 * @param first A 32-bit word, signed or not.
 * @param second Another.
 * @returns A multiple of 2⁻⁵³ in [0, 1).
 */
export function unitFromWords(first: number, second: number): number {
  return ((first >>> 5) * 0x4000000 + (second >>> 6)) / 0x20000000000000;
}

/**
 * Draws one of the whole numbers 0 … `greatest`, each equally often.
 *
 * Words are cut to as many bits as `greatest` has, and drawn again while they exceed it: no bias, no
 * division, and with `greatest` = 0 no word at all, which is what numpy's stream asks for.
 *
 * @example Of the words 7, 6 and 5 (three bits each), 5 is the first that does not exceed 5.
 * ```ts
 * import { drawUpTo } from "@/math/random_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [7, 6, 5];
 * assertEquals(drawUpTo(5, () => words.shift()!), 5);
 * ```
 * @param greatest A whole number from 0 to 2³² − 1.
 * @param nextWord Draws a 32-bit word, signed or not.
 * @returns The number.
 */
export function drawUpTo(greatest: number, nextWord: () => number): number {
  if (greatest === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(greatest);
  let word = 0;
  do word = (nextWord() & mask) >>> 0; while (word > greatest);
  return word;
}

/**
 * Checks that there is a whole number in [low, high), and that a 32-bit word can choose it.
 *
 * @example There is nothing from 3 up to, and without, 3.
 * ```ts
 * import { checkIntegerRange } from "@/math/random_words.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkIntegerRange(3, 3),
 *   RangeError,
 *   "Cannot draw an integer: wanted 1 to 2³² numbers to choose from, got 0",
 * );
 * ```
 * @param low The least number.
 * @param high One above the greatest.
 * @throws {RangeError} If a bound is not whole, or there is no number to draw, or more than 2³².
 */
export function checkIntegerRange(low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
    throw new RangeError(`Cannot draw an integer: wanted whole bounds, got ${low} and ${high}`);
  }
  if (!(high > low && high - low <= 2 ** 32)) {
    throw new RangeError(
      `Cannot draw an integer: wanted 1 to 2³² numbers to choose from, got ${high - low}`,
    );
  }
}
