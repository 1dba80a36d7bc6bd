/**
 * Display of figures and of formatted text in notebooks.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { addTextAlternative, figureToJson, textAlternative } from "@/figures/parts/figure_text.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import { display, isInKernel, type MediaBundle } from "./display.ts";

/** The media type of an interactive figure in JupyterLab, Notebook 7 and VS Code. */
export const PLOTLY = "application/vnd.plotly.v1+json";

/**
 * Makes a figure in every format that a front end may need, each with the text alternative.
 *
 * It contains no HTML, which some front ends would prefer and then strip of its script, and no PNG, which JupyterLab's
 * Plotly renderer would show in place of the interactive figure.
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
 * @param figure The figure.
 * @returns The interactive figure, the static picture, and the text alternative.
 */
export async function figureBundle(figure: Figure): Promise<MediaBundle> {
  const { description: _inTheAnnotation, still: _inThePicture, ...drawing } = addTextAlternative(
    figure,
  );
  return {
    [PLOTLY]: JSON.parse(figureToJson(drawing)),
    "image/svg+xml": await figureToSvg(figure),
    "text/plain": textAlternative(figure),
  };
}

/**
 * Shows a figure below the running cell: interactive if the front end supports it, else as a static picture. Outside a
 * kernel it does nothing.
 *
 * Always `await` it, so that the figure appears in its cell.
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
 * @param figure The figure.
 */
export async function show(figure: Figure): Promise<void> {
  if (isInKernel()) await display(await figureBundle(figure));
}

/**
 * Shows Markdown below the running cell: tables with links and formulas. Outside a kernel it does nothing.
 *
 * Always `await` it, so that the text appears in its cell.
 *
 * @example A table of one row, with a link to a cell.
 * ```ts
 * import { showMarkdown } from "@/jupyter/show.ts";
 *
 * await showMarkdown("| cell |\n| --- |\n| [the map](00_start_here.ipynb#cell-id=the-map) |");
 * ```
 * @param markdown The text; links count from the notebook's folder.
 */
export async function showMarkdown(markdown: string): Promise<void> {
  await display({ "text/markdown": markdown, "text/plain": markdown });
}
