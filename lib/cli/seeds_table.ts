/**
 * Many seeds as a table, and the rate of those that succeeded.
 *
 * @module
 */
import type { RunResult } from "@/training/run_folder.ts";
import type { SeedsResult } from "@/training/seeds_folder.ts";
import { countText, measureText, shareText } from "./readable_numbers.ts";

const HEAD = ["seed", "success", "iterations", "error", "seconds"];

/**
 * A line for each seed under a line of names.
 *
 * @param runs A result for each seed.
 * @returns Lines of one width for each column, numbers to the right.
 */
export function seedsTable(runs: readonly RunResult[]): string[] {
  const rows = [HEAD, ...runs.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  "));
}

function rowOf({ settings, success, diverged, iteration, metrics, seconds }: RunResult): string[] {
  return [
    String(settings.seed),
    diverged === undefined ? (success ? "yes" : "no") : "diverged",
    countText(iteration),
    metrics ? measureText(metrics.error) : "none",
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
