/**
 * Where strings to reverse come from: streams of random strings, one for each purpose.
 *
 * What decides when to stop training, what to keep or whether to begin again may look at validation
 * strings and at longer ones of a stream of their own; test strings are for the last table alone. So
 * each purpose has its stream, and no stream is a part of another.
 *
 * @module
 */
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { ReversalSymbols } from "./reversal.ts";

/** What strings are drawn for. */
export type ReversalPurpose = "training" | "validation" | "longer validation" | "test";

/** How long strings may be, in characters; every length is equally likely. */
export interface LengthRange {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Opens the stream that one seed gives for a purpose and a range of lengths.
 *
 * Its state can be kept, and continued by `restoreRandom`. Streams of different lengths differ too, so
 * that test strings of 1,000 characters do not begin as those of 100 do.
 *
 * @example The same seed, other strings for another purpose.
 * ```ts
 * import { drawString, reversalStream } from "@/tasks/streams.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const lengths = { shortest: 8, longest: 8 }, symbols = reversalSymbols();
 * const first = (purpose: "training" | "test") =>
 *   drawString(reversalStream(7, purpose, lengths), symbols, lengths);
 * assertEquals(first("test"), first("test"));
 * assertNotEquals(first("test"), first("training"));
 * ```
 * @param seed A finite number.
 * @param purpose What the strings are for.
 * @param lengths Of the strings that will be drawn.
 * @returns A stream at its start.
 * @throws {RangeError} If the seed is not finite, or the lengths are no range.
 */
export function reversalStream(
  seed: number,
  purpose: ReversalPurpose,
  { shortest, longest }: LengthRange,
): RandomSource {
  checkLengths({ shortest, longest });
  if (!Number.isFinite(seed)) {
    throw new RangeError(`Cannot open a stream of strings: wanted a finite seed, got ${seed}`);
  }
  return seededRandom(`${purpose} strings of ${shortest} to ${longest} characters, seed ${seed}`);
}

/**
 * Draws a string: first its length, then its characters, with replacement.
 *
 * @example Characters from a small set.
 * ```ts
 * import { drawString, reversalStream } from "@/tasks/streams.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assert } from "@std/assert";
 *
 * const lengths = { shortest: 8, longest: 64 };
 * const random = reversalStream(1, "training", lengths);
 * const string = drawString(random, reversalSymbols(2), lengths);
 * assert(string.length >= 8 && string.length <= 64);
 * assert(string.every((character) => character === 0 || character === 1));
 * ```
 * @param random Where numbers come from.
 * @param symbols The symbols of the task.
 * @param lengths How long the string may be.
 * @returns a_1 … a_k.
 * @throws {RangeError} If the lengths are no range.
 */
export function drawString(
  random: Pick<RandomSource, "integer">,
  symbols: ReversalSymbols,
  lengths: LengthRange,
): Int32Array {
  checkLengths(lengths);
  const string = new Int32Array(random.integer(lengths.shortest, lengths.longest + 1));
  for (let i = 0; i < string.length; i++) string[i] = random.integer(0, symbols.characters);
  return string;
}

/**
 * Draws the first strings of a stream, the same ones every time: a set to validate or to test on.
 *
 * @example A thousand test strings.
 * ```ts
 * import { firstStrings } from "@/tasks/streams.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = { shortest: 65, longest: 128 };
 * const strings = firstStrings(1000, 7, "test", reversalSymbols(), lengths);
 * assertEquals(strings.length, 1000);
 * ```
 * @param count How many, at least 1.
 * @param seed A finite number.
 * @param purpose What they are for.
 * @param symbols The symbols of the task.
 * @param lengths How long they may be.
 * @returns The strings.
 * @throws {RangeError} If there are none to draw, the seed is not finite or the lengths are no range.
 */
export function firstStrings(
  count: number,
  seed: number,
  purpose: ReversalPurpose,
  symbols: ReversalSymbols,
  lengths: LengthRange,
): Int32Array[] {
  if (!(Number.isSafeInteger(count) && count >= 1)) {
    throw new RangeError(`Cannot draw strings: wanted 1 string or more, got ${count}`);
  }
  const random = reversalStream(seed, purpose, lengths);
  return Array.from({ length: count }, () => drawString(random, symbols, lengths));
}

function checkLengths({ shortest, longest }: LengthRange): void {
  const whole = Number.isSafeInteger(shortest) && Number.isSafeInteger(longest);
  if (!(whole && shortest >= 1 && longest >= shortest)) {
    throw new RangeError(
      `Cannot draw strings: wanted lengths of at least 1, shortest first, got ${shortest}..${longest}`,
    );
  }
}
