/**
 * Substitution: read a string to its end, then write it again in a cipher alphabet.
 *
 * b_i = π(a_i)
 *
 * π is a permutation of the characters, drawn once and for all: the same in every run, whatever its seed. Position by position
 * the target is a function of the source, so that it matters only how far a source symbol is from its target.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { type AutoregressiveTask, characterTask, createVocabulary } from "./task.ts";

/**
 * Makes the task.
 *
 * @example The cipher alphabet of four characters.
 * ```ts
 * import { substitutionTask } from "@/tasks/substitution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { target } = substitutionTask(4).pairOf!([0, 1, 2, 3, 0]);
 * assertEquals([...target], [1, 0, 3, 2, 1]);
 * ```
 * @param characters How many different characters; the 128 of ASCII if left out.
 * @returns The task.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function substitutionTask(characters?: number): AutoregressiveTask {
  const { characters: count } = createVocabulary(characters);
  const permutation = seededRandom(`substitution of ${count} characters`).shuffle(range(count));
  const target = (source: ArrayLike<number>) =>
    Int32Array.from(source, (symbol) => permutation[symbol]);
  return characterTask({ name: "substitution", title: "fixed substitution", target }, characters);
}
