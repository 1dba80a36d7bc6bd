/**
 * Space above the panels of a figure for a long title or a status line; the panels keep their size.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";

/** Height of a line of the title, in pixels. */
const TITLE_LINE = 21;

/**
 * Makes a figure higher by each line of its title after the first.
 *
 * @example A title of two lines.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { addTitleMargin } from "@/figures/parts/title_margin.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const title = "A title that is too wide for one line of the figure, so that it is wrapped, " +
 *   "which makes the figure higher by one line";
 * const layout = { height: 400, margin: { t: 56 } };
 * const figure = makeFigure({ title, description: "Nothing.", data: [], layout });
 * const { height, margin } = addTitleMargin(figure).layout;
 * assertEquals([height, margin?.t], [421, 77]);
 * ```
 * @param figure A figure whose top margin fits a title of one line.
 * @returns The same figure, or a higher one.
 */
export function addTitleMargin(figure: Figure): Figure {
  const lines = (figure.layout.title?.text ?? "").split("<br>").length;
  return addTopMargin(figure, TITLE_LINE * (lines - 1));
}

/**
 * Makes the top margin of a figure larger; the panels keep their size, and the title its distance from the top.
 *
 * @example Ten pixels more.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { addTopMargin } from "@/figures/parts/title_margin.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = { height: 400, margin: { t: 56 } };
 * const figure = makeFigure({ title: "A claim", description: "Nothing.", data: [], layout });
 * const { height, margin } = addTopMargin(figure, 10).layout;
 * assertEquals([height, margin?.t], [410, 66]);
 * ```
 * @param figure A figure with its height and its top margin.
 * @param more Additional pixels.
 * @returns The same figure, or a higher one.
 */
export function addTopMargin(figure: Figure, more: number): Figure {
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

/** Height of the status line, in pixels. */
const STATUS_LINE = 16;

/**
 * Adds a line of text between the title and the plot; the plot keeps its size.
 *
 * @example The figure is higher by the height of the line.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { addStatusLine } from "@/figures/parts/title_margin.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({ title: "The error falls", description: "A curve.", data: [] });
 * const { layout } = addStatusLine(figure, "400 strings");
 * assertEquals(layout.title?.subtitle?.text, "400 strings");
 * assertEquals(layout.height! - figure.layout.height!, layout.margin!.t! - figure.layout.margin!.t!);
 * ```
 * @param figure The figure.
 * @param status The line; if it is empty or left out the figure stays as it is.
 * @returns The same figure, or a higher one.
 */
export function addStatusLine(figure: Figure, status?: string): Figure {
  if (!status) return figure;
  const higher = addTopMargin(figure, STATUS_LINE);
  const title = { ...higher.layout.title, subtitle: { text: status, font: { size: 13 } } };
  return { ...higher, layout: { ...higher.layout, title } };
}
