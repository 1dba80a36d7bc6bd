/**
 * The scores of a network on test strings of every length, gathered in bins of neighbouring lengths.
 *
 * @module
 */
import { mean, sum } from "@/math/lists.ts";
import type { SizeScores } from "@/training/evaluation_by_size.ts";

/** How many neighbouring lengths are a bin. */
const BIN = 20;

/** The scores of a network on strings of every length of a range. */
export interface LengthScores {
  /** The range, as in "41..500". */
  readonly lengths: string;
  /** Test strings of each length. */
  readonly strings: number;
  /** How many lengths have a string with a mistake. */
  readonly faulty: number;
  /** For each bin: its first length, its strings, how many of them are wrong, and the per-token accuracy. */
  readonly bins: readonly (readonly [
    first: number,
    strings: number,
    wrong: number,
    perToken: number,
  ])[];
}

/**
 * Gathers scores of every length.
 *
 * @example Lengths 41 to 80 are two bins.
 * ```ts
 * import { gatherLengths } from "@/studies/length_scores.ts";
 * import { range } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = range(41, 81).map((size) =>
 *   ({ size, strings: 3, wrong: size > 60 ? 1 : 0, perToken: size > 60 ? 0.5 : 1 }));
 * assertEquals(gatherLengths(scores), {
 *   lengths: "41..80",
 *   strings: 3,
 *   faulty: 20,
 *   bins: [[41, 60, 0, 1], [61, 60, 20, 0.5]],
 * });
 * ```
 * @param scores Of each length, in ascending order; at least one. All have as many strings.
 * @returns The scores; the per-token accuracies are rounded to four digits.
 */
export function gatherLengths(scores: readonly SizeScores[]): LengthScores {
  const [{ size: first, strings }] = scores, last = scores.at(-1)!.size;
  const bins = Map.groupBy(scores, ({ size }) => Math.floor((size - first) / BIN));
  return {
    lengths: `${first}..${last}`,
    strings,
    faulty: scores.filter(({ wrong }) => wrong > 0).length,
    bins: [...bins.values()].map((each) => [
      each[0].size,
      strings * each.length,
      sum(each.map(({ wrong }) => wrong)),
      Number(mean(each.map(({ perToken }) => perToken)).toFixed(4)),
    ]),
  };
}

/**
 * The mean per-token accuracy over all lengths, each of which counts alike: the score of the length-generalisation benchmarks.
 *
 * @param scores The scores.
 * @returns The mean.
 */
export function meanPerToken({ bins }: LengthScores): number {
  const weights = bins.map(([, strings]) => strings);
  return sum(bins.map(([, strings, , perToken]) => strings * perToken)) / sum(weights);
}
