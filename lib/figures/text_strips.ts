/**
 * Text strips: a text, line under line, on a ground that shows an activation at each of its characters.
 *
 * `T` characters.
 *
 * Source: Karpathy, Johnson and Fei-Fei 2015, "Visualizing and Understanding Recurrent Networks", figure 2, where the ground
 * has a colour alone.
 *
 * @module
 */
import { INK, tint } from "@/figures/parts/colours.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { shownSign } from "@/figures/parts/shown_sign.ts";
import { MONOSPACED } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { type Data, type Figure, makeFigure, PALETTE } from "./figure.ts";

/** The activations of a unit over the text. */
export interface TextStrip {
  /** The name of the unit. */
  readonly name: string;
  /** `T` numbers; the greatest absolute value fills the ground's height. */
  readonly values: ArrayLike<number>;
}

/** The content of the figure. */
export interface TextStripsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The text, `T` characters (code points). */
  readonly text: string;
  /** What is drawn below each line of the text, from the top. */
  readonly strips: readonly TextStrip[];
}

/** Characters in a line. */
const COLUMNS = 68;
const SIZE = 12;
/** Height of a strip and of the gap below the strips of a line, in pixels. */
const [STRIP, GAP] = [34, 12];
const MARGIN = { l: 76, r: 16, t: 66, b: 46 };
/** Half the height of a strip's ground, where the distance of two strips is 1. */
const HALF = 0.46;

const SIGNS = [
  { name: "above 0", colour: tint(PALETTE.blue, 0.45), has: (value: number) => value > 0 },
  { name: "below 0", colour: tint(PALETTE.orange, 0.6), has: (value: number) => value < 0 },
];

/** A character of a strip, and where it is. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly character: string;
  readonly name: string;
  readonly value: number;
  /** Its value as a share of the greatest absolute one. */
  readonly share: number;
}

/** The lines of a figure are counted from the bottom, so that no axis is reversed. */
function placesOf(characters: readonly string[], strips: readonly TextStrip[]): Place[] {
  const lines = Math.ceil(characters.length / COLUMNS), step = strips.length + GAP / STRIP;
  return strips.flatMap(({ name, values }, row) => {
    const greatest = Math.max(...Array.from(values, Math.abs)) || 1;
    return characters.map((character, t) => ({
      x: t % COLUMNS,
      y: (lines - 1 - Math.floor(t / COLUMNS)) * step + strips.length - 1 - row,
      character,
      name,
      value: values[t],
      share: values[t] / greatest,
    }));
  });
}

function ground(places: readonly Place[], { name, colour, has }: (typeof SIGNS)[number]): Data {
  const drawn = places.filter(({ value }) => has(value));
  return {
    type: "bar",
    name,
    x: drawn.map(({ x }) => x),
    y: drawn.map(({ share }) => roundDecimals(HALF * share, 3)),
    base: drawn.map(({ y }) => roundDecimals(y, 3)),
    width: 1,
    marker: { color: colour, line: { width: 0 } },
    hovertext: drawn.map(({ name, value }) => `${name}: ${formatNumber(value)}`),
    hoverinfo: "text",
  };
}

function letters(places: readonly Place[]): Data {
  const drawn = places.filter(({ character }) => character !== " ");
  return {
    type: "scatter",
    mode: "text",
    x: drawn.map(({ x }) => x),
    y: drawn.map(({ y }) => roundDecimals(y, 3)),
    text: drawn.map(({ character }) => shownSign(character)),
    textfont: { size: SIZE, color: INK, family: MONOSPACED },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
  };
}

/** The zero line of each strip. */
function middles(places: readonly Place[]): Data {
  const heights = [...new Set(places.map(({ y }) => y))];
  const right = (height: number) =>
    Math.max(...places.filter(({ y }) => y === height).map(({ x }) => x)) + 0.5;
  return {
    type: "scatter",
    mode: "lines",
    x: heights.flatMap((y) => [-0.5, right(y), null]),
    y: heights.flatMap((y) => [roundDecimals(y, 3), roundDecimals(y, 3), null]),
    line: { color: "#E4E4E4", width: 1 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function checkStrips(T: number, strips: readonly TextStrip[]): void {
  if (T === 0 || strips.length === 0) {
    const got = T === 0 ? "no character" : "no strip";
    throw new TypeError(`Cannot draw text strips: wanted a text and a strip, got ${got}`);
  }
  const misfit = strips.find(({ values }) => values.length !== T);
  if (misfit) {
    const wanted = `${T} values (one for each character) of ${misfit.name}`;
    throw new TypeError(`Cannot draw text strips: wanted ${wanted}, got ${misfit.values.length}`);
  }
}

/** Where each strip is highest and lowest, in words. */
function describeStrip({ name, values }: TextStrip): string {
  const numbers = Array.from(values);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${name} from ${formatNumber(least)} to ${formatNumber(most)}`;
}

/**
 * Draws a text in lines, each once for each strip; behind a character a bar goes up from the middle of its line if the
 * activation is above 0, and down if it is below.
 *
 * A line break is shown as ↵.
 *
 * @example A unit that is high in quotation marks.
 * ```ts
 * import { textStrips } from "@/figures/text_strips.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { description } = textStrips({
 *   title: "It is high in quotation marks",
 *   text: 'a "b"',
 *   strips: [{ name: "c 7", values: [-1, -1, 0.5, 0.5, -1] }],
 * });
 * assertEquals(description, 'The text "a "b"" with the activations of c 7 from −1 to 0.5.');
 * ```
 * @param inputs Title, text and strips.
 * @returns The figure.
 * @throws {TypeError} If there is no character or no strip, or a strip does not have a value for each character.
 */
export function textStrips({ title, text, strips }: TextStripsInputs): Figure {
  const characters = [...text], T = characters.length;
  checkStrips(T, strips);
  const places = placesOf(characters, strips), lines = Math.ceil(T / COLUMNS);
  const ticks = places.filter(({ x }) => x === 0), highest = Math.max(...places.map(({ y }) => y));
  const words = strips.map(describeStrip).join(", ");
  return addTitleMargin(makeFigure({
    title,
    description: `The text "${
      characters.map(shownSign).join("")
    }" with the activations of ${words}.`,
    data: [...SIGNS.map((sign) => ground(places, sign)), middles(places), letters(places)],
    xTitle: "place in the line of the figure",
    layout: {
      margin: MARGIN,
      height: MARGIN.t + MARGIN.b + STRIP * lines * strips.length + GAP * (lines - 1),
      barmode: "overlay",
      xaxis: { range: [-0.6, COLUMNS - 0.4], showgrid: false, dtick: 10 },
      yaxis: {
        range: [-0.5, highest + 0.5],
        tickvals: ticks.map(({ y }) => roundDecimals(y, 3)),
        ticktext: ticks.map(({ name }) => name),
        showgrid: false,
      },
      legend: { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" },
    },
  }));
}
