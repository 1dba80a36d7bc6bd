/**
 * How long each of many seeds took, as a picture.
 *
 * @module
 */
import { dotChart, type DotGroup } from "@/figures/dot_chart.ts";
import type { Figure } from "@/figures/figure.ts";
import type { RunResult } from "@/training/run_folder.ts";
import { countText } from "./readable_numbers.ts";

/**
 * Draws every seed as a dot, those that succeeded apart from those that did not.
 *
 * @example Two of three succeeded.
 * ```ts
 * import { seedsFigure } from "@/cli/seeds_figure.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = { experiment: "copy", settings: { seed: 1 }, seconds: 1, metrics: null };
 * const runs = [[100, true], [300, true], [900, false]] as const;
 * const figure = seedsFigure(runs.map(([iteration, success]) => ({ ...run, iteration, success })));
 * const { text } = Object(figure.layout.title);
 * assertStringIncludes(text, "Half of the seeds that succeeded took 200 iterations or less");
 * ```
 * @param runs A result for each seed, at least one.
 * @returns The figure.
 */
export function seedsFigure(runs: readonly RunResult[]): Figure {
  const strings = runs.every(({ summary, diverged }) => summary || diverged !== undefined) &&
    runs.some(({ summary }) => summary);
  const unit = strings ? "training strings" : "iterations";
  const drawn = runs.filter(({ summary }) => summary || !strings);
  const amounts = (wanted: boolean) =>
    drawn.filter(({ success }) => success === wanted)
      .map(({ summary, iteration }) => summary?.strings ?? iteration);
  const groups: DotGroup[] = [
    { name: "succeeded", values: amounts(true) },
    { name: "did not", values: amounts(false) },
  ].filter(({ values }) => values.length > 0);
  return dotChart({
    title: titleOf(amounts(true), unit),
    groups,
    xTitle: "seeds that",
    yTitle: `${unit} until the end`,
  });
}

function titleOf(amounts: readonly number[], unit: string): string {
  if (amounts.length === 0) return "No seed succeeded";
  const sorted = amounts.toSorted((a, b) => a - b), middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return `Half of the seeds that succeeded took ${countText(median)} ${unit} or less`;
}
