/**
 * String copying: read a string to its end, then write it again.
 *
 * b_i = a_i
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
 * import { copyTask } from "@/tasks/copy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...copyTask(4).pairOf!([0, 1, 2]).target], [0, 1, 2]);
 * ```
 * @param characters How many different characters; the 128 of ASCII if left out.
 * @returns The task.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function copyTask(characters?: number): AutoregressiveTask {
  const target = (source: ArrayLike<number>) => Int32Array.from(source);
  return characterTask({ name: "copy", title: "string copying", target }, characters);
}
