/**
 * The toy stack as a pile of books after each operation.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import { blockMarker } from "@/figures/parts/block_bars.ts";
import { coloursOf, INK, textColourOn, tint } from "@/figures/parts/colours.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
import { fittingText } from "@/figures/parts/text_width.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The pile after one operation. */
export interface BookStep {
  /** The operation, as in "push atlas". */
  readonly operation: string;
  /** The pile after it, bottom first. */
  readonly books: readonly string[];
}

/** The content of the figure. */
export interface PileOfBooksInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The operations in order, each with its pile. */
  readonly steps: readonly BookStep[];
}

/** A book on a pile, or one that has just been taken off. */
interface Book {
  readonly title: string;
  readonly step: number;
  readonly height: number;
}

const MARGIN = { l: 64, r: 24, t: 56, b: 64 };
/** Pixels from the bottom of a book to the bottom of the next. */
const THICKNESS = 48;

/** Width of a book, 0.72 to 0.93 of a column: different books differ, and a book keeps its width. */
function widthOf(title: string): number {
  const sum = [...title].reduce((total, char) => total + char.codePointAt(0)!, 0);
  return 0.72 + 0.03 * (sum % 8);
}

function standing(steps: readonly BookStep[]): Book[] {
  return steps.flatMap(({ books }, step) =>
    books.map((title, height) => ({ title, step, height }))
  );
}

/** The books that each step took off, at the height where they were. */
function taken(steps: readonly BookStep[]): Book[] {
  return steps.slice(1).flatMap(({ books }, step) =>
    standing([steps[step]])
      .filter(({ height }) => height >= books.length)
      .map((book) => ({ ...book, step: step + 1 }))
  );
}

function bars(name: string, books: Book[], marker: BarData["marker"]): Data {
  return {
    type: "bar",
    name,
    x: books.map(({ step }) => step),
    base: books.map(({ height }) => height),
    y: books.map(() => 0.94),
    width: books.map(({ title }) => widthOf(title)),
    marker: { ...marker, cornerradius: 4 },
    customdata: books.map(({ title }) => title),
    hovertemplate: `%{customdata}<extra>${name}</extra>`,
    showlegend: false,
  };
}

/** Two thin lines across each spine, near its ends. */
function bands(books: readonly Book[], colours: Map<string, string>): Layout["shapes"] {
  return books.flatMap(({ title, step, height }) => {
    const reach = widthOf(title) / 2 - 0.06;
    return [step - reach, step + reach].map((x) => ({
      type: "line" as const,
      x0: x,
      x1: x,
      y0: height,
      y1: height + 0.94,
      line: { color: tint(colours.get(title)!, 0.35), width: 2 },
    }));
  });
}

/** An arrow down onto a book that was put on, or up from one that was taken off. */
function arrows(steps: readonly BookStep[]): PlotLabel[] {
  return steps.map(({ books }, step) => {
    const before = step === 0 ? 0 : steps[step - 1].books.length;
    const y = Math.max(before, books.length) + 0.2;
    return { x: step, y, text: books.length === before ? "" : books.length > before ? "↓" : "↑" };
  });
}

function describe(steps: readonly BookStep[]): string {
  const piles = steps.map(({ operation, books }) =>
    `after "${operation}": ${books.length === 0 ? "no book" : books.join(", ")}`
  );
  return `Piles of books, named from the bottom up; ${piles.join("; ")}.`;
}

function checkSteps(steps: readonly BookStep[]): void {
  if (steps.length === 0) {
    throw new TypeError("Cannot draw the books: wanted at least 1 operation, got 0");
  }
}

/**
 * Draws a pile of books after each operation; a book just taken off is drawn as an outline above the pile.
 *
 * Eight operations fit; the titles of the books should be short words.
 *
 * @example Two books on, one off: its outline is drawn where it was.
 * ```ts
 * import { pileOfBooks } from "@/figures/pile_of_books.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { data } = pileOfBooks({
 *   title: "The last book on is the first one off",
 *   steps: [
 *     { operation: "push atlas", books: ["atlas"] },
 *     { operation: "push novel", books: ["atlas", "novel"] },
 *     { operation: "pop", books: ["atlas"] },
 *   ],
 * });
 * const [onThePile, takenOff] = data;
 * assertEquals(onThePile.type === "bar" && onThePile.base, [0, 0, 1, 0]);
 * assertEquals(takenOff.type === "bar" && [takenOff.x, takenOff.base], [[2], [1]]);
 * ```
 * @param inputs Title and piles.
 * @returns A figure, whose height depends on the highest pile.
 * @throws {TypeError} If there is no operation.
 */
export function pileOfBooks(inputs: PileOfBooksInputs): Figure {
  const { title, steps } = inputs;
  checkSteps(steps);
  const [books, gone] = [standing(steps), taken(steps)];
  const titles = [...new Set(books.map((book) => book.title))];
  const colours = new Map(coloursOf(titles).map((colour, i) => [titles[i], colour]));
  const colourOf = (book: Book) => colours.get(book.title)!;
  const column = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / steps.length;
  const names = [...books, ...gone].map((book, i) => ({
    x: book.step,
    y: book.height + 0.47,
    text: fittingText([book.title], widthOf(book.title) * column - 24, THICKNESS),
    colour: i < books.length ? textColourOn(colourOf(book)) : INK,
  }));
  const highest = Math.max(1, ...steps.map((step) => step.books.length));
  return addTitleMargin(makeFigure({
    title,
    description: describe(steps),
    data: [
      bars("on the pile", books, blockMarker("read", books.map(colourOf))),
      bars("taken off", gone, blockMarker("popped", gone.map(colourOf))),
      plotLabels(names),
      plotLabels(arrows(steps), { size: 18 }),
    ],
    xTitle: "operation",
    yTitle: "books on the pile",
    layout: {
      height: MARGIN.t + MARGIN.b + (highest + 0.5) * THICKNESS,
      margin: MARGIN,
      barmode: "overlay",
      shapes: bands(books, colours),
      xaxis: {
        range: [-0.5, steps.length - 0.5],
        tickvals: steps.map((_, t) => t),
        ticktext: steps.map((step) => step.operation),
        showgrid: false,
        showline: true,
        linewidth: 3,
        linecolor: INK,
        ticks: "",
      },
      yaxis: { range: [0, highest + 0.5], dtick: 1, showgrid: false },
    },
  }));
}
