/**
 * Lines and labels for the zones of a pile: popped, read, too deep to be read.
 *
 * @module
 */
import { READ_DEPTH } from "./block_bars.ts";
import { INK } from "./colours.ts";
import type { Layout } from "@/figures/figure.ts";
import { fittingText } from "./text_width.ts";

type Shape = NonNullable<Layout["shapes"]>[number];
type Annotation = NonNullable<Layout["annotations"]>[number];

/** Width of the labels right of the plot, in pixels. */
const LABEL_WIDTH = 90;
const LINE_STYLE = { color: INK, width: 1.5 };

/** A line across the plot. */
function across(y: number, more: Partial<Shape>): Shape {
  return { type: "line", xref: "x domain", x0: 0, x1: 1, y0: y, y1: y, line: LINE_STYLE, ...more };
}

/** A line just right of the plot. */
function beside(x: [number, number], y: [number, number]): Shape {
  return { type: "line", xref: "paper", x0: x[0], x1: x[1], y0: y[0], y1: y[1], line: LINE_STYLE };
}

function label(text: string, y: number): Annotation {
  return {
    text,
    xref: "paper",
    x: 1.03,
    xanchor: "left",
    y,
    yanchor: "middle",
    align: "left",
    showarrow: false,
  };
}

/**
 * Draws the surface and the end of the read, and labels the zones right of the plot.
 *
 * @example No pop, and nothing below the read: one zone.
 * ```ts
 * import { depthZones } from "@/figures/parts/depth_zones.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(depthZones({ highest: 0, deepest: 1 }, 150).annotations.length, 1);
 * ```
 * @param extent Depths of the highest and the lowest edge.
 * @param unit A unit of depth, in pixels.
 * @param labelled "across" if a block may have its label where the read ends: then the blocks cover the line there.
 * @returns Layout shapes and annotations; zones too low for their labels have none.
 */
export function depthZones(
  extent: { readonly highest: number; readonly deepest: number },
  unit: number,
  labelled: "apart" | "across" = "apart",
): { shapes: Shape[]; annotations: Annotation[] } {
  const { highest, deepest } = extent;
  const zones: [string[], number, number][] = [
    [["popped"], highest, 0],
    [["<b>read</b>:<br>the topmost<br>unit", "<b>read</b>"], 0, READ_DEPTH],
    [["too deep<br>to be read", "too deep"], READ_DEPTH, deepest],
  ];
  const [left, right] = [1.006, 1.016];
  return {
    shapes: [
      across(0, {}),
      across(
        READ_DEPTH,
        labelled === "apart"
          ? { line: { ...LINE_STYLE, width: 1, dash: "dash" } }
          : { layer: "below", line: { ...LINE_STYLE, dash: "dash" } },
      ),
      beside([right, right], [0, READ_DEPTH]),
      beside([left, right], [0, 0]),
      beside([left, right], [READ_DEPTH, READ_DEPTH]),
    ],
    annotations: zones
      .map(([texts, top, bottom]) =>
        label(fittingText(texts, LABEL_WIDTH, (bottom - top) * unit), (top + bottom) / 2)
      )
      .filter(({ text }) => text !== ""),
  };
}

/**
 * Chooses the ticks of the depth axis, none above the surface.
 *
 * @example Halves if there is space for them.
 * ```ts
 * import { depthTicks } from "@/figures/parts/depth_zones.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(depthTicks(1.2), [0, 0.5, 1]);
 * assertEquals(depthTicks(7.5), [0, 1, 2, 3, 4, 5, 6, 7]);
 * ```
 * @param deepest Depth of the lowest edge.
 * @returns Tick values, at most about fifteen.
 */
export function depthTicks(deepest: number): number[] {
  const step = deepest <= 4 ? 0.5 : Math.ceil(deepest / 15);
  return Array.from({ length: Math.floor(deepest / step) + 1 }, (_, k) => k * step);
}
