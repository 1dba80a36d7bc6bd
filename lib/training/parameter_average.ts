/**
 * An exponential mean of the parameters of a network in training: the noise of single updates is less in the mean.
 *
 * Source: Polyak & Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging"; with exponential weights, as in
 * Kingma & Ba 2015, section 7.2.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";

/**
 * Updates the mean: ā ← ā + (1 − kept) (θ − ā), in place; the first mean is θ.
 *
 * @example Half of the mean is kept.
 * ```ts
 * import { updateAverage } from "@/training/parameter_average.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const first = updateAverage(null, { bias: new Float32Array([2]) }, 0.5);
 * assertEquals(updateAverage(first, { bias: new Float32Array([4]) }, 0.5), { bias: new Float32Array([3]) });
 * ```
 * @param average The mean so far, which is overwritten, or null.
 * @param parameters θ; the first mean takes these arrays over.
 * @param kept From 0 to 1: the share of the old mean in the new one.
 * @returns The new mean.
 */
export function updateAverage(average: Tensors | null, parameters: Tensors, kept: number): Tensors {
  if (average === null) return parameters;
  for (const [name, mean] of Object.entries(average)) {
    const now = parameters[name];
    for (let i = 0; i < mean.length; i++) mean[i] += (1 - kept) * (now[i] - mean[i]);
  }
  return average;
}
