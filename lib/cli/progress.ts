/**
 * A progress bar where there is a screen, now and then a line where there is none.
 *
 * @module
 */
import { countText, durationText, measureText } from "@/io/readable_numbers.ts";
import type { Terminal } from "@/io/terminal.ts";
import type { Metrics, ProgressWords } from "@/runs/run.ts";
import type { Progress } from "@/runs/train.ts";

/** What a progress bar shows. */
export interface Shown {
  /** Share of the work that is done, from 0 to 1. */
  readonly share: number;
  /** What else there is to say, the most important first; in further lines where a screen is too narrow. */
  readonly details: readonly string[];
  /** What is to be said after the time that is left, and only where there is room for it. */
  readonly extras?: readonly string[];
}

/** A progress bar, or what stands in for one. */
export interface ProgressDisplay {
  /** Shows where the work is; may be called at any rate. */
  show(shown: Shown): void;
  /** Shows the last that was given to `show`, and leaves it there. */
  end(): void;
}

const SCREEN_MS = 100;
const LINE_MS = 5000;

/**
 * Opens a progress bar.
 *
 * @param terminal Where it is shown.
 * @param title What is under way.
 * @param now A clock in milliseconds.
 * @returns The bar; nothing has been written yet.
 */
export function openProgress(
  terminal: Terminal,
  title: string,
  now: () => number,
): ProgressDisplay {
  let writtenAt = terminal.columns() === null ? now() : -Infinity;
  let first: { readonly share: number; readonly at: number } | undefined;
  let [last, written, lines]: [Shown?, Shown?, number?] = [];

  function write(shown: Shown, columns: number | null): void {
    [writtenAt, written] = [now(), shown];
    const { share: from, at } = first ?? { share: 0, at: writtenAt };
    const left = secondsLeft(from, shown.share, (writtenAt - at) / 1000);
    const details = [...shown.details, ...left], { share, extras = [] } = shown;
    if (columns === null) return terminal.note(progressLine(title, share, [...details, ...extras]));
    const bar = progressBar(share, details, columns, extras);
    lines = bar.split("\n").length;
    terminal.overwrite(bar);
  }

  return {
    show(shown) {
      first ??= { share: shown.share, at: now() };
      last = shown;
      const columns = terminal.columns();
      if (now() - writtenAt >= (columns === null ? LINE_MS : SCREEN_MS)) write(shown, columns);
    },
    end() {
      const columns = terminal.columns();
      if (last && last !== written) write(last, columns);
      for (let line = 0; line < (lines ?? 0); line++) terminal.note("");
    },
  };
}

/** The share done before this sitting took no time of it. */
function secondsLeft(from: number, share: number, seconds: number): string[] {
  const known = share > from && share < 1;
  return known ? [`${durationText(seconds / (share - from) * (1 - share))} left`] : [];
}

/**
 * What a screen shows: a bar and details, on as few lines as there is room on.
 *
 * @example Half done.
 * ```ts
 * import { progressBar } from "@/cli/progress.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const details = ["error 0.1", "2.0 s left"];
 * assertEquals(progressBar(0.5, details, 80), "█████░░░░░  50 %  error 0.1  2.0 s left");
 * assertEquals(progressBar(0.5, details, 30), "█████░░░░░  50 %  error 0.1\n  2.0 s left");
 * ```
 * @param share Share of the work that is done, from 0 to 1.
 * @param details What else there is to say.
 * @param columns Width of the screen.
 * @param extras What is said too, as long as there is room for it on the last line.
 * @returns Lines that are narrower than the screen, line breaks between them.
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

/** Rounded down: 100 % is for what is done. */
function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** What a run is told in that has no words of its own: every metric that is one number is shown. */
const PLAIN = { unit: "iterations", perIteration: 1, error: "error", shown: undefined };

/**
 * A count of iterations in a run's unit.
 *
 * @example Batches of four strings.
 * ```ts
 * import { amountText } from "@/cli/progress.ts";
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
  { iteration, iterations, share, metrics, evaluatedShare }: Progress,
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
      ...(evaluatedShare === undefined ? [] : [`evaluated ${Math.floor(100 * evaluatedShare)} %`]),
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
