/**
 * How lines of one figure are told apart: by dashes as well as by colour.
 *
 * @module
 */
import { PALETTE } from "./figure.ts";

const COLOURS = [
  PALETTE.blue,
  PALETTE.vermilion,
  PALETTE.green,
  PALETTE.purple,
  PALETTE.orange,
  PALETTE.black,
];
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"] as const;

/** Colour and dash of one line. */
export interface LineStyle {
  readonly color: string;
  readonly dash: (typeof DASHES)[number];
}

/**
 * Gives the k-th line its style; thirty lines pass before one comes back.
 *
 * @example The first two differ in both.
 * ```ts
 * import { lineStyle } from "@/figures/line_styles.ts";
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals(lineStyle(0).color, lineStyle(1).color);
 * assertNotEquals(lineStyle(0).dash, lineStyle(1).dash);
 * ```
 * @param k Which line, from 0.
 * @returns Its colour and dash, as Plotly names them.
 */
export function lineStyle(k: number): LineStyle {
  return { color: COLOURS[k % COLOURS.length], dash: DASHES[k % DASHES.length] };
}
