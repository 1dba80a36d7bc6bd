/**
 * The study `window-times` of notebook 17: the time that a network takes to learn from a text, by the length k of its
 * windows, as a ratio to the time with windows of {@linkcode REFERENCE_WINDOW} steps.
 *
 * `deno task statistics window-times` takes about a minute. Every round times all windows, one after the other, on the
 * same number of steps, and a ratio is one of two times of the same round, so that other load on the machine affects both.
 * Ratios differ somewhat from machine to machine.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { writeAtomically } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { median, range } from "@/math/lists.ts";
import { createWindowLearner, type WindowLearner } from "@/tutorial/recalling_in_a_stream.ts";
import type { Study, StudyHost } from "./study.ts";

/** k, the lengths of the windows. */
export const TIMED_WINDOWS = [1, 2, 4, 8, 16, 32, 64] as const;
/** The window that the times of the others are divided by. */
export const REFERENCE_WINDOW = 32;
/** Path of the table, from the project's folder. */
export const WINDOW_TIMES_FILE = "notebooks/data/window_times.json";

/** Rounds over all windows. */
const ROUNDS = 15;
/** Steps of each stream that are timed in a round. */
const STEPS = 4096;

/** The time of one window. */
export interface WindowTime {
  /** k. */
  readonly window: number;
  /** The median over the rounds of its time, divided by that of the reference window. */
  readonly ratio: number;
  /** The lower and the upper quartile of the rounds. */
  readonly quartiles: readonly [lower: number, upper: number];
}

/** The stored table. */
export interface WindowTimesTable {
  readonly rounds: number;
  readonly windows: readonly WindowTime[];
}

/** The number below which a share of sorted numbers lies, at a place of one of them. */
const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.round(share * (sorted.length - 1))];

/**
 * Divides the times of each round by that of the reference window, and summarizes the rounds.
 *
 * @example Two windows; the second round was slow for both.
 * ```ts
 * import { summarizeTimes } from "@/studies/window_times_study.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(summarizeTimes([1, 32], [[30, 10], [90, 30], [30, 15]])[0], {
 *   window: 1,
 *   ratio: 3,
 *   quartiles: [3, 3],
 * });
 * ```
 * @param windows The windows, the reference window among them.
 * @param rounds For each round the times, in any unit, in the order of the windows.
 * @returns The ratios, in the order of the windows, to two decimals.
 */
export function summarizeTimes(
  windows: readonly number[],
  rounds: readonly (readonly number[])[],
): WindowTime[] {
  const reference = windows.indexOf(REFERENCE_WINDOW), round = (x: number) => Number(x.toFixed(2));
  return windows.map((window, k) => {
    const ratios = rounds.map((times) => times[k] / times[reference]).sort((a, b) => a - b);
    const quartiles = [round(quantile(ratios, 0.25)), round(quantile(ratios, 0.75))] as const;
    return { window, ratio: round(median(ratios)), quartiles };
  });
}

/** Learns from the next steps of its streams, and returns the milliseconds that it took. */
function timeSteps(learner: WindowLearner): number {
  const until = learner.steps + STEPS, start = performance.now();
  while (learner.steps < until) learner.learn();
  return performance.now() - start;
}

function measureAll(): WindowTimesTable {
  const learners = TIMED_WINDOWS.map((window) =>
    createWindowLearner({ delays: [5], window, carry: true, seed: 1 })
  );
  learners.forEach(timeSteps); // compiles the code
  const rounds = range(ROUNDS).map(() => learners.map(timeSteps));
  return { rounds: ROUNDS, windows: summarizeTimes(TIMED_WINDOWS, rounds) };
}

/** Formats the table as JSON with one window a line. */
function formatTable({ rounds, windows }: WindowTimesTable): string {
  const lines = windows.map((window) => `    ${JSON.stringify(window)}`).join(",\n");
  return `{\n  "rounds": ${rounds},\n  "windows": [\n${lines}\n  ]\n}\n`;
}

function make(part: string, { terminal }: StudyHost): void {
  if (part !== "") throw new UserError("make window-times", "no PART", JSON.stringify(part));
  const table = measureAll();
  writeAtomically(disk, WINDOW_TIMES_FILE, formatTable(table));
  for (const { window, ratio, quartiles: [lower, upper] } of table.windows) {
    terminal.print(
      `windows of ${window}: ${ratio} times the time of ${REFERENCE_WINDOW}, ${lower} to ${upper}`,
    );
  }
}

/** The study on the command line. */
export const WINDOW_TIMES_STUDY: Study = {
  name: "window-times",
  about: `${WINDOW_TIMES_FILE}, for notebook 17; always computed in full`,
  make,
};
