/**
 * Words inside a plot, placed by its axes.
 *
 * @module
 */
import { INK } from "./colours.ts";
import type { Data } from "./figure.ts";
import { rounded } from "./rounding.ts";

/** A text and the point that it is centred on. */
export interface TextMark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** "#rrggbb"; ink if left out. */
  readonly colour?: string;
}

/**
 * Makes a trace of texts; empty ones are left out.
 *
 * @example One word in the middle.
 * ```ts
 * import { textMarks } from "@/figures/text_marks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = textMarks([{ x: 1, y: 0.5, text: "middle" }, { x: 2, y: 0.5, text: "" }]);
 * assertEquals(trace.type === "scatter" && trace.text, ["middle"]);
 * ```
 * @param marks What to write where.
 * @param options Font size in pixels, and which axes to use ("y2" for a second panel).
 * @returns A trace without hover and without an entry in the legend.
 */
export function textMarks(
  marks: readonly TextMark[],
  options: { readonly size?: number; readonly xaxis?: string; readonly yaxis?: string } = {},
): Data {
  const { size = 13, ...axes } = options;
  const written = marks.filter((mark) => mark.text !== "");
  return {
    type: "scatter",
    mode: "text",
    x: written.map((mark) => rounded(mark.x)),
    y: written.map((mark) => rounded(mark.y)),
    text: written.map((mark) => mark.text),
    textfont: { size, color: written.map((mark) => mark.colour ?? INK) },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
    ...axes,
  };
}
