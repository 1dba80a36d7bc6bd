/**
 * Many seeds as a table, and the rate of those that succeeded.
 *
 * @module
 */
import type { RunResult } from "@/training/run_folder.ts";
import type { SeedsResult } from "@/training/seeds_folder.ts";
import { scoreText } from "./evaluation_table.ts";
import { countText, measureText, shareText } from "./readable_numbers.ts";

/**
 * A line for each seed under a line of names; with coarse scores, where runs have any.
 *
 * @param runs A result for each seed.
 * @returns Lines of one width for each column, numbers to the right.
 */
export function seedsTable(runs: readonly RunResult[]): string[] {
  const head = headOf(runs), rows = [head, ...runs.map((run) => rowOf(run, head))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  "));
}

function headOf(runs: readonly RunResult[]): string[] {
  const scores = runs.flatMap(({ summary }) => summary ? [summary.scores] : []).at(0);
  if (!scores) return ["seed", "success", "iterations", "error", "seconds"];
  const sets = scores.map(({ purpose, lengths }) => `${purpose} ${lengths}`);
  return ["seed", "success", "strings", "loss", ...sets, "seconds"];
}

function rowOf(run: RunResult, head: readonly string[]): string[] {
  const { settings, success, diverged, iteration, metrics, seconds, summary } = run;
  // A run that diverged has no scores.
  const scores = head.slice(4, -1).map((_, i) =>
    summary ? scoreText(summary.scores[i].coarse) : "none"
  );
  return [
    String(settings.seed),
    diverged === undefined ? (success ? "yes" : "no") : "diverged",
    summary || scores.length === 0 ? countText(summary?.strings ?? iteration) : "none",
    metrics ? measureText(metrics.error) : "none",
    ...scores,
    seconds.toFixed(1),
  ];
}

/**
 * The success rate in a sentence.
 *
 * @example With the interval that says how sure it is.
 * ```ts
 * import { successRate } from "@/cli/seeds_table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { successes: 19, trials: 20, rate: 0.95, interval: { low: 0.7639, high: 0.9911 } };
 * assertEquals(
 *   successRate(counts),
 *   "19 of 20 seeds succeeded: 95.0 % (95 % Wilson interval 76.4 % to 99.1 %)",
 * );
 * ```
 * @param result Counts, rate and interval.
 * @returns The sentence, without a full stop.
 */
export function successRate(
  result: Pick<SeedsResult, "successes" | "trials" | "rate" | "interval">,
): string {
  const { successes, trials, rate, interval } = result;
  const [low, high] = [shareText(interval.low), shareText(interval.high)];
  return `${successes} of ${trials} seeds succeeded: ${shareText(rate)} ` +
    `(95 % Wilson interval ${low} to ${high})`;
}
