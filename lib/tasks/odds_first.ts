/**
 * Writing the bits at odd places of a string, then those at even places, at blanks.
 *
 * b = a_1 a_3 a_5 … a_2 a_4 a_6 …
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, the task "Odds First", as it is described there. The program published with
 * the paper writes the bits at even places first.
 *
 * @module
 */
import { bitTask } from "./blanks.ts";
import type { InPlaceTask } from "./task.ts";

/**
 * Makes the task.
 *
 * @example
 * ```ts
 * import { oddsFirstTask } from "@/tasks/odds_first.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...oddsFirstTask().pairOf!([1, 0, 1, 0, 1]).target], [1, 1, 1, 0, 0]);
 * ```
 * @returns The task.
 */
export function oddsFirstTask(): InPlaceTask {
  const every = (source: Int32Array, first: number) => source.filter((_, i) => i % 2 === first);
  // Places are counted from 1.
  const target = (source: Int32Array) =>
    Int32Array.from([...every(source, 0), ...every(source, 1)]);
  return bitTask({ name: "odds-first", title: "writing bits at odd places first", target });
}
