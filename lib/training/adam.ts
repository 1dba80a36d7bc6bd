/**
 * Steps down a gradient: plain, and Adam.
 *
 * @module
 */

/** What Adam remembers, bit for bit. */
export interface AdamState {
  /** Steps taken. */
  steps: number;
  /** Running mean of the gradient. */
  readonly mean: Float64Array;
  /** Running mean of its square. */
  readonly square: Float64Array;
}

const MEAN_DECAY = 0.9, SQUARE_DECAY = 0.999, TINY = 1e-8;

/** Adam before its first step, for `length` parameters. */
export function createAdam(length: number): AdamState {
  return { steps: 0, mean: new Float64Array(length), square: new Float64Array(length) };
}

/**
 * Takes a step of the same size in every direction in which the gradient keeps its sign.
 *
 * m ← 0.9 m + 0.1 g, q ← 0.999 q + 0.001 g², θ ← θ − η (m / (1 − 0.9^k)) / (√(q / (1 − 0.999^k)) + 10⁻⁸)
 *
 * Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
 *
 * @example The first step is as long as the learning rate, however small the gradient.
 * ```ts
 * import { adamStep, createAdam } from "@/training/adam.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const parameters = new Float64Array([1, 1]);
 * adamStep(createAdam(2), parameters, new Float64Array([0.001, -5]), 0.1);
 * assertAlmostEquals(parameters[0], 0.9, 1e-5);
 * assertAlmostEquals(parameters[1], 1.1, 1e-5);
 * ```
 * @param state What is remembered, changed.
 * @param parameters θ, changed.
 * @param gradient g, as many numbers.
 * @param rate η, the learning rate.
 */
export function adamStep(
  state: AdamState,
  parameters: Float64Array,
  gradient: Float64Array,
  rate: number,
): void {
  const { mean: m, square: q } = state, k = ++state.steps;
  const mShare = 1 - MEAN_DECAY ** k, qShare = 1 - SQUARE_DECAY ** k;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    m[i] += (1 - MEAN_DECAY) * (g - m[i]);
    q[i] += (1 - SQUARE_DECAY) * (g * g - q[i]);
    parameters[i] -= rate * (m[i] / mShare) / (Math.sqrt(q[i] / qShare) + TINY);
  }
}

/**
 * Takes a plain step.
 *
 * θ ← θ − η g
 *
 * @param parameters θ, changed.
 * @param gradient g, as many numbers.
 * @param rate η, the learning rate.
 */
export function descentStep(
  parameters: Float64Array,
  gradient: Float64Array,
  rate: number,
): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
}
