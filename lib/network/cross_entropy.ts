/**
 * Softmax and cross-entropy as one function, with its gradient.
 *
 * `K` symbols; natural logarithms.
 *
 * @module
 */
import { softmax } from "@/math/activations.ts";
import { checkVector, type Vector } from "@/math/shapes.ts";

/**
 * Computes the cross-entropy of a target symbol.
 *
 * −ln p_target, p = softmax(x): ln Σ_k e^x_k − x_target
 *
 * The greatest logit is first subtracted from all of them, so that no power overflows; p itself is never computed, so
 * that a p_target below the smallest number still has a logarithm.
 *
 * Source: Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs".
 *
 * @example Two symbols, equally likely: ln 2. A second case: a target that is practically impossible.
 * ```ts
 * import { crossEntropy } from "@/network/cross_entropy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(crossEntropy([5, 5], 1), Math.LN2);
 * assertEquals(crossEntropy([1e6, 0], 1), 1e6);
 * ```
 * @param logits x, `K`.
 * @param target The symbol, from 0 to `K` − 1.
 * @returns Nats, at least 0.
 * @throws {RangeError} If there is no such symbol, or a logit is NaN or infinite.
 */
export function crossEntropy(logits: Vector, target: number): number {
  checkTarget("take the cross-entropy", logits, target);
  const greatest = logits.reduce((greatest, x_k) => Math.max(greatest, x_k));
  const total = logits.reduce((total, x_k) => total + Math.exp(x_k - greatest), 0);
  return Math.log(total) + (greatest - logits[target]);
}

/**
 * Reverses {@linkcode crossEntropy}.
 *
 * ∂L/∂x_k = ∂L/∂loss (p_k − [k = target])
 *
 * Source: Bridle 1990.
 *
 * @example The gradients of the target and of the others sum to 0.
 * ```ts
 * import { crossEntropyBackward } from "@/network/cross_entropy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(crossEntropyBackward([5, 5], 1, 4), [2, -2]);
 * ```
 * @param logits x, `K`.
 * @param target The symbol, from 0 to `K` − 1.
 * @param gLoss ∂L/∂loss.
 * @returns ∂L/∂x, `K`.
 * @throws {RangeError} If there is no such symbol, or a logit is NaN or infinite.
 */
export function crossEntropyBackward(logits: Vector, target: number, gLoss: number): Vector {
  checkTarget("reverse the cross-entropy", logits, target);
  return softmax(logits).map((p_k, k) => gLoss * (p_k - (k === target ? 1 : 0)));
}

function checkTarget(action: string, logits: Vector, target: number): void {
  const K = logits.length;
  if (!(Number.isInteger(target) && target >= 0 && target < K)) {
    throw new RangeError(`Cannot ${action}: wanted a target from 0 to ${K - 1}, got ${target}`);
  }
  checkVector(action, "logits", logits);
}
