/**
 * Formats numbers for the user: counts, measurements, percentages and durations.
 *
 * @module
 */

const WITH_SEPARATORS = new Intl.NumberFormat("en");

/**
 * Formats a count with separators between thousands.
 *
 * @example A large count.
 * ```ts
 * import { countText } from "@/io/number_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(countText(750000), "750,000");
 * ```
 * @param count The count; it is rounded to an integer.
 * @returns The text.
 */
export function countText(count: number): string {
  return WITH_SEPARATORS.format(Math.round(count));
}

/**
 * Formats a measured number with three significant digits.
 *
 * @example Small numbers have an exponent, integers have all their digits.
 * ```ts
 * import { measureText } from "@/io/number_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.04567, 1.234e-9, 12, 0].map(measureText), ["0.0457", "1.23e-9", "12", "0"]);
 * ```
 * @param value Any number.
 * @returns The text.
 */
export function measureText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(3) : value.toExponential(2);
}

/**
 * Formats a share as a percentage, which is 0.0 or 100.0 only if the share is 0 or 1, but for rounding errors.
 *
 * @example One decimal; one failure in ten thousand is seen.
 * ```ts
 * import { percentText } from "@/io/number_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const texts = [0.95, 0.9999, 1, 0.0001, 0].map(percentText);
 * assertEquals(texts, ["95.0 %", "99.9 %", "100.0 %", "0.1 %", "0.0 %"]);
 * ```
 * @param share The share, from 0 to 1.
 * @returns The percentage.
 */
export function percentText(share: number): string {
  const [least, most] = [share < 1e-9 ? 0 : 0.001, share > 1 - 1e-9 ? 1 : 0.999];
  return `${(100 * Math.max(least, Math.min(most, share))).toFixed(1)} %`;
}

/**
 * Formats a duration.
 *
 * @example Seconds, minutes and hours.
 * ```ts
 * import { durationText } from "@/io/number_format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.42, 4.2, 42, 65, 3725].map(durationText), [
 *   "0.4 s",
 *   "4.2 s",
 *   "42 s",
 *   "1 min 5 s",
 *   "1 h 2 min",
 * ]);
 * ```
 * @param seconds The duration in seconds, at least 0.
 * @returns The text, with at most two units.
 */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
