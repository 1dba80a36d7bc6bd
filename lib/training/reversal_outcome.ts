/**
 * What a training on string reversal has come to: the table of scores, and pictures of the way there.
 *
 * @module
 */
import type { ReversalScores } from "@/tasks/reversal_scores.ts";
import type { Outcome, SetScores } from "./experiment.ts";
import type { ReversalEnd } from "./reversal_end.ts";
import { reversalFigures } from "./reversal_figures.ts";
import type { StringSet } from "./reversal_sets.ts";
import { setScoresSteps } from "./set_scores.ts";
import { allAtOnce } from "./steps.ts";

/**
 * Scores the best network of a run on the sets of the last table, and sums the run up.
 *
 * @param end The run at its end.
 * @returns Table, verdict, pictures. A success is right in full on every string of every set.
 */
export function reversalOutcome(end: ReversalEnd): Outcome {
  return allAtOnce(reversalOutcomeSteps(end));
}

/**
 * The same as {@linkcode reversalOutcome}, a step of the network at a time: a large one takes minutes.
 *
 * @param end The run at its end.
 * @returns A generator that yields the share that is done, and returns the outcome.
 */
export function* reversalOutcomeSteps(end: ReversalEnd): Generator<number, Outcome> {
  const { plan, examiner, best, strings } = end, sets = end.sets.last(plan);
  const found = yield* setScoresSteps(examiner.network(best.parameters), plan, sets);
  const scores = sets.map((set, i) => scored(set, found[i]));
  return {
    lines: scoreTable(scores),
    success: scores.every(({ coarse }) => coarse === 1),
    figures: reversalFigures(end),
    summary: { strings, recipe: plan.recipe, scores },
  };
}

function scored(set: StringSet, { strings, exact, coarse, fine }: ReversalScores): SetScores {
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
