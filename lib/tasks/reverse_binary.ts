/**
 * Reversing a string of bits, written at blanks.
 *
 * b_i = a_{k+1−i}
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, the task "Reverse String".
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
 * import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...reverseBinaryTask().pairOf!([0, 0, 1]).target], [1, 0, 0]);
 * ```
 * @returns The task.
 */
export function reverseBinaryTask(): InPlaceTask {
  const target = (source: Int32Array) => source.toReversed();
  return bitTask({ name: "reverse-binary", title: "reversing bits", target });
}
