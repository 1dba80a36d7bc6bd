/**
 * Writing a string of bits twice, at blanks.
 *
 * b_i = b_{k+i} = a_i
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, the task "Duplicate String".
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
 * import { duplicateStringTask } from "@/tasks/duplicate_string.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...duplicateStringTask().pairOf!([0, 0, 1]).target], [0, 0, 1, 0, 0, 1]);
 * ```
 * @returns The task.
 */
export function duplicateStringTask(): InPlaceTask {
  const target = (source: Int32Array) => {
    const k = source.length;
    return Int32Array.from({ length: 2 * k }, (_, i) => source[i % k]);
  };
  return bitTask({ name: "duplicate-string", title: "writing bits twice", target });
}
