/**
 * What a training on string reversal has come to: the table of scores, and pictures of the way there.
 *
 * @module
 */
import type { Outcome, SetScores } from "./experiment.ts";
import type { ReversalEnd } from "./reversal_end.ts";
import type { ExaminedNetwork, Examiner } from "./reversal_examination.ts";
import { reversalFigures } from "./reversal_figures.ts";
import type { StringSet } from "./reversal_sets.ts";

/**
 * Scores the best network of a run on the sets of the last table, and sums the run up.
 *
 * @param end The run at its end.
 * @returns Table, verdict, pictures. A success is right in full on every string of every set.
 */
export function reversalOutcome(end: ReversalEnd): Outcome {
  const { plan, sets, examiner, best, strings } = end;
  const scores = sets.last(plan).map((set) => scored(set, examiner, best));
  return {
    lines: scoreTable(scores),
    success: scores.every(({ coarse }) => coarse === 1),
    figures: reversalFigures(end),
    summary: { strings, recipe: plan.recipe, scores },
  };
}

function scored(set: StringSet, examiner: Examiner, { parameters }: ExaminedNetwork): SetScores {
  const { strings, exact, coarse, fine } = examiner.score(parameters, set);
  const { shortest, longest } = set.lengths;
  const lengths = shortest === longest ? String(shortest) : `${shortest}..${longest}`;
  return { purpose: set.purpose, lengths, strings, exact, coarse, fine };
}

const HEAD = ["", "strings", "characters", "coarse", "fine"];

/**
 * Scores as a table.
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreTable } from "@/training/reversal_outcome.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = { strings: 100_000, exact: 99_999, coarse: 0.99999, fine: 1 };
 * assertEquals(scoreTable([{ purpose: "test", lengths: "65..128", ...scores }]), [
 *   "      strings  characters  coarse    fine",
 *   "test   100000     65..128  0.9999  1.0000",
 * ]);
 * ```
 * @param scores Set by set.
 * @returns Lines, a line of names first.
 */
export function scoreTable(scores: readonly SetScores[]): string[] {
  const rows = [
    HEAD,
    ...scores.map(({ purpose, strings, lengths, coarse, fine }) => [
      purpose,
      String(strings),
      lengths,
      scoreText(coarse),
      scoreText(fine),
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join("  ")
  );
}

/** Four digits, rounded down: 1 is for what is wholly right. */
function scoreText(score: number): string {
  return (Math.floor(score * 1e4) / 1e4).toFixed(4);
}
