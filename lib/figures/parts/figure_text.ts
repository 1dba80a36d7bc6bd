/**
 * A figure as text: its JSON and its text alternative.
 *
 * @module
 */
import type { Annotation } from "plotly.js-dist";
import type { Figure } from "@/figures/figure.ts";

/** The first of Unicode's control pictures, which follow the order of ASCII's control characters. */
const FIRST_SIGN = 0x2400;
const DELETE_SIGN = "\u2421";

/**
 * Replaces control characters by their visible signs. An untrained network may well output some, and an SVG that holds
 * one is invalid, so that browsers do not show it. Line breaks and tabs stay.
 *
 * @example The bell character.
 * ```ts
 * import { replaceControlCharacters } from "@/figures/parts/figure_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(replaceControlCharacters("a\x07b\n"), "a␇b\n");
 * ```
 * @param text Any text.
 * @returns The text without control characters.
 */
export function replaceControlCharacters(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r\x80-\x9f]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 32 ? String.fromCharCode(FIRST_SIGN + code) : DELETE_SIGN;
  });
}

/** Significant digits of a fraction; a screen shows no more. */
const DIGITS = 6;

function compact(_key: string, value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  }
  if (typeof value === "string") return replaceControlCharacters(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/**
 * Writes a figure, or a part of one, as JSON: typed arrays as lists, fractions with six significant digits, NaN as null (a
 * gap), control characters as their signs.
 *
 * @example Rounding errors are cut off.
 * ```ts
 * import { figureToJson } from "@/figures/parts/figure_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(figureToJson({ y: new Float64Array([0.1 + 0.2, NaN]) }), '{"y":[0.3,null]}');
 * ```
 * @param figure A plain object.
 * @returns Its JSON.
 */
export function figureToJson(figure: object): string {
  return JSON.stringify(figure, compact);
}

/** Removes Plotly's markup. */
function withoutTags(text: string): string {
  return text.replace(/<br>/g, " ").replace(/<\/?[a-z][^<>]*>/g, "").trim();
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * Describes a figure in words: its title, its status line if it has one, and its description.
 *
 * @example The title comes first.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { textAlternative } from "@/figures/parts/figure_text.ts";
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
 * @returns Sentences without markup.
 */
export function textAlternative({ layout, description }: Figure): string {
  const lines = [layout.title?.text, layout.title?.subtitle?.text].map((text) => text ?? "");
  const words = [...lines.map(withoutTags), description].filter((text) => text !== "");
  return replaceControlCharacters(words.map(sentence).join(" "));
}

/**
 * Adds the text alternative to a figure as an invisible annotation that screen readers find: Plotly itself gives its
 * drawing no name.
 *
 * @example One annotation more, with opacity 0.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { addTextAlternative } from "@/figures/parts/figure_text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({
 *   title: "It falls",
 *   description: "A line from 1 to 0, where u < d.",
 *   data: [{ type: "scatter", y: [1, 0] }],
 * });
 * const [words] = addTextAlternative(figure).layout.annotations!;
 * assertEquals(words.text, "It falls. A line from 1 to 0, where u &lt; d.");
 * assertEquals(words.opacity, 0);
 * ```
 * @param figure The figure.
 * @returns The figure with the annotation.
 */
export function addTextAlternative(figure: Figure): Figure {
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
