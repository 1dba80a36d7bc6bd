/**
 * Progress displays: a progress bar on a terminal, or a line every five seconds where output goes to a file.
 *
 * @module
 */
import { countText, durationText, measureText } from "@/io/number_format.ts";
import type { Terminal } from "@/io/terminal.ts";
import type { Metrics, ProgressLabels } from "@/runs/run.ts";
import type { Progress } from "@/runs/train.ts";

/** The content of a progress bar. */
export interface ProgressContent {
  /** The share of the work that is done, from 0 to 1. */
  readonly share: number;
  /** Texts beside the bar, the most important first; on further lines if the terminal is too narrow. */
  readonly details: readonly string[];
  /** Texts after the remaining time, shown only where there is space. */
  readonly extras?: readonly string[];
}

/** A progress bar, or the lines that replace it. */
export interface ProgressDisplay {
  /** Shows the progress; calls that come too soon are not drawn. */
  show(shown: ProgressContent): void;
  /** Draws the last progress that was passed to `show`, and moves below it. */
  end(): void;
}

/** The time between two drawings of the bar, in milliseconds. */
const BAR_INTERVAL_MS = 100;
/** The time between two lines where there is no terminal, in milliseconds. */
const LINE_INTERVAL_MS = 5000;

/**
 * Creates a progress bar.
 *
 * @param terminal The terminal on which it is drawn.
 * @param title The name of the work, shown where there is no bar.
 * @param now A clock in milliseconds.
 * @returns The bar; nothing is drawn yet.
 */
export function createProgressBar(
  terminal: Terminal,
  title: string,
  now: () => number,
): ProgressDisplay {
  let writtenAt = terminal.columns() === null ? now() : -Infinity;
  let first: { readonly share: number; readonly time: number } | undefined;
  let [last, drawn, lines]: [ProgressContent?, ProgressContent?, number?] = [];

  function write(shown: ProgressContent, columns: number | null): void {
    [writtenAt, drawn] = [now(), shown];
    const { share: firstShare, time } = first ?? { share: 0, time: writtenAt };
    const left = remainingTime(firstShare, shown.share, (writtenAt - time) / 1000);
    const details = [...shown.details, ...left], { share, extras = [] } = shown;
    if (columns === null) return terminal.note(progressLine(title, share, [...details, ...extras]));
    const bar = progressBar(share, details, columns, extras);
    lines = bar.split("\n").length;
    terminal.overwrite(bar);
  }

  return {
    show(shown) {
      first ??= { share: shown.share, time: now() };
      last = shown;
      const columns = terminal.columns();
      if (now() - writtenAt >= (columns === null ? LINE_INTERVAL_MS : BAR_INTERVAL_MS)) {
        write(shown, columns);
      }
    },
    end() {
      const columns = terminal.columns();
      if (last && last !== drawn) write(last, columns);
      for (let line = 0; line < (lines ?? 0); line++) terminal.note("");
    },
  };
}

/** Extrapolates from the share that was done since the first call, `seconds` ago; empty if there is none. */
function remainingTime(firstShare: number, share: number, seconds: number): string[] {
  const isKnown = share > firstShare && share < 1;
  return isKnown ? [`${durationText(seconds / (share - firstShare) * (1 - share))} left`] : [];
}

/**
 * Draws a bar and its details, on as few lines as possible.
 *
 * @example Half of the work is done.
 * ```ts
 * import { progressBar } from "@/cli/progress.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const details = ["error 0.1", "2.0 s left"];
 * assertEquals(progressBar(0.5, details, 80), "█████░░░░░  50 %  error 0.1  2.0 s left");
 * assertEquals(progressBar(0.5, details, 30), "█████░░░░░  50 %  error 0.1\n  2.0 s left");
 * ```
 * @param share Share of the work that is done, from 0 to 1.
 * @param details Texts beside the bar.
 * @param columns The width of the terminal.
 * @param extras Texts that are added as long as there is space on the last line.
 * @returns Lines that are narrower than the terminal, separated by line breaks.
 */
