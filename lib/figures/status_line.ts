/**
 * How things stand, in one line below a figure's title.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { higherBy } from "./room_for_title.ts";

/** What the line takes, in pixels. */
const LINE = 16;

/**
 * Writes a line between the title and the plot, which stays as large as it was.
 *
 * @example The figure is higher by the line.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { withStatus } from "@/figures/status_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({ title: "The error falls", description: "A curve.", data: [] });
 * const { layout } = withStatus(figure, "400 strings");
 * assertEquals(layout.title?.subtitle?.text, "400 strings");
 * assertEquals(layout.height! - figure.layout.height!, layout.margin!.t! - figure.layout.margin!.t!);
 * ```
 * @param figure The figure.
 * @param status The line; without one the figure stays as it is.
 * @returns The same figure, or a higher one.
 */
export function withStatus(figure: Figure, status?: string): Figure {
  if (!status) return figure;
  const higher = higherBy(figure, LINE);
  const title = { ...higher.layout.title, subtitle: { text: status, font: { size: 13 } } };
  return { ...higher, layout: { ...higher.layout, title } };
}
