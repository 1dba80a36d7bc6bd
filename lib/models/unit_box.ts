/**
 * Gradient descent for numbers that must stay between 0 and 1.
 *
 * @module
 */
import { checkVector, type Vector } from "@/math/shapes.ts";
import { checkLearningRate } from "./learning_rate.ts";

/**
 * One step of gradient descent in a box: each number stays in [0, 1].
 *
 * x ← min(1, max(0, x − η ∂loss/∂x))
 *
 * @example A step that would leave the box ends on its side.
 * ```ts
 * import { descendInUnitBox } from "@/models/unit_box.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(descendInUnitBox([0.5, 0.5], [1, -3], 0.25), [0.25, 1]);
 * ```
 * @param x Where the step sets out, any number of numbers in [0, 1].
 * @param gradient ∂loss/∂x, as many.
 * @param learningRate η, above 0.
 * @returns Where it arrives.
 * @throws {TypeError} If the gradient is not as long as `x`.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function descendInUnitBox(x: Vector, gradient: Vector, learningRate: number): Vector {
  const action = "descend in the unit box";
  checkVector(action, "numbers to set out from", x);
  checkVector(action, "gradients (one for each number)", gradient, x.length);
  checkLearningRate(action, learningRate);
  return x.map((x_i, i) => Math.min(1, Math.max(0, x_i - learningRate * gradient[i])));
}
