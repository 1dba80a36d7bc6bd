/**
 * Activation functions with their derivatives: sigmoid, tanh, softmax and the rectifier.
 *
 * Derivatives are functions of the output, so that a backward pass needs only the stored outputs.
 *
 * Dimension: `K` logits.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4, for the use of σ and tanh in the controller;
 * Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs", for softmax.
 *
 * @module
 */
import { checkVector, type Vector } from "./shapes.ts";

/**
 * Computes the logistic sigmoid.
 *
 * y = σ(x) = 1 / (1 + e^−x)
 *
 * It is accurate for every x: if e^−x overflows, y is 0.
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example 0.5 at 0; the limits far from it.
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
 * Computes the derivative of {@linkcode sigmoid} from its output.
 *
 * ∂y/∂x = y (1 − y)
 *
 * Source: the derivative of y = 1 / (1 + e^−x), written in y.
 *
 * @example It is largest at y = 0.5, and 0 where the sigmoid is saturated.
 * ```ts
 * import { sigmoidSlope } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.5, 1].map(sigmoidSlope), [0, 0.25, 0]);
 * ```
 * @param y The output of `sigmoid`.
 * @returns ∂y/∂x.
 */
export function sigmoidSlope(y: number): number {
  return y * (1 - y);
}

/**
 * Computes the hyperbolic tangent.
 *
 * y = tanh x = (e^x − e^−x) / (e^x + e^−x)
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example 0 at 0; the limits far from it.
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
 * Computes the derivative of {@linkcode tanh} from its output.
 *
 * ∂y/∂x = 1 − y²
 *
 * Source: the derivative of y = tanh x, written in y.
 *
 * @example It is largest at y = 0.
 * ```ts
 * import { tanhSlope } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-1, 0, 0.5].map(tanhSlope), [0, 1, 0.75]);
 * ```
 * @param y The output of `tanh`.
 * @returns ∂y/∂x.
 */
export function tanhSlope(y: number): number {
  return 1 - y * y;
}

/**
 * Computes the rectifier.
 *
 * y = max(0, x)
 *
 * Source: Nair and Hinton 2010, "Rectified Linear Units Improve Restricted Boltzmann Machines".
 *
 * @example Negative numbers become 0.
 * ```ts
 * import { relu } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([-2, 0, 3].map(relu), [0, 0, 3]);
 * ```
 * @param x Any number.
 * @returns y, at least 0.
 */
export function relu(x: number): number {
  return Math.max(0, x);
}

/**
 * Computes the derivative of {@linkcode relu} from its output.
 *
 * ∂y/∂x = 1 if y > 0, else 0; at the kink it is 0
 *
 * Source: the derivative of y = max(0, x), written in y.
 *
 * @example It passes a gradient on or stops it.
 * ```ts
 * import { reluSlope } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 0.1, 3].map(reluSlope), [0, 1, 1]);
 * ```
 * @param y The output of `relu`.
 * @returns ∂y/∂x.
 */
export function reluSlope(y: number): number {
  return y > 0 ? 1 : 0;
}

/**
 * Converts logits to probabilities.
 *
 * p_k = e^x_k / Σ_j e^x_j
 *
 * The greatest logit is first subtracted from all, which does not change p but prevents an overflow of e^x.
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
 * Backward pass of {@linkcode softmax}.
 *
 * ∂L/∂x_k = p_k (∂L/∂p_k − Σ_j p_j ∂L/∂p_j)
 *
 * Source: the chain rule with ∂p_j/∂x_k = p_j ([j = k] − p_k).
 *
 * @example A larger first logit lowers the second probability.
 * ```ts
 * import { softmaxBackward } from "@/math/activations.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(softmaxBackward([0.5, 0.5], [1, 0]), [0.25, -0.25]);
 * ```
 * @param probabilities p, the output of `softmax`, `K`.
 * @param gProbabilities ∂L/∂p, `K`.
 * @returns ∂L/∂x, `K` numbers that sum to 0.
 * @throws {TypeError} If the numbers of gradients and probabilities differ.
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
