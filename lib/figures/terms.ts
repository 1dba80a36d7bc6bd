/**
 * Shares of named values in words: "0.9 c + 0.1 a".
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { readWeights } from "@/memory/stack.ts";
import { numeral } from "./rounding.ts";

/**
 * Writes so much of a named value; a name that is itself a number gets a sign between.
 *
 * @example Half of "c", half of 0.3.
 * ```ts
 * import { term } from "@/figures/terms.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([term(0.5, "c"), term(0.5, "0.3")], ["0.5 c", "0.5 × 0.3"]);
 * ```
 * @param amount How much.
 * @param name Of what.
 * @returns Both, in this order.
 */
export function term(amount: number, name: string): string {
  return `${numeral(amount)}${/^(<b>)?[-−]?[.\d]/.test(name) ? " × " : " "}${name}`;
}

/**
 * Spells out a read as a weighted sum of names, topmost first, rows of one name taken together.
 *
 * @example The read of Figure 1(a) at its third step.
 * ```ts
 * import { readTerms } from "@/figures/terms.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readTerms([0.3, 0, 0.9], ["a", "b", "c"]), ["0.9 c", "0.1 a"]);
 * ```
 * @param strengths Strength of each row, oldest first.
 * @param names Name of each row's value.
 * @returns A term for each name of which at least 0.005 is read; "nothing" if there is none.
 */
export function readTerms(strengths: Vector, names: readonly string[]): string[] {
  const sums = new Map<string, number>();
  const w = readWeights(strengths);
  for (let i = w.length - 1; i >= 0; i--) sums.set(names[i], (sums.get(names[i]) ?? 0) + w[i]);
  const visible = [...sums].filter(([, weight]) => weight >= 0.005);
  return visible.length === 0 ? ["nothing"] : visible.map(([name, weight]) => term(weight, name));
}
