/**
 * Numbers as figures hold and show them.
 *
 * @module
 */

/**
 * Cuts the dust off a computed number, so that figures stay small and equal inputs give equal bytes.
 *
 * @example A tenth and two tenths.
 * ```ts
 * import { rounded } from "@/figures/rounding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rounded(0.1 + 0.2), 0.3);
 * ```
 * @param value Any finite number.
 * @param decimals Digits kept after the point.
 * @returns The nearest number with that many digits; never −0.
 */
export function rounded(value: number, decimals = 4): number {
  return Number(value.toFixed(decimals)) + 0;
}

/**
 * Writes a number for a label: two digits after the point at most, no trailing zeros, a true minus sign.
 *
 * @example Labels stay short.
 * ```ts
 * import { numeral } from "@/figures/rounding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.8, 1, 0.123, -0.5].map((value) => numeral(value)), ["0.8", "1", "0.12", "−0.5"]);
 * ```
 * @param value Any finite number.
 * @param decimals Digits after the point at most.
 * @returns The number as text.
 */
export function numeral(value: number, decimals = 2): string {
  return String(rounded(value, decimals)).replace("-", "−");
}

/**
 * Cuts a number to a few significant digits, whatever its size.
 *
 * @example Small numbers keep their digits.
 * ```ts
 * import { significant } from "@/figures/rounding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.000123456, 98765.4].map((value) => significant(value)), [0.0001235, 98770]);
 * ```
 * @param value Any finite number.
 * @param digits How many digits are kept.
 * @returns The nearest number with that many digits; never −0.
 */
export function significant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits)) + 0;
}
