/**
 * What an evaluation came to, for people and for programs.
 *
 * @module
 */
import type { ReversalScores } from "@/tasks/reversal_scores.ts";
import type { ReversalEvaluation } from "@/training/reversal_evaluation.ts";
import type { TrainedModel } from "@/training/trained_model.ts";
import type { EvaluateRequest } from "./evaluate_request.ts";
import { countText } from "./readable_numbers.ts";

/**
 * A score in four digits; 1 and 0 only for what is exactly so.
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreText } from "@/cli/evaluation_table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 0.99999, 0.5, 0].map(scoreText), ["1.0000", "0.9999", "0.5000", "0.0000"]);
 * ```
 * @param score From 0 to 1.
 * @returns Its digits.
 */
export function scoreText(score: number): string {
  const bound = score < 1 ? 0.9999 : 1;
  return Math.max(score > 0 ? 0.0001 : 0, Math.min(bound, score)).toFixed(4);
}

/**
 * The scores of a network, as a small table.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param request Which strings they are of.
 * @returns Lines.
 */
export function evaluationTable(
  { strict, published }: ReversalEvaluation,
  { symbols }: TrainedModel,
  { strings, lengths: { shortest, longest }, seed }: EvaluateRequest,
): string[] {
  const range = shortest === longest
    ? countText(shortest)
    : `${countText(shortest)} to ${countText(longest)}`;
  const set = `${countText(strings)} test ${strings === 1 ? "string" : "strings"} of ${range} ` +
    `characters, seed ${seed}, ${countText(symbols.characters)} different characters`;
  return [
    set,
    "",
    "                        coarse    fine  right in full",
    row("strict", strict),
    row("as published code", published),
  ];
}

function row(name: string, { strings, exact, coarse, fine }: ReversalScores): string {
  const counts = `${countText(exact)} of ${countText(strings)}`;
  return `${name.padEnd(22)}  ${scoreText(coarse)}  ${scoreText(fine)}  ${counts}`;
}

/**
 * The same, as an object for one line of JSON.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param weights Its file.
 * @param request Which strings they are of.
 * @param seconds How long it took.
 * @returns Plain data.
 */
export function evaluationSummary(
  { strict, published }: ReversalEvaluation,
  { shape, symbols }: TrainedModel,
  weights: string,
  { strings, lengths, seed }: EvaluateRequest,
  seconds: number,
): object {
  return {
    weights,
    shape,
    characters: symbols.characters,
    lengths,
    strings,
    seed,
    seconds,
    exact: strict.exact,
    coarse: strict.coarse,
    fine: strict.fine,
    published: { exact: published.exact, coarse: published.coarse, fine: published.fine },
  };
}
