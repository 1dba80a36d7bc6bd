/**
 * Reports: the HTML page of a run or of many seeds, one self-contained file without scripts, and the table of the seeds.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { dotChart, type DotGroup } from "@/figures/dot_chart.ts";
import type { RunResult } from "@/runs/run_result.ts";
import { countText, measureText, percentText } from "@/io/number_format.ts";
import type { SeedsResult } from "@/runs/seeds.ts";
import { scoreText } from "@/tasks/scores.ts";

/** The content of a report. */
export interface Report {
  readonly title: string;
  /** The result in one sentence, below the title. */
  readonly verdict: string;
  /** The summary, as it is printed. */
  readonly lines: readonly string[];
  readonly figures: readonly Figure[];
  /** The rows of the table of settings. */
  readonly settings: Rows;
  /** The rows of the table of the recipe, if there is one. */
  readonly recipe?: Rows;
}

/** The names and values of a table. */
type Rows = readonly (readonly [name: string, value: string])[];

const STYLE = `
  :root { color-scheme: light; }
  body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #222; background: #fff;
    font: 1rem/1.5 Arial, Helvetica, sans-serif; }
  h1 { font-size: 1.5rem; margin-bottom: 0.25rem; }
  h2 { font-size: 1.15rem; margin-top: 2rem; }
  pre { overflow-x: auto; padding: 0.75rem 1rem; background: #f5f5f5; line-height: 1.4;
    box-sizing: border-box; width: max-content; min-width: 100%; max-width: calc(50vw + 50%); }
  figure { margin: 1rem 0; }
  svg { max-width: 100%; height: auto; }
  table { border-collapse: collapse; }
  th, td { padding: 0.2rem 1.5rem 0.2rem 0; text-align: left; border-bottom: 1px solid #e4e4e4; }
  th { font-weight: normal; font-family: monospace; }`;

/**
 * Escapes a text for HTML.
 *
 * @example A text that looks like a tag.
 * ```ts
 * import { escapeHtml } from "@/cli/report.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml('<a & "b">'), "&lt;a &amp; &quot;b&quot;&gt;");
 * ```
 * @param text Any text.
 * @returns The text with its special characters escaped.
 */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/**
 * Writes a report as an HTML page.
 *
 * @param report The content.
 * @param draw Draws a figure as the text of an SVG file.
 * @returns The page; a figure that cannot be drawn is replaced by its description and the error.
 */
export async function reportHtml(
  report: Report,
  draw: (figure: Figure) => Promise<string>,
): Promise<string> {
  const { title, verdict, lines, figures, settings, recipe = [] } = report;
  const pictures = await Promise.all(figures.map((figure) => drawOrDescribe(figure, draw)));
  const tables = [table("Settings", settings), ...recipe.length ? [table("Recipe", recipe)] : []];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(verdict)}</p>
<pre>${escapeHtml(lines.join("\n"))}</pre>
${pictures.join("\n")}
${tables.join("\n")}
</body>
</html>
`;
}

function table(heading: string, rows: Rows): string {
  const lines = rows.map(([name, value]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`
  );
  return [`<h2>${heading}</h2>`, "<table>", ...lines, "</table>"].join("\n");
}

async function drawOrDescribe(
  figure: Figure,
  draw: (figure: Figure) => Promise<string>,
): Promise<string> {
  try {
    return `<figure>\n${await draw(figure)}\n</figure>`;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return `<p>${escapeHtml(`${figure.description} (It could not be drawn: ${cause})`)}</p>`;
  }
}

/**
 * Draws every seed as a dot at the amount of its training, grouped by success.
 *
 * @example Two of three succeeded.
 * ```ts
 * import { seedsFigure } from "@/cli/report.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const settings = { seed: 1 }, seconds = 1, metrics = null;
 * const run = { version: "2.0.0", experiment: "copy", settings, seconds, metrics };
 * const runs = [[100, true], [300, true], [900, false]] as const;
 * const figure = seedsFigure(runs.map(([iteration, success]) => ({ ...run, iteration, success })));
 * const { text } = Object(figure.layout.title);
 * assertStringIncludes(text, "Half of the seeds that succeeded took 200 iterations or less");
 * ```
 * @param runs The result of each seed, at least one.
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
    title: medianTitle(amounts(true), unit),
    groups,
    xTitle: "seeds that",
    yTitle: `${unit} until the end`,
  });
}

function medianTitle(amounts: readonly number[], unit: string): string {
  if (amounts.length === 0) return "No seed succeeded";
  const sorted = amounts.toSorted((a, b) => a - b), middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return `Half of the seeds that succeeded took ${countText(median)} ${unit} or less`;
}

/**
 * Writes a table with a row for each seed, with the coarse scores of the runs that have any.
 *
 * @param runs The result of each seed.
 * @returns The lines, with right-aligned columns under a line of headings.
 */
export function seedsTable(runs: readonly RunResult[]): string[] {
  const head = headingsOf(runs), rows = [head, ...runs.map((run) => rowOf(run, head))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  "));
}

function headingsOf(runs: readonly RunResult[]): string[] {
  const scores = runs.flatMap(({ summary }) => summary ? [summary.scores] : []).at(0);
  if (!scores) return ["seed", "success", "iterations", "error", ...measuresOf(runs), "seconds"];
  const sets = scores.map(({ purpose, lengths }) => `${purpose} ${lengths}`);
  return ["seed", "success", "strings", "loss", ...sets, "seconds"];
}

/** The names of the measures of the runs; a diverged run has none. */
function measuresOf(runs: readonly RunResult[]): string[] {
  return Object.keys(runs.find(({ measures }) => measures)?.measures ?? {});
}

function rowOf(run: RunResult, head: readonly string[]): string[] {
  const { settings, success, diverged, iteration, metrics, seconds, summary, measures } = run;
  // A diverged run has no scores.
  const scores = head.slice(4, -1).map((name, i) => {
    if (measures) return measureText(measures[name]);
    return summary ? scoreText(summary.scores[i].coarse) : "none";
  });
  return [
    String(settings.seed),
    diverged === undefined ? (success ? "yes" : "no") : "diverged",
    head[2] === "iterations" || summary ? countText(summary?.strings ?? iteration) : "none",
    metrics ? measureText(metrics.error) : "none",
    ...scores,
    seconds.toFixed(1),
  ];
}

/**
 * Writes the success rate as a sentence.
 *
 * @example The rate with its confidence interval.
 * ```ts
 * import { successRateText } from "@/cli/report.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { successes: 19, trials: 20, rate: 0.95, interval: { low: 0.7639, high: 0.9911 } };
 * assertEquals(
 *   successRateText(counts),
 *   "19 of 20 seeds succeeded: 95.0 % (95 % Wilson interval 76.4 % to 99.1 %)",
 * );
 * ```
 * @param result The counts, the rate and its interval.
 * @returns The sentence, without a full stop.
 */
export function successRateText(
  result: Pick<SeedsResult, "successes" | "trials" | "rate" | "interval">,
): string {
  const { successes, trials, rate, interval } = result;
  const [low, high] = [percentText(interval.low), percentText(interval.high)];
  return `${successes} of ${trials} seeds succeeded: ${percentText(rate)} ` +
    `(95 % Wilson interval ${low} to ${high})`;
}
