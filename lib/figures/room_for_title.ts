/**
 * Figures whose panels are drawn to scale keep their size under a title of any length.
 *
 * @module
 */
import type { Figure } from "./figure.ts";

/** From one line of a title to the next, in pixels. */
const LINE = 21;

/**
 * Makes a figure higher by each line of its title after the first, and its panels no smaller.
 *
 * @example A title of two lines.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { roomForTitle } from "@/figures/room_for_title.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const title = "A claim that is so long that it takes a second line to make it, " +
 *   "as some claims are, though most can do with one";
 * const layout = { height: 400, margin: { t: 56 } };
 * const figure = makeFigure({ title, description: "Nothing.", data: [], layout });
 * const { height, margin } = roomForTitle(figure).layout;
 * assertEquals([height, margin?.t], [421, 77]);
 * ```
 * @param figure A figure with its height, and an upper margin that holds a title of one line.
 * @returns The same figure, or a higher one.
 */
export function roomForTitle(figure: Figure): Figure {
  const lines = (figure.layout.title?.text ?? "").split("<br>").length;
  return higherBy(figure, LINE * (lines - 1));
}

/**
 * Makes a figure higher above its panels; they keep their size, and the title its place from the top.
 *
 * @example Ten pixels more.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { higherBy } from "@/figures/room_for_title.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = { height: 400, margin: { t: 56 } };
 * const figure = makeFigure({ title: "A claim", description: "Nothing.", data: [], layout });
 * const { height, margin } = higherBy(figure, 10).layout;
 * assertEquals([height, margin?.t], [410, 66]);
 * ```
 * @param figure A figure with its height and its upper margin.
 * @param more By how many pixels.
 * @returns The same figure, or a higher one.
 */
export function higherBy(figure: Figure, more: number): Figure {
  if (more === 0) return figure;
  const { layout } = figure;
  const { title, margin, height = 0 } = layout;
  const first = (1 - (title?.y ?? 1)) * height;
  return {
    ...figure,
    layout: {
      ...layout,
      height: height + more,
      margin: { ...margin, t: (margin?.t ?? 0) + more },
      title: { ...title, y: 1 - first / (height + more) },
    },
  };
}
