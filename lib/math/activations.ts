/**
 * The functions that layers end in, each forward beside backward.
 *
 * Their slopes are functions of what came out, so that a backward pass needs nothing else.
 *
 * `K` numbers in a row.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4, for σ and tanh and where they stand;
 * Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs", for softmax.
 *
 * @module
 */
import { checkVector, type Vector } from "./shapes.ts";

/**
 * Squeezes a number between 0 and 1.
 *
 * y = σ(x) = 1 / (1 + e^−x)
 *
 * Safe for every x: where e^−x overflows, y is 0, and nothing is lost.
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example Half at 0, nearly nothing far below.
 * ```ts
 * import { sigmoid } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-800, 0, 800].map(sigmoid), [0, 0.5, 1]);
 * ```
 * @param x Any number.
 * @returns y, from 0 to 1.
 */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Gives the slope of {@linkcode sigmoid}.
 *
 * ∂y/∂x = y (1 − y)
 *
 * Source: the derivative of y = 1 / (1 + e^−x), written in y.
 *
 * @example Steepest in the middle; flat, to the last digit, where y has become 1.
 * ```ts
 * import { sigmoidSlope } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.5, 1].map(sigmoidSlope), [0, 0.25, 0]);
 * ```
 * @param y What came out of `sigmoid`.
 * @returns ∂y/∂x.
 */
export function sigmoidSlope(y: number): number {
  return y * (1 - y);
}

/**
 * Squeezes a number between −1 and 1.
 *
 * y = tanh x = (e^x − e^−x) / (e^x + e^−x)
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example Nothing at 0, one far above.
 * ```ts
 * import { tanh } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-800, 0, 800].map(tanh), [-1, 0, 1]);
 * ```
 * @param x Any number.
 * @returns y, from −1 to 1.
 */
export function tanh(x: number): number {
  return Math.tanh(x);
}

/**
 * Gives the slope of {@linkcode tanh}.
 *
 * ∂y/∂x = 1 − y²
 *
 * Source: the derivative of y = tanh x, written in y.
 *
 * @example Steepest in the middle.
 * ```ts
 * import { tanhSlope } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-1, 0, 0.5].map(tanhSlope), [0, 1, 0.75]);
 * ```
 * @param y What came out of `tanh`.
 * @returns ∂y/∂x.
 */
export function tanhSlope(y: number): number {
  return 1 - y * y;
}

/**
 * Turns logits into probabilities.
 *
 * p_k = e^x_k / Σ_j e^x_j
 *
 * The greatest logit is first taken off all of them, which changes nothing but keeps e^x from overflowing.
 *
 * Source: Bridle 1990.
 *
 * @example Only differences between logits matter.
 * ```ts
 * import { softmax } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(softmax([5, 5]), [0.5, 0.5]);
 * assertEquals(softmax([1001, 1000]), softmax([1, 0]));
 * ```
 * @param logits x, `K` numbers, at least one.
 * @returns p, `K` numbers that sum to 1.
 * @throws {TypeError} If there is no logit.
 * @throws {RangeError} If one is NaN or infinite.
 */
export function softmax(logits: Vector): Vector {
  if (logits.length === 0) throw new TypeError("Cannot take the softmax: wanted logits, got none");
  checkVector("take the softmax", "logits", logits);
  const greatest = logits.reduce((greatest, x_k) => Math.max(greatest, x_k));
  const powers = logits.map((x_k) => Math.exp(x_k - greatest));
  const sum = powers.reduce((sum, power) => sum + power);
  return powers.map((power) => power / sum);
}

/**
 * Reverses {@linkcode softmax}.
 *
 * ∂L/∂x_k = p_k (∂L/∂p_k − Σ_j p_j ∂L/∂p_j)
 *
 * Source: the chain rule with ∂p_j/∂x_k = p_j ([j = k] − p_k).
 *
 * @example More of the first is less of the second.
 * ```ts
 * import { softmaxBackward } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(softmaxBackward([0.5, 0.5], [1, 0]), [0.25, -0.25]);
 * ```
 * @param probabilities p, what came out of `softmax`, `K`.
 * @param gProbabilities ∂L/∂p, `K`.
 * @returns ∂L/∂x, `K` numbers that sum to 0.
 * @throws {TypeError} If there are not as many gradients as probabilities.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function softmaxBackward(probabilities: Vector, gProbabilities: Vector): Vector {
  const action = "reverse the softmax";
  checkVector(action, "probabilities", probabilities);
  checkVector(action, "gradients (one for each)", gProbabilities, probabilities.length);
  const [p, gP] = [probabilities, gProbabilities];
  const mean = p.reduce((sum, p_j, j) => sum + p_j * gP[j], 0);
  return p.map((p_k, k) => p_k * (gP[k] - mean));
}
