/**
 * Where a run is, in the run's own words.
 *
 * @module
 */
import type { Metrics, ProgressWords } from "@/training/experiment.ts";
import type { Progress } from "@/training/sitting.ts";
import type { Shown } from "./progress_display.ts";
import { countText, measureText } from "./readable_numbers.ts";

/** What a run is told in that has no words of its own: every metric that is one number is shown. */
const PLAIN = { unit: "iterations", perIteration: 1, error: "error", shown: undefined };

/**
 * A count of iterations in a run's unit.
 *
 * @example Batches of four strings.
 * ```ts
 * import { amountText } from "@/cli/progress_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = { unit: "strings", perIteration: 4, error: "loss", shown: [] };
 * assertEquals(amountText(words, 1600), "6,400 strings");
 * assertEquals(amountText(undefined, 1600), "1,600 iterations");
 * ```
 * @param words The run's, if it has any.
 * @param iterations How many.
 * @returns The count and the unit.
 */
export function amountText(words: ProgressWords | undefined, iterations: number): string {
  const { unit, perIteration } = words ?? PLAIN;
  return `${countText(iterations * perIteration)} ${unit}`;
}

/**
 * Where a run is: for the sentence that ends a sitting.
 *
 * @param words The run's, if it has any.
 * @param iteration Iterations done.
 * @returns Such as "iteration 9" or "400 strings".
 */
export function placeText(words: ProgressWords | undefined, iteration: number): string {
  return words ? amountText(words, iteration) : `iteration ${countText(iteration)}`;
}

/**
 * What a progress bar shows of a run.
 *
 * @param progress Where it is.
 * @param words The run's, if it has any.
 * @param rate Iterations a second in this sitting.
 * @returns How far it is and its error; with words, the metrics that they name and its pace; without, those
 * where there is room.
 */
export function shownProgress(
  { iteration, iterations, share, metrics, told }: Progress,
  words: ProgressWords | undefined,
  rate: number,
): Shown {
  const { unit, perIteration, error, shown } = words ?? PLAIN;
  const pace = rate * perIteration, perSecond = words ? ` ${unit}/s` : "/s";
  const others = metricTexts(metrics, shown);
  const speed = pace > 0 && Number.isFinite(pace) ? [`${paceText(pace)}${perSecond}`] : [];
  return {
    share,
    details: [
      `${countText(iteration * perIteration)} of ${amountText(words, iterations)}`,
      `${error} ${measureText(metrics.error)}`,
      ...(words ? [...others, ...speed] : []),
      ...(told === undefined ? [] : [`examined to ${Math.floor(100 * told)} %`]),
    ],
    extras: words ? [] : [...speed, ...others],
  };
}

function paceText(pace: number): string {
  return pace < 10 ? pace.toFixed(1) : countText(pace);
}

function metricTexts(metrics: Metrics, shown: readonly string[] | undefined): string[] {
  const names = shown ?? Object.keys(metrics).filter((name) => !/^(iteration|error)$/.test(name));
  return names.flatMap((name) => {
    const value = metrics[name];
    return typeof value === "number" ? [`${name} ${measureText(value)}`] : [];
  });
}