export function progressBar(
  share: number,
  details: readonly string[],
  columns: number,
  extras: readonly string[] = [],
): string {
  const cells = columns < 100 ? 10 : 20, full = Math.floor(share * cells);
  const lines = [`${"█".repeat(full)}${"░".repeat(cells - full)} ${percent(share)}`];
  const fits = (text: string) => lines[lines.length - 1].length + 2 + text.length < columns;
  for (const detail of details) {
    if (fits(detail)) lines[lines.length - 1] += `  ${detail}`;
    else lines.push(`  ${detail}`);
  }
  for (const extra of extras) {
    if (!fits(extra)) break;
    lines[lines.length - 1] += `  ${extra}`;
  }
  return lines.map((line) => line.slice(0, Math.max(0, columns - 1))).join("\n");
}

function progressLine(title: string, share: number, details: readonly string[]): string {
  return `${title}: ${[percent(share).trim(), ...details].join(", ")}`;
}

/** Rounds down, so that 100 % means done. */
function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** The labels for a run that has none: every metric that is a number is shown. */
const DEFAULT_LABELS = { unit: "iterations", perIteration: 1, error: "error", shown: undefined };

/**
 * Formats a number of iterations in the unit of the run.
 *
 * @example Batches of four strings.
 * ```ts
 * import { amountText } from "@/cli/progress.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { unit: "strings", perIteration: 4, error: "loss", shown: [] };
 * assertEquals(amountText(labels, 1600), "6,400 strings");
 * assertEquals(amountText(undefined, 1600), "1,600 iterations");
 * ```
 * @param labels The labels of the run, if it has any.
 * @param iterations The number of iterations.
 * @returns The count and the unit.
 */
export function amountText(labels: ProgressLabels | undefined, iterations: number): string {
  const { unit, perIteration } = labels ?? DEFAULT_LABELS;
  return `${countText(iterations * perIteration)} ${unit}`;
}

/** How much of a run is done: a text such as "400 of 15,000 strings". */
export function doneText(
  labels: ProgressLabels | undefined,
  iteration: number,
  iterations: number,
): string {
  const { perIteration } = labels ?? DEFAULT_LABELS;
  return `${countText(iteration * perIteration)} of ${amountText(labels, iterations)}`;
}

/**
 * Prepares the progress of a run for a progress bar.
 *
 * @param progress The progress.
 * @param labels The labels of the run, if it has any.
 * @param rate The iterations per second in this session.
 * @returns The count and the error; the metrics that the labels name, and the speed. Without labels, the speed and all
 * metrics are shown only where there is space.
 */
export function runProgressContent(
  { iteration, iterations, share, metrics, evaluatedShare }: Progress,
  labels: ProgressLabels | undefined,
  rate: number,
): ProgressContent {
  const { unit, perIteration, error, shown } = labels ?? DEFAULT_LABELS;
  const speed = rate * perIteration, perSecond = labels ? ` ${unit}/s` : "/s";
  const others = metricTexts(metrics, shown);
  const speeds = speed > 0 && Number.isFinite(speed) ? [`${speedText(speed)}${perSecond}`] : [];
  return {
    share,
    details: [
      doneText(labels, iteration, iterations),
      `${error} ${measureText(metrics.error)}`,
      ...(labels ? [...others, ...speeds] : []),
      ...(evaluatedShare === undefined ? [] : [`evaluated ${Math.floor(100 * evaluatedShare)} %`]),
    ],
    extras: labels ? [] : [...speeds, ...others],
  };
}

function speedText(speed: number): string {
  return speed < 10 ? speed.toFixed(1) : countText(speed);
}

function metricTexts(metrics: Metrics, shown: readonly string[] | undefined): string[] {
  const names = shown ?? Object.keys(metrics).filter((name) => !/^(iteration|error)$/.test(name));
  return names.flatMap((name) => {
    const value = metrics[name];
    return typeof value === "number" ? [`${name} ${measureText(value)}`] : [];
  });
}
