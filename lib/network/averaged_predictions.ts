/**
 * The mean of what several networks predict, with its gradient.
 *
 * The networks' probabilities are averaged, not their logits: p_k = 1/N Σ_n p^n_k with p^n = softmax(x^n). The result is
 * given as ln p, which serves as logits: softmax(ln p) = p.
 *
 * `N` networks, `K` symbols.
 *
 * Source: Schuster and Paliwal 1997, "Bidirectional Recurrent Neural Networks", section II, for two networks that read in
 * opposite directions.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";

/** ln Σ_k e^x_k. */
function logSumExp(x: Vector): number {
  const greatest = x.reduce((greatest, x_k) => Math.max(greatest, x_k));
  return greatest + Math.log(x.reduce((total, x_k) => total + Math.exp(x_k - greatest), 0));
}

/** ln p^n = x^n − ln Σ_k e^x^n_k. */
function logSoftmax(x: Vector): Vector {
  const total = logSumExp(x);
  return x.map((x_k) => x_k - total);
}

/**
 * Averages predictions.
 *
 * ln p_k = ln (1/N Σ_n softmax(x^n)_k)
 *
 * Source: Schuster and Paliwal 1997, section II.
 *
 * @example One network is sure, the other does not know: 3/4.
 * ```ts
 * import { averagePredictions } from "@/network/averaged_predictions.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logProbabilities = averagePredictions([[800, 0], [7, 7]]);
 * assertAlmostEquals(logProbabilities[0], Math.log(3 / 4), 1e-15);
 * assertAlmostEquals(logProbabilities[1], Math.log(1 / 4), 1e-15);
 * ```
 * @param logits x^1 … x^N, `N` × `K`, at least one.
 * @returns ln p, `K`.
 * @throws {TypeError} If there is no network, or they do not have equally many logits.
 * @throws {RangeError} If a logit is NaN or infinite.
 */
export function averagePredictions(logits: Matrix): Vector {
  checkLogits("average predictions", logits);
  const logs = logits.map(logSoftmax), N = logits.length;
  return logits[0].map((_, k) => logSumExp(logs.map((log) => log[k])) - Math.log(N));
}

/**
 * Reverses {@linkcode averagePredictions}.
 *
 * ∂L/∂x^n_j = r^n_j g_j − p^n_j Σ_k r^n_k g_k with g = ∂L/∂ln p and r^n_k = p^n_k / (N p_k), the share of network n in p_k
 *
 * Source: the chain rule.
 *
 * @example The network that gave the symbol more probability has more of the gradient.
 * ```ts
 * import { averagePredictionsBackward } from "@/network/averaged_predictions.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = [[Math.log(3), 0], [0, 0]]; // 3/4 and 1/2 for the first symbol
 * const [first, second] = averagePredictionsBackward(logits, [1, 0]);
 * assertAlmostEquals(first[0], 0.6 * (1 - 3 / 4), 1e-15);
 * assertAlmostEquals(second[0], 0.4 * (1 - 1 / 2), 1e-15);
 * ```
 * @param logits x^1 … x^N, `N` × `K`.
 * @param gLogProbabilities ∂L/∂ln p, `K`.
 * @returns ∂L/∂x^1 … ∂L/∂x^N, `N` × `K`.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function averagePredictionsBackward(logits: Matrix, gLogProbabilities: Vector): Matrix {
  const action = "reverse averaged predictions", N = logits.length, g = gLogProbabilities;
  checkLogits(action, logits);
  checkMatrix(action, "gradients", [g], 1, logits[0].length);
  const average = averagePredictions(logits);
  return logits.map((x) => {
    const log = logSoftmax(x);
    const gLog = log.map((log_k, k) => Math.exp(log_k - average[k]) / N * g[k]); // r_k g_k
    const total = gLog.reduce((total, gLog_k) => total + gLog_k);
    return gLog.map((gLog_j, j) => gLog_j - Math.exp(log[j]) * total);
  });
}

function checkLogits(action: string, logits: Matrix): void {
  if (logits.length === 0 || logits[0].length === 0) {
    throw new TypeError(`Cannot ${action}: wanted the logits of 1 network or more, got none`);
  }
  checkMatrix(action, "logits", logits);
}
