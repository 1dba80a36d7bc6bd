/**
 * A figure in words, for those who cannot see it.
 *
 * @module
 */
import type { Annotation } from "plotly.js-dist";
import { withControlSigns } from "./control_signs.ts";
import type { Figure } from "./figure.ts";

/** Plotly's tags are for the eye. */
function withoutTags(text: string): string {
  return text.replace(/<br>/g, " ").replace(/<\/?[a-z][^<>]*>/g, "").trim();
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * Says what a figure claims, how things stand in it if that is written there, and what is to be seen.
 *
 * @example The claim first.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { textAlternative } from "@/figures/text_alternative.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({
 *   title: "<i>u</i> falls",
 *   description: "A line from 1 to 0.",
 *   data: [{ type: "scatter", y: [1, 0] }],
 * });
 * assertEquals(textAlternative(figure), "u falls. A line from 1 to 0.");
 * ```
 * @param figure The figure.
 * @returns Sentences without tags.
 */
export function textAlternative({ layout, description }: Figure): string {
  const said = [layout.title?.text, layout.title?.subtitle?.text].map((text) => text ?? "");
  const words = [...said.map(withoutTags), description].filter((text) => text !== "");
  return withControlSigns(words.map(sentence).join(" "));
}

/**
 * Puts its text alternative into a figure, where a screen reader finds it and the eye does not: Plotly gives what it
 * draws no name of its own.
 *
 * @example One annotation more, of no opacity.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { withTextAlternative } from "@/figures/text_alternative.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({
 *   title: "It falls",
 *   description: "A line from 1 to 0, where u < d.",
 *   data: [{ type: "scatter", y: [1, 0] }],
 * });
 * const [words] = withTextAlternative(figure).layout.annotations!;
 * assertEquals(words.text, "It falls. A line from 1 to 0, where u &lt; d.");
 * assertEquals(words.opacity, 0);
 * ```
 * @param figure The figure.
 * @returns The same, with its words in it.
 */
export function withTextAlternative(figure: Figure): Figure {
  const { layout } = figure;
  const text = textAlternative(figure).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const words: Partial<Annotation> = {
    text,
    xref: "paper",
    yref: "paper",
    x: 0,
    y: 0,
    xanchor: "left",
    yanchor: "bottom",
    font: { size: 1 },
    opacity: 0,
    showarrow: false,
  };
  return { ...figure, layout: { ...layout, annotations: [...layout.annotations ?? [], words] } };
}
