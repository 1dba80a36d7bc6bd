/**
 * A progress bar where there is a screen, now and then a line where there is none.
 *
 * @module
 */
import { durationText } from "./readable_numbers.ts";
import type { Terminal } from "./terminal.ts";

/** What a progress bar shows. */
export interface Shown {
  /** Share of the work that is done, from 0 to 1. */
  readonly share: number;
  /** What else there is to say, the most important first. */
  readonly details: readonly string[];
  /** What is to be said after the time that is left, and only where there is room. */
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
  let last: Shown | undefined;

  function write(shown: Shown, columns: number | null): void {
    writtenAt = now();
    const { share: from, at } = first ?? { share: 0, at: writtenAt };
    const left = secondsLeft(from, shown.share, (writtenAt - at) / 1000);
    const all = [...shown.details, ...left, ...shown.extras ?? []];
    if (columns === null) terminal.note(progressLine(title, shown.share, all));
    else terminal.overwrite(progressBar(shown.share, all, columns));
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
      if (last) write(last, columns);
      if (last && columns !== null) terminal.note("");
    },
  };
}

/** The share done before this sitting took no time of it. */
function secondsLeft(from: number, share: number, seconds: number): string[] {
  const known = share > from && share < 1;
  return known ? [`${durationText(seconds / (share - from) * (1 - share))} left`] : [];
}

/**
 * One line for a screen: a bar, and as many details as there is room for.
 *
 * @example Half done.
 * ```ts
 * import { progressBar } from "@/cli/progress_display.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   progressBar(0.5, ["error 0.1", "2.0 s left"], 80),
 *   "█████░░░░░  50 %  error 0.1  2.0 s left",
 * );
 * ```
 * @param share Share of the work that is done, from 0 to 1.
 * @param details What else there is to say.
 * @param columns Width of the screen.
 * @returns A line that is narrower than the screen.
 */
export function progressBar(share: number, details: readonly string[], columns: number): string {
  const cells = columns < 100 ? 10 : 20;
  const full = Math.floor(share * cells);
  let line = `${"█".repeat(full)}${"░".repeat(cells - full)} ${percent(share)}`;
  for (const detail of details) {
    if (line.length + 2 + detail.length >= columns) break;
    line += `  ${detail}`;
  }
  return line.slice(0, Math.max(0, columns - 1));
}

function progressLine(title: string, share: number, details: readonly string[]): string {
  return `${title}: ${[percent(share).trim(), ...details].join(", ")}`;
}

/** Rounded down: 100 % is for what is done. */
function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}
