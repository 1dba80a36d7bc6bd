/**
 * Work that is done a step at a time, so that others may look, listen or stop in between.
 *
 * @module
 */

/**
 * Does all steps in one go.
 *
 * @example Two steps and a result.
 * ```ts
 * import { allAtOnce } from "@/training/steps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function* work() {
 *   yield 0.5;
 *   yield 1;
 *   return "done";
 * }
 * assertEquals(allAtOnce(work()), "done");
 * ```
 * @param steps The work.
 * @returns What it comes to.
 */
export function allAtOnce<T>(steps: Generator<unknown, T>): T {
  for (let next = steps.next();; next = steps.next()) {
    if (next.done) return next.value;
  }
}
