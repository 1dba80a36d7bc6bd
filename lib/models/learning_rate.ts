/**
 * What every step of plain gradient descent needs of its learning rate.
 *
 * @module
 */

/**
 * Checks that a learning rate is finite and above 0.
 *
 * @example A rate of 0 would learn nothing.
 * ```ts
 * import { checkLearningRate } from "@/models/learning_rate.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkLearningRate("descend", 0),
 *   RangeError,
 *   "Cannot descend: wanted a finite learning rate above 0, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param learningRate η.
 * @throws {RangeError} If η is NaN, infinite, 0 or negative.
 */
export function checkLearningRate(action: string, learningRate: number): void {
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(
      `Cannot ${action}: wanted a finite learning rate above 0, got ${learningRate}`,
    );
  }
}
