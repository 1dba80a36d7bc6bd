/**
 * Widths of texts, from a table: the same on every machine, whatever fonts it has.
 *
 * @module
 */

/** Fonts in which all letters have the same width. */
export const MONOSPACED = "Courier New, Courier, monospace";

/** Advance widths of Arial (and of Helvetica and Liberation Sans), in thousandths of the font size. */
const WIDTHS: readonly [number, string][] = [
  [0, "\u200b"],
  [191, "'"],
  [222, "ijlίι‘’"],
  [260, "|¦"],
  [278, " \u00a0!,./:;I[\\]ft·ÌÍÎÏìíîïΙΪᵢⱼₜ"],
  [333, "()-`r¡¨²³´¸¹“”{}•″′ℓ"],
  [355, '"'],
  [389, "*ºª°τₙ"],
  [401, "⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ₖ"],
  [446, "έεζξ"],
  [469, "^ς"],
  [500, "Jcksvxyzçýÿγκλν↑↓∂"],
  [528, "χ⁻₋₊"],
  [549, "±÷≤≥≠≈√Γ¯ΰυ¶"],
  [556, "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöøùúûüþήηθοδ–"],
  [577, "βµμάαρ"],
  [584, "+<=>~¬×−"],
  [611, "FTZ¿ßΖΤΣσ●■○□∆"],
  [648, "φΞ"],
  [667, "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞΑΒΕΚΡΥΧΫΔΛ∇"],
  [695, "π"],
  [722, "CDHNRUwÇÐÑÙÚÛÜΗΝΠψ∑∞"],
  [737, "©®Ω"],
  [778, "GOQÒÓÔÕÖØΘΟω◆▶"],
  [833, "MmΜΦΨ∏¼½¾✓✗"],
  [889, "%æ∈"],
  [944, "W"],
  [1000, "Æ—…→←↔▲▼@"],
];

const UNKNOWN = 600;
const BOLD = 1.06;
const widthOf = new Map(WIDTHS.flatMap(([width, chars]) => [...chars].map((c) => [c, width])));

/**
 * Measures a text set in Arial; kerning is left out.
 *
 * @example Two digits of 10 px are 11.12 px wide.
 * ```ts
 * import { textWidth } from "@/figures/parts/text_width.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(textWidth("42", 10), 11.12);
 * ```
 * @param text The text.
 * @param size Font size in pixels.
 * @param bold Whether it is set in bold, which counts as 6 % wider.
 * @returns Its width in pixels.
 */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const char of text) sum += widthOf.get(char) ?? UNKNOWN;
  return (sum * size * (bold ? BOLD : 1)) / 1000;
}

/**
 * Wraps a text at its spaces, with `<br>` as Plotly's titles need it.
 *
 * @example A line is broken before the word that does not fit.
 * ```ts
 * import { wrapText } from "@/figures/parts/text_width.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapText("push, pop, then read", 60, 10), "push, pop,<br>then read");
 * ```
 * @param text Words, possibly with markup; a text that already has a `<br>` stays as it is.
 * @param width Maximum width of a line, in pixels.
 * @param size Font size in pixels.
 * @returns The lines, joined by `<br>`.
 */
export function wrapText(text: string, width: number, size: number): string {
  if (text.includes("<br>")) return text;
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    const fits = textWidth(longer.replace(/<[^>]*>/g, ""), size) <= width;
    if (fits || lines.at(-1) === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("<br>");
}

/**
 * Breaks a text into as few lines as fit, and these as equal in length as they can be.
 *
 * @example No word is left alone.
 * ```ts
 * import { wrapEvenly, wrapText } from "@/figures/parts/text_width.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapText("one two three four", 75, 10), "one two three<br>four");
 * assertEquals(wrapEvenly("one two three four", 75, 10), "one two<br>three four");
 * ```
 * @param text Words, possibly with markup; a text that already has a `<br>` stays as it is.
 * @param width Maximum width of a line, in pixels.
 * @param size Font size in pixels.
 * @returns The lines, joined by `<br>`.
 */
export function wrapEvenly(text: string, width: number, size: number): string {
  const countLines = (limit: number) => wrapText(text, limit, size).split("<br>").length;
  const count = countLines(width);
  let limit = width;
  while (count > 1 && limit > size && countLines(limit - 1) === count) limit--;
  return wrapText(text, limit, size);
}

/**
 * Chooses the first of several texts that fits into a box.
 *
 * @example Name and number if there is space, else the name, else nothing.
 * ```ts
 * import { fittingText } from "@/figures/parts/text_width.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const texts = ["0.75 <b>novel</b>", "<b>novel</b>"];
 * assertEquals([90, 50, 20].map((width) => fittingText(texts, width, 20)), [...texts, ""]);
 * ```
 * @param texts Candidates, the longest first; lines are separated by `<br>`, and other markup has no width.
 * @param width Width of the box, in pixels.
 * @param height Height of the box, in pixels.
 * @param size Font size in pixels.
 * @returns The text, or an empty one.
 */
export function fittingText(
  texts: readonly string[],
  width: number,
  height: number,
  size = 13,
): string {
  return texts.find((text) => {
    const lines = text.split("<br>");
    const widest = Math.max(...lines.map((line) => textWidth(line.replace(/<[^>]*>/g, ""), size)));
    return widest <= width && lines.length * size <= height;
  }) ?? "";
}
