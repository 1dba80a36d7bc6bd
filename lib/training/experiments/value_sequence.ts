/**
 * The sequence that an experiment reverses: given value by value, or drawn.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import { BadInput } from "../bad_input.ts";
import { integer, sequence } from "../number_option.ts";

const DEFAULT: Vector = [0.1, 0.2, 0.3];
/** The literal stack takes time in the cube of this. */
const LONGEST = 100;

/** Which sequence: one of the two, or neither. */
export const SEQUENCE_OPTIONS = {
  sequence: sequence({
    default: null,
    longest: LONGEST,
    defaultText: DEFAULT.join(","),
    description: "the values to reverse",
  }),
  length: integer({
    default: null,
    minimum: 1,
    maximum: LONGEST,
    description: "draw so many values between 0 and 1 from the seed, in place of --sequence",
  }),
};

/**
 * Chooses the sequence.
 *
 * @example Two values drawn, then those given.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { chosenSequence } from "@/training/experiments/value_sequence.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chosenSequence({ sequence: null, length: 2 }, seededRandom(1)).length, 2);
 * assertEquals(chosenSequence({ sequence: [4, 5], length: null }, seededRandom(1)), [4, 5]);
 * ```
 * @param settings The values, or how many to draw; null for what was not said.
 * @param random Where drawn values come from.
 * @returns One value or more.
 * @throws {BadInput} If both are said.
 */
export function chosenSequence(
  settings: { readonly sequence: readonly number[] | null; readonly length: number | null },
  random: RandomSource,
): Vector {
  const { sequence, length } = settings;
  if (sequence && length !== null) {
    throw new BadInput("choose a sequence", "--sequence or --length", "both");
  }
  if (length !== null) return Array.from({ length }, () => random.uniform());
  return sequence ? [...sequence] : [...DEFAULT];
}
