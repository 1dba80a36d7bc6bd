/**
 * The Wilson confidence interval of a success rate.
 *
 * @module
 */

/** The 97.5 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/** A confidence interval of a rate, within [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Computes the 95 % Wilson interval of a success rate.
 *
 * (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), with p = successes / n and z = 1.96
 *
 * Unlike p ± z √(p(1 − p)/n), it has nearly the nominal coverage for few trials and for rates near 0 and 1.
 *
 * Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
 *
 * @example Twenty successes in twenty trials.
 * ```ts
 * import { wilsonInterval } from "@/math/wilson_interval.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { low, high } = wilsonInterval(20, 20);
 * assertAlmostEquals(low, 0.8389, 1e-4);
 * assertAlmostEquals(high, 1);
 * ```
 * @param successes The number of successes, from 0 to `trials`.
 * @param trials n, the number of trials, at least 1.
 * @returns The interval, within [0, 1].
 * @throws {RangeError} If a count is not an integer, or there are more successes than trials.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  const whole = Number.isSafeInteger(successes) && Number.isSafeInteger(trials);
  if (!whole || successes < 0 || trials < 1 || successes > trials) {
    throw new RangeError(
      `Cannot give an interval: wanted 0 to n successes of n ≥ 1, got ${successes} of ${trials}`,
    );
  }
  const [n, p, z] = [trials, successes / trials, Z_95];
  const centre = p + z * z / (2 * n);
  const spread = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const scale = 1 + z * z / n;
  // With 0 or n successes an end is exactly 0 or 1, which rounding could miss by an ulp.
  return {
    low: successes === 0 ? 0 : (centre - spread) / scale,
    high: successes === trials ? 1 : (centre + spread) / scale,
  };
}
