/**
 * Figures in notebooks.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { figureJson } from "@/figures/figure_json.ts";
import { textAlternative, withTextAlternative } from "@/figures/text_alternative.ts";
import { figureToSvg } from "@/figures/to_svg.ts";
import { display, isInKernel, type MediaBundle } from "./display.ts";

/** The media type of an interactive figure in JupyterLab, Notebook 7 and VS Code. */
export const PLOTLY = "application/vnd.plotly.v1+json";

/**
 * A figure in every format that a notebook's reader may need, each of them with its text alternative.
 *
 * There is no HTML in it: a front end that prefers HTML would take that and then strip its script. And no PNG:
 * JupyterLab's renderer of Plotly would show that in place of the interactive figure.
 *
 * @example An interactive figure, a static picture, and words.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { figureBundle } from "@/jupyter/show.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bundle = await figureBundle(makeFigure({
 *   title: "Two bars",
 *   description: "A bar of 1 and a bar of 2.",
 *   data: [{ type: "bar", x: ["a", "b"], y: [1, 2] }],
 * }));
 * assertEquals(Object.keys(bundle).sort(), [
 *   "application/vnd.plotly.v1+json",
 *   "image/svg+xml",
 *   "text/plain",
 * ]);
 * ```
 * @param figure What to show.
 * @returns The interactive figure, the static picture, and the words.
 */
export async function figureBundle(figure: Figure): Promise<MediaBundle> {
  const { description: _inTheDrawing, ...drawing } = withTextAlternative(figure);
  return {
    [PLOTLY]: JSON.parse(figureJson(drawing)),
    "image/svg+xml": await figureToSvg(figure),
    "text/plain": textAlternative(figure),
  };
}

/**
 * Shows a figure below the cell that is running: interactive where the front end can draw it, a
 * static picture everywhere else. Outside a kernel it does nothing.
 *
 * Always `await` it, so that the figure stays in its cell.
 *
 * @example The last line of a cell.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { show } from "@/jupyter/show.ts";
 *
 * await show(makeFigure({
 *   title: "Two bars",
 *   description: "A bar of 1 and a bar of 2.",
 *   data: [{ type: "bar", x: ["a", "b"], y: [1, 2] }],
 * }));
 * ```
 * @param figure What to show.
 */
export async function show(figure: Figure): Promise<void> {
  if (isInKernel()) await display(await figureBundle(figure));
}
