/**
 * Numbers as people read them.
 *
 * @module
 */

/**
 * A count with its thousands apart.
 *
 * @example
 * ```ts
 * import { countText } from "@/io/readable_numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(countText(750000), "750,000");
 * ```
 * @param count A number; it is rounded to a whole one.
 * @returns Its digits.
 */
export function countText(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/**
 * A measured number in three digits.
 *
 * @example Small ones with an exponent.
 * ```ts
 * import { measureText } from "@/io/readable_numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.04567, 1.234e-9, 12, 0].map(measureText), ["0.0457", "1.23e-9", "12", "0"]);
 * ```
 * @param value Any number.
 * @returns Its digits.
 */
export function measureText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(3) : value.toExponential(2);
}

/**
 * A share in per cent.
 *
 * @example One digit after the point.
 * ```ts
 * import { shareText } from "@/io/readable_numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shareText(0.95), "95.0 %");
 * ```
 * @param share From 0 to 1.
 * @returns Per cent.
 */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * A stretch of time.
 *
 * @example From seconds to hours.
 * ```ts
 * import { durationText } from "@/io/readable_numbers.ts";
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
 * @param seconds At least 0.
 * @returns Its two greatest units.
 */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
