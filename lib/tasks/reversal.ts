/**
 * String reversal: read a string to its end, then write it backwards.
 *
 * b_i = a_{k+1−i}
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.1.
 *
 * @module
 */
import { type AutoregressiveTask, characterTask } from "./task.ts";

/**
 * Makes the task.
 *
 * @example
 * ```ts
 * import { reversalTask } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...reversalTask(4).pairOf!([0, 1, 2]).target], [2, 1, 0]);
 * ```
 * @param characters How many different characters; the 128 of ASCII if left out.
 * @returns The task.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function reversalTask(characters?: number): AutoregressiveTask {
  const target = (source: ArrayLike<number>) => Int32Array.from(source).reverse();
  return characterTask({ name: "reversal", title: "string reversal", target }, characters);
}
