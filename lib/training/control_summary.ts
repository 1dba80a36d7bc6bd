/**
 * What a batch's pushes and pops were like: how many of them a pop's gradient can reach, and their means
 * while strings are read and while they are written.
 *
 * A string of k characters is read in its first k + 1 steps (start and characters) and written in the
 * k + 1 that follow (separator and characters); see `string_reversal.ts`.
 *
 * @module
 */

/** Means over the steps of a batch. */
export interface ControlSummary {
  /** Share of the steps with 2d − 1 < u < d: the live window. */
  readonly live: number;
  /** Mean d while reading. */
  readonly readPush: number;
  /** Mean u while reading. */
  readonly readPop: number;
  /** Mean d while writing. */
  readonly writePush: number;
  /** Mean u while writing. */
  readonly writePop: number;
}

/** d and u of each step, all strings' first steps first, of each step the longest string's first. */
export interface BatchControls {
  readonly pushes: ArrayLike<number>;
  readonly pops: ArrayLike<number>;
}

/**
 * Sums up a batch's controls.
 *
 * @example One string of one character: two steps of reading, two of writing.
 * ```ts
 * import { summariseControls } from "@/training/control_summary.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = { pushes: [0.5, 1, 0, 0], pops: [0.25, 0, 1, 1] };
 * assertEquals(summariseControls(controls, [1]), {
 *   live: 0.25,
 *   readPush: 0.75,
 *   readPop: 0.125,
 *   writePush: 0,
 *   writePop: 1,
 * });
 * ```
 * @param controls As the engine gives them.
 * @param lengths How many characters each string of the batch has, in any order.
 * @returns The means.
 */
export function summariseControls(
  { pushes, pops }: BatchControls,
  lengths: readonly number[],
): ControlSummary {
  const sorted = lengths.toSorted((a, b) => b - a);
  const reading = { steps: 0, push: 0, pop: 0 }, writing = { steps: 0, push: 0, pop: 0 };
  let live = 0;
  for (let t = 1, at = 0; at < pushes.length; t++) {
    for (let slot = 0; slot < sorted.length && 2 * sorted[slot] + 2 >= t; slot++, at++) {
      const d = pushes[at], u = pops[at], phase = t <= sorted[slot] + 1 ? reading : writing;
      phase.steps++;
      phase.push += d;
      phase.pop += u;
      if (2 * d - 1 < u && u < d) live++;
    }
  }
  return {
    live: live / (reading.steps + writing.steps),
    readPush: reading.push / reading.steps,
    readPop: reading.pop / reading.steps,
    writePush: writing.push / writing.steps,
    writePop: writing.pop / writing.steps,
  };
}
