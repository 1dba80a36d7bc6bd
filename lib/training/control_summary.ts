/**
 * A batch's pushes and pops in a few numbers: the share of steps at which a pop's gradient is alive, and the means while
 * strings are read and while answers are written.
 *
 * A step reads if it has no target, and writes if it has one.
 *
 * @module
 */
import { endsOf, type MemoryName } from "@/memory/memories.ts";
import { NO_TARGET } from "@/tasks/task.ts";

/** Means over the steps of a batch; 0 where it has no such steps. */
export interface ControlSummary {
  /**
   * Share of the steps in the trainable region of a constant pop: 2d − 1 < u < d, in a queue u < d. A deque's top is counted as
   * a stack, whatever the bottom pops; a superposition stack has no such region, and 1 here.
   */
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

function isLive(memory: MemoryName, d: number, u: number): boolean {
  return endsOf(memory) === undefined || (memory === "queue" || 2 * d - 1 < u) && u < d;
}

/**
 * Summarizes a batch's controls.
 *
 * @example One string of one character: two steps of reading, two of writing.
 * ```ts
 * import { summarizeControls } from "@/training/control_summary.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = { pushes: [0.5, 1, 0, 0], pops: [0.25, 0, 1, 1] };
 * assertEquals(summarizeControls(controls, [{ targets: [-1, -1, 7, 9] }]), {
 *   live: 0.25,
 *   readPush: 0.75,
 *   readPop: 0.125,
 *   writePush: 0,
 *   writePop: 1,
 * });
 * ```
 * @param controls Of one port, as the engine gives them.
 * @param strings The strings of the batch, in its order.
 * @param memory Whose port it is; a stack if left out.
 * @returns The means.
 */
export function summarizeControls(
  { pushes, pops }: BatchControls,
  strings: readonly { readonly targets: readonly number[] }[],
  memory: MemoryName = "stack",
): ControlSummary {
  const slots = strings.toSorted((a, b) => b.targets.length - a.targets.length);
  const reading = { steps: 0, push: 0, pop: 0 }, writing = { steps: 0, push: 0, pop: 0 };
  let live = 0;
  for (let t = 0, at = 0; at < pushes.length; t++) {
    for (let slot = 0; slot < slots.length && t < slots[slot].targets.length; slot++, at++) {
      const d = pushes[at], u = pops[at];
      const phase = slots[slot].targets[t] === NO_TARGET ? reading : writing;
      phase.steps++;
      phase.push += d;
      phase.pop += u;
      if (isLive(memory, d, u)) live++;
    }
  }
  const mean = (sum: number, steps: number) => steps === 0 ? 0 : sum / steps;
  return {
    live: live / (reading.steps + writing.steps),
    readPush: mean(reading.push, reading.steps),
    readPop: mean(reading.pop, reading.steps),
    writePush: mean(writing.push, writing.steps),
    writePop: mean(writing.pop, writing.steps),
  };
}
