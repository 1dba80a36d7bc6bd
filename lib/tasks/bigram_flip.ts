/**
 * Bigram flipping: read a string of pairs of characters, then write each pair the other way round.
 *
 * b_{2i−1} = a_{2i},  b_{2i} = a_{2i−1},  k even
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.1.
 *
 * @module
 */
import { type AutoregressiveTask, characterTask } from "./task.ts";

/**
 * Makes the task.
 *
 * Every even length of a range is equally likely; a range of a single odd length gives strings one longer.
 *
 * @example
 * ```ts
 * import { bigramFlipTask } from "@/tasks/bigram_flip.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...bigramFlipTask(4).pairOf!([0, 1, 2, 3]).target], [1, 0, 3, 2]);
 * ```
 * @param characters How many different characters; the 128 of ASCII if left out.
 * @returns The task; its `pairOf` throws a `NoTargetError` for a source of odd length.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function bigramFlipTask(characters?: number): AutoregressiveTask {
  const target = (source: ArrayLike<number>) => Int32Array.from(source, (_, i) => source[i ^ 1]);
  const rule = { name: "bigram-flip", title: "bigram flipping", evenLengths: true, target };
  return characterTask(rule, characters);
}
