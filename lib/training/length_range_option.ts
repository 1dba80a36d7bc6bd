/**
 * An option that says how long strings may be, as "8..64".
 *
 * @module
 */
import type { LengthRange } from "@/tasks/streams.ts";
import type { Option, OptionWords } from "./option.ts";

/** Longer strings than this are a slip of the finger. */
const LONGEST = 100_000;

/**
 * Reads a range of lengths.
 *
 * @example One length, or the shortest and the longest.
 * ```ts
 * import { parseLengthRange } from "@/training/length_range_option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseLengthRange("8..64"), { shortest: 8, longest: 64 });
 * assertEquals(parseLengthRange("8"), { shortest: 8, longest: 8 });
 * assertEquals(parseLengthRange("64..8"), undefined);
 * ```
 * @param text One or two whole numbers, two dots between them.
 * @returns The range, or nothing if the text is none.
 */
export function parseLengthRange(text: string): LengthRange | undefined {
  const [, from, to = from] = /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(text) ?? [];
  const [shortest, longest] = [Number(from), Number(to)];
  return shortest >= 1 && shortest <= longest && longest <= LONGEST
    ? { shortest, longest }
    : undefined;
}

/**
 * An option that holds a range of lengths, as the text that was given.
 *
 * @example What it accepts.
 * ```ts
 * import { lengthRange } from "@/training/length_range_option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = lengthRange({ default: "8..64", description: "characters in a string" });
 * assertEquals(["8..64", "7", "0..3", "x"].map((text) => lengths.accepts(text)), [
 *   true,
 *   true,
 *   false,
 *   false,
 * ]);
 * ```
 * @param words Default and description.
 * @returns The option.
 */
export function lengthRange(words: OptionWords<string>): Option<string> {
  return {
    ...words,
    kind: "lengths",
    placeholder: "A..B",
    wanted: `one or two integers from 1 to ${LONGEST} in ascending order, such as 8..64`,
    convert: (text) => text,
    accepts: (value): value is string =>
      typeof value === "string" && parseLengthRange(value) !== undefined,
  };
}
