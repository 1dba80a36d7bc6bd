/**
 * Where the words of a static picture stand.
 *
 * @module
 */
import { type Box, outerBounds } from "@/figures/svg/bounds.ts";
import type { SvgElement } from "@/figures/svg/element.ts";
import { headlessPlotly } from "@/figures/svg/headless_plotly.ts";

/** A text of a picture and its box, in pixels from the upper left corner. */
export interface Word extends Box {
  readonly text: string;
}

/** The lines of a text of several; they have a place of their own, other than sub- and superscripts. */
function linesOf(text: SvgElement): SvgElement[] {
  return Array.from(text.children).filter((part) => part.getAttribute("x") !== null);
}

function wordOf(element: SvgElement): Word {
  const lines = linesOf(element);
  for (const line of lines) line.setAttribute("class", "line"); // so that each is measured by itself
  const text = (lines.length > 0 ? lines : [element]).map((line) => line.textContent).join(" ");
  return { text: text.replace(/[\s\u200b]+/g, " ").trim(), ...outerBounds(element) };
}

/**
 * Lists the texts of a picture that are drawn.
 *
 * @param svg The text of an SVG file.
 * @returns The texts with their boxes, in the file's order.
 */
export async function wordsOf(svg: string): Promise<Word[]> {
  const { DOMParser } = await headlessPlotly();
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const drawn = Array.from(root.querySelectorAll("text:not([display=none] *)"));
  return drawn.map(wordOf).filter(({ text }) => text !== "");
}

/** Texts within so many pixels of each other are in one line. */
const TOLERANCE = 1.5;

function lines(
  words: readonly Word[],
  place: (word: Word) => number,
  order: (word: Word) => number,
): string[][] {
  const found: Word[][] = [];
  for (const word of words) {
    const line = found.find(([first]) => Math.abs(place(first) - place(word)) < TOLERANCE);
    if (line) line.push(word);
    else found.push([word]);
  }
  return found.map((line) => line.toSorted((a, b) => order(a) - order(b)).map(({ text }) => text));
}

/**
 * Finds the texts that stand side by side.
 *
 * @param words The texts of a picture.
 * @returns Each line of texts, from left to right.
 */
export function rowsOf(words: readonly Word[]): string[][] {
  return lines(words, ({ bottom }) => bottom, ({ left }) => left);
}

/**
 * Finds the texts that stand one below the other, with their left edges, their centres or their right edges in line.
 *
 * @param words The texts of a picture.
 * @returns Each line of texts, from the top down.
 */
export function columnsOf(words: readonly Word[]): string[][] {
  const edges = [
    ({ left }: Word) => left,
    ({ left, right }: Word) => (left + right) / 2,
    ({ right }: Word) => right,
  ];
  return edges.flatMap((edge) => lines(words, edge, ({ top }) => top));
}
