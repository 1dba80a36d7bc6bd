/**
 * Figures as text.
 *
 * @module
 */

import { withControlSigns } from "./control_signs.ts";

/** No screen shows more. */
const DIGITS = 6;

function compact(_key: string, value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  }
  if (typeof value === "string") return withControlSigns(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/**
 * Writes a figure, or a part of one, as JSON: typed arrays as lists, fractions to six digits, NaN as null (a gap), signs for control
 * characters.
 *
 * @example Noise in the last digits is not kept.
 * ```ts
 * import { figureJson } from "@/figures/figure_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(figureJson({ y: new Float64Array([0.1 + 0.2, NaN]) }), '{"y":[0.3,null]}');
 * ```
 * @param figure A plain object.
 * @returns Its JSON.
 */
export function figureJson(figure: object): string {
  return JSON.stringify(figure, compact);
}
