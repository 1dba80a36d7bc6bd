/**
 * Numbers rounded for figures and written as text, alone and as weighted sums.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { readWeights } from "@/memory/stack.ts";

/**
 * Rounds a computed number, so that figures stay small and carry no rounding errors.
 *
 * @example A tenth and two tenths.
 * ```ts
 * import { roundDecimals } from "@/figures/parts/number_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(roundDecimals(0.1 + 0.2), 0.3);
 * ```
 * @param value Any finite number.
 * @param decimals Digits after the point.
 * @returns The nearest number with that many digits; never −0.
 */
export function roundDecimals(value: number, decimals = 4): number {
  return Number(value.toFixed(decimals)) + 0;
}

/**
 * Writes a number for a label: at most two digits after the point, no trailing zeros, a true minus sign.
 *
 * @example Short labels.
 * ```ts
 * import { formatNumber } from "@/figures/parts/number_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.8, 1, 0.123, -0.5].map((value) => formatNumber(value)), ["0.8", "1", "0.12", "−0.5"]);
 * ```
 * @param value Any finite number.
 * @param decimals Maximum number of digits after the point.
 * @returns The number as text.
 */
export function formatNumber(value: number, decimals = 2): string {
  return String(roundDecimals(value, decimals)).replace("-", "−");
}

/**
 * Rounds a number to a few significant digits.
 *
 * @example Small numbers keep their digits.
 * ```ts
 * import { roundSignificant } from "@/figures/parts/number_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0.000123456, 98765.4].map((value) => roundSignificant(value)), [0.0001235, 98770]);
 * ```
 * @param value Any finite number.
 * @param digits Number of significant digits.
 * @returns The nearest number with that many digits; never −0.
 */
export function roundSignificant(value: number, digits = 4): number {
  return Number(value.toPrecision(digits)) + 0;
}

/**
 * Writes a weight and the name of a value as one term; a name that is itself a number is preceded by ×.
 *
 * @example Half of "c", half of 0.3.
 * ```ts
 * import { formatTerm } from "@/figures/parts/number_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([formatTerm(0.5, "c"), formatTerm(0.5, "0.3")], ["0.5 c", "0.5 × 0.3"]);
 * ```
 * @param weight The weight.
 * @param name Name of the value.
 * @returns The term.
 */
export function formatTerm(weight: number, name: string): string {
  return `${formatNumber(weight)}${/^(<b>)?[-−]?[.\d]/.test(name) ? " × " : " "}${name}`;
}

/**
 * Writes a read as the terms of a weighted sum, topmost first, with rows of one name added up.
 *
 * @example The read of Figure 1(a) at its third step.
 * ```ts
 * import { weightedSumTerms } from "@/figures/parts/number_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(weightedSumTerms([0.3, 0, 0.9], ["a", "b", "c"]), ["0.9 c", "0.1 a"]);
 * ```
 * @param strengths Strength of each row, oldest first.
 * @param names Name of each row's value.
 * @returns A term for each name of which at least 0.005 is read; "nothing" if there is none.
 */
export function weightedSumTerms(strengths: Vector, names: readonly string[]): string[] {
  const sums = new Map<string, number>();
  const w = readWeights(strengths);
  for (let i = w.length - 1; i >= 0; i--) sums.set(names[i], (sums.get(names[i]) ?? 0) + w[i]);
  const visible = [...sums].filter(([, weight]) => weight >= 0.005);
  return visible.length === 0
    ? ["nothing"]
    : visible.map(([name, weight]) => formatTerm(weight, name));
}
