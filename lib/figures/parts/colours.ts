/**
 * Colours for names, and the text colour that can be read on them.
 *
 * @module
 */
import { PALETTE } from "@/figures/figure.ts";

/** Colour of text and lines. */
export const INK = "#222222";

/** A bar's hatching, as Plotly names it; "" is none. */
export type Hatch = "" | "/" | "\\" | ".";

/**
 * The palette without black, which is for text, and the hatching of each colour. Colour-blind readers can tell all of
 * them apart; of two colours that look the same in grey print one is hatched.
 */
const HUES: readonly [string, Hatch][] = [
  [PALETTE.sky, ""],
  [PALETTE.orange, "/"],
  [PALETTE.green, ""],
  [PALETTE.yellow, ""],
  [PALETTE.blue, ""],
  [PALETTE.vermilion, "\\"],
  [PALETTE.purple, "."],
];

/** Red, green and blue of "#rrggbb", each from 0 to 255. */
function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function hex(channels: number[]): string {
  return "#" + channels.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("");
}

/**
 * Gives each name a colour, and equal names the same one; after seven names the colours repeat, so a figure must show
 * the names as well.
 *
 * @example Two blocks of one name have one colour.
 * ```ts
 * import { coloursOf } from "@/figures/parts/colours.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const [first, second, third] = coloursOf(["a", "b", "a"]);
 * assertEquals(first, third);
 * assertNotEquals(first, second);
 * ```
 * @param names The names, in order of appearance.
 * @returns A colour "#rrggbb" for each of them.
 */
export function coloursOf(names: readonly string[]): string[] {
  const distinct = [...new Set(names)];
  return names.map((name) => HUES[distinct.indexOf(name) % HUES.length][0]);
}

/**
 * Finds the hatching of bars of a colour, such that no two colours of `coloursOf` look the same in grey print.
 *
 * @example Sky and orange are the same grey; one of them is hatched.
 * ```ts
 * import { hatchOf } from "@/figures/parts/colours.ts";
 * import { PALETTE } from "@/figures/figure.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([PALETTE.sky, PALETTE.orange].map(hatchOf), ["", "/"]);
 * ```
 * @param colour "#rrggbb".
 * @returns Its hatching; none for a colour that is not one of `coloursOf`.
 */
export function hatchOf(colour: string): Hatch {
  return HUES.find(([hue]) => hue === colour)?.[1] ?? "";
}

/**
 * Mixes a colour with white.
 *
 * @example A fifth of black in white is light grey.
 * ```ts
 * import { tint } from "@/figures/parts/colours.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tint("#000000", 0.2), "#cccccc");
 * ```
 * @param colour "#rrggbb".
 * @param share Share of the colour, from 0 (white) to 1.
 * @returns "#rrggbb".
 */
export function tint(colour: string, share: number): string {
  return hex(channels(colour).map((channel) => 255 + share * (channel - 255)));
}

/**
 * Mixes a colour with black.
 *
 * @example Three fifths of white in black is grey.
 * ```ts
 * import { shade } from "@/figures/parts/colours.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shade("#ffffff", 0.6), "#999999");
 * ```
 * @param colour "#rrggbb".
 * @param share Share of the colour, from 0 (black) to 1.
 * @returns "#rrggbb".
 */
export function shade(colour: string, share: number): string {
  return hex(channels(colour).map((channel) => share * channel));
}

/** WCAG's relative luminance, from 0 (black) to 1 (white). */
function luminance(colour: string): number {
  const linear = channels(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/**
 * Chooses black or white, whichever is easier to read on a colour.
 *
 * Source: WCAG 2.2, contrast ratio (L₁ + 0.05) / (L₂ + 0.05).
 *
 * @example White on blue, black on yellow.
 * ```ts
 * import { textColourOn } from "@/figures/parts/colours.ts";
 * import { PALETTE } from "@/figures/figure.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([PALETTE.blue, PALETTE.yellow].map(textColourOn), ["#ffffff", "#000000"]);
 * ```
 * @param background "#rrggbb".
 * @returns "#000000" or "#ffffff".
 */
export function textColourOn(background: string): string {
  const L = luminance(background);
  return (L + 0.05) / 0.05 >= 1.05 / (L + 0.05) ? "#000000" : "#ffffff";
}
