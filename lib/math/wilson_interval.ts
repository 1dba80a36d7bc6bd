/**
 * How sure a success rate is.
 *
 * @module
 */

/** The quantile of the standard normal distribution that leaves 2.5 % on either side. */
const Z_95 = 1.959963984540054;

/** Where a rate lies, as shares between 0 and 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The interval of rates that a count of successes is compatible with, at 95 % confidence.
 *
 * (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), with p = successes / n and z = 1.96
 *
 * Unlike p ± z √(p(1 − p)/n) it keeps its promise for few trials and for rates near 0 and 1.
 *
 * Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
 *
 * @example Twenty of twenty is not yet certainty.
 * ```ts
 * import { wilsonInterval } from "@/math/wilson_interval.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { low, high } = wilsonInterval(20, 20);
 * assertAlmostEquals(low, 0.8389, 1e-4);
 * assertAlmostEquals(high, 1);
 * ```
 * @param successes How many, from 0 to `trials`.
 * @param trials n, at least 1.
 * @returns The interval, within [0, 1].
 * @throws {RangeError} If the counts are not whole, or there are more successes than trials.
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
  // At 0 and n successes the ends are 0 and 1, which rounding would miss by an ulp.
  return {
    low: successes === 0 ? 0 : (centre - spread) / scale,
    high: successes === trials ? 1 : (centre + spread) / scale,
  };
}
