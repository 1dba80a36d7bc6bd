/**
 * What the steering of a stack needs of its numbers.
 *
 * `T` steps, `O` numbers in o′_t.
 *
 * @module
 */
import { checkMatrix, checkVector, type Matrix } from "@/math/shapes.ts";
import { checkLearningRate } from "./learning_rate.ts";
import type { SteeringGradient, SteeringWeights } from "./steered_stack.ts";

/**
 * Checks that there is an o′_t, and that each has `O` finite numbers.
 *
 * @example A steering has at least one step.
 * ```ts
 * import { checkOPrimes } from "@/models/steering_checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkOPrimes("steer the stack", []),
 *   TypeError,
 *   "Cannot steer the stack: wanted 1 row of o′ or more, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param oPrimes o′_1 … o′_T, `T` × `O`.
 * @param O Numbers in each o′_t; as many as in the first if left out.
 * @throws {TypeError} If there is no step, or one has not `O` numbers.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkOPrimes(action: string, oPrimes: Matrix, O?: number): void {
  if (oPrimes.length === 0) {
    throw new TypeError(`Cannot ${action}: wanted 1 row of o′ or more, got 0`);
  }
  checkMatrix(action, "numbers in o′", oPrimes, oPrimes.length, O);
}

/**
 * Checks that weights, their gradient and a learning rate fit together.
 *
 * @example Each weight needs a gradient.
 * ```ts
 * import { checkSteeringDescent } from "@/models/steering_checks.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const weights = { popWeights: [1], popBias: 2, pushWeights: [3], pushBias: 4 };
 * const gradient = { gPopWeights: [1], gPopBias: 0, gPushWeights: [], gPushBias: 4 };
 * assertThrows(
 *   () => checkSteeringDescent("descend", weights, gradient, 0.5),
 *   TypeError,
 *   "Cannot descend: wanted 1 gradients of push weights, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param weights W_u, b_u, W_d and b_d.
 * @param gradient ∂L by each of them.
 * @param learningRate η.
 * @throws {TypeError} If there are not as many gradients as weights.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function checkSteeringDescent(
  action: string,
  { popWeights: Wu, popBias: bu, pushWeights: Wd, pushBias: bd }: SteeringWeights,
  { gPopWeights, gPopBias, gPushWeights, gPushBias }: SteeringGradient,
  learningRate: number,
): void {
  checkVector(action, "pop weights", Wu);
  checkVector(action, "push weights", Wd);
  checkVector(action, "gradients of pop weights", gPopWeights, Wu.length);
  checkVector(action, "gradients of push weights", gPushWeights, Wd.length);
  checkVector(action, "biases", [bu, bd]);
  checkVector(action, "gradients of biases", [gPopBias, gPushBias]);
  checkLearningRate(action, learningRate);
}
