/**
 * Figures as static pictures, drawn by Plotly without a browser.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { figureToJson, textAlternative } from "@/figures/parts/figure_text.ts";
import { headlessPlotly } from "./headless_plotly.ts";
import { renameIds, tidySvg } from "./tidy.ts";

/** Sliders and buttons have no function in a static picture. */
function withoutControls({ data, layout, config }: Figure): object {
  const { sliders: _sliders, updatemenus: _buttons, ...still } = layout;
  return { data, layout: still, config };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * Draws a figure as an SVG picture, with the same bytes for the same figure on every machine.
 *
 * Sliders and buttons are left out; the picture shows the figure's still, or else its initial state. The first call takes about two seconds, later
 * ones a tenth of that.
 *
 * @example The text alternative is the picture's title.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { figureToSvg } from "@/figures/svg/to_svg.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = await figureToSvg(makeFigure({
 *   title: "Two bars",
 *   description: "A bar of 1 and a bar of 2.",
 *   data: [{ type: "bar", x: ["a", "b"], y: [1, 2] }],
 * }));
 * assertStringIncludes(svg, "<title>Two bars. A bar of 1 and a bar of 2.</title>");
 * ```
 * @param figure The figure.
 * @returns The text of an SVG file.
 * @throws {Error} If Plotly cannot draw the figure.
 */
export async function figureToSvg(figure: Figure): Promise<string> {
  const window = await headlessPlotly();
  // A copy made in Plotly's own window, because Plotly writes into what it is given.
  const copy = window.JSON.parse(figureToJson(withoutControls(figure.still ?? figure)));
  const drawn = await window.Plotly.toImage(copy, { format: "svg", imageDataOnly: true });
  const quoted = drawn.replaceAll("TOBESTRIPPED", "'");
  const root = new window.DOMParser().parseFromString(quoted, "image/svg+xml").documentElement;
  tidySvg(root);
  root.setAttribute("role", "img");
  const svg = renameIds(new window.XMLSerializer().serializeToString(root));
  return svg.replace(">", `><title>${escaped(textAlternative(figure))}</title>`);
}
