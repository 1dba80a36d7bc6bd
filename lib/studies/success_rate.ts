/**
 * Success rates of trainings over many seeds, for tables and charts.
 *
 * @module
 */
import type { Rate } from "@/figures/rate_chart.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";

/**
 * Counts the trainings that succeeded.
 *
 * @example Two of three.
 * ```ts
 * import { countSuccesses } from "@/studies/success_rate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(countSuccesses([{ success: true }, { success: false }, { success: true }]), 2);
 * ```
 * @param trials The result of each training.
 * @returns The number of successes.
 */
export function countSuccesses(trials: readonly { readonly success: boolean }[]): number {
  return trials.filter(({ success }) => success).length;
}

/**
 * Writes the 95 % Wilson interval of a success rate in whole percents.
 *
 * @example One of twenty.
 * ```ts
 * import { formatRateInterval } from "@/studies/success_rate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatRateInterval(1, 20), "1 to 24 %");
 * ```
 * @param successes The number of successes, from 0 to `trials`.
 * @param trials The number of trials, at least 1.
 * @returns Both ends of the interval.
 * @throws {RangeError} If a count is not an integer, or there are more successes than trials.
 */
export function formatRateInterval(successes: number, trials: number): string {
  const { low, high } = wilsonInterval(successes, trials);
  return `${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`;
}

/**
 * Makes the two columns of a table that say how many trainings succeeded, and what that says about the rate.
 *
 * @example A row of a table.
 * ```ts
 * import { rateColumns } from "@/studies/success_rate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals({ recipe: "ours", ...rateColumns(20, 20) }, {
 *   recipe: "ours",
 *   successes: "20 of 20",
 *   "95 % interval": "84 to 100 %",
 * });
 * ```
 * @param successes The number of successes, from 0 to `trials`.
 * @param trials The number of trials, at least 1.
 * @returns The cells by the titles of their columns.
 * @throws {RangeError} If a count is not an integer, or there are more successes than trials.
 */
export function rateColumns(
  successes: number,
  trials: number,
): { "successes": string; "95 % interval": string } {
  return {
    "successes": `${successes} of ${trials}`,
    "95 % interval": formatRateInterval(successes, trials),
  };
}

/**
 * Counts successes, with the Wilson interval of their rate.
 *
 * @example Three of four runs.
 * ```ts
 * import { successRate } from "@/studies/success_rate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const runs = [true, true, false, true].map((success) => ({ success }));
 * const { successes, trials, interval } = successRate("four runs", runs, ({ success }) => success);
 * assertEquals([successes, trials], [3, 4]);
 * assertEquals([interval.low.toFixed(2), interval.high.toFixed(2)], ["0.30", "0.95"]);
 * ```
 * @param name The rate's label.
 * @param runs The runs, at least one; records, or anything that can be tested.
 * @param succeeds Whether a run counts as a success.
 * @returns The rate, as `rateChart` draws it.
 * @throws {RangeError} If there are no runs.
 */
export function successRate<Run>(
  name: string,
  runs: readonly Run[],
  succeeds: (run: Run) => boolean,
): Rate {
  const successes = runs.filter(succeeds).length, trials = runs.length;
  return { name, successes, trials, interval: wilsonInterval(successes, trials) };
}
