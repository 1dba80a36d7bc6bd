/**
 * What moves in the moving picture: blocks with their labels, the step's words, and a bar for each read.
 *
 * @module
 */
import { readWeights, type StackTrace } from "@/memory/stack.ts";
import { coloursOf, inkOn } from "./colours.ts";
import type { Key } from "./keyframes.ts";
import { momentsOf, type Piece, pilePieces, runSeconds, STEP_SECONDS } from "./pile_timeline.ts";
import { numeral, rounded } from "./rounding.ts";
import { readTerms, term } from "./terms.ts";

/** What is shown. */
export interface MovingPictureInputs {
  /** The claim that the picture makes. */
  readonly title: string;
  /** What the stack did. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step; steps of one name share a colour. */
  readonly names: readonly string[];
  /** The step that is shown where nothing may move, from 0. */
  readonly still: number;
}

/** Pixels of a unit of depth, of the pile's width, and of its left edge. */
export const [UNIT, PILE, LEFT] = [66, 130, 130];
/** Where the words stand, how wide all reads are together, and how high one is. */
export const [WORDS, STRIP, READ] = [390, 290, 66];

/** A text as XML has it. */
export const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A part of the picture: what it is, how it moves, and how it looks where nothing may. */
export interface Part {
  readonly svg: string;
  /** What of it lies above the veils. */
  readonly label?: string;
  readonly keys: readonly Key[];
  readonly still: Key;
}

/** Words at a place. */
export function text(words: string, x: number, y: number, more = ""): string {
  return `<text x="${x}" y="${rounded(y, 2)}" ${more}>${words}</text>`;
}

/** A rectangle, its corners to a hundredth of a pixel. */
export function rect(x: number, y: number, width: number, height: number, more: string): string {
  const [a, b, c, d] = [x, y, width, height].map((value) => rounded(value, 2));
  return `<rect x="${a}" y="${b}" width="${c}" height="${d}" ${more}/>`;
}

/** How a piece looks at a moment. */
function at(keys: readonly Key[], moment: number): Key {
  const past = keys.filter((key) => key.at <= moment);
  return past.at(-1) ?? { ...keys[0], opacity: 0 };
}

/**
 * Draws the blocks of the pile, and what is written on them.
 *
 * @example A block, and the same block popped.
 * ```ts
 * import { pieceParts } from "@/figures/moving_parts.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0] });
 * const inputs = { title: "Two steps", trace, names: ["a", "–"], still: 0 };
 * assertEquals(pieceParts(inputs, 1).map(({ still }) => still.opacity), [1, 0]);
 * ```
 * @param inputs Title, run, names, and the step that is shown where nothing may move.
 * @param moment When it may not move: seconds from the beginning.
 * @returns A part for each piece; its own place is at the pile's surface.
 */
export function pieceParts(inputs: MovingPictureInputs, moment: number): Part[] {
  const { trace, names } = inputs;
  const colours = coloursOf(names);
  const block = ({ row, height }: Piece) =>
    rect(
      LEFT,
      0,
      PILE,
      height * UNIT,
      `fill="${colours[row]}" stroke="#ffffff" stroke-width="1.5"`,
    );
  const label = ({ row, kind, height }: Piece) => {
    const name = `<tspan class="b">${escaped(names[row])}</tspan>`;
    const words = term((kind === "held" ? 1 : -1) * height, name);
    const y = (height * UNIT) / 2 + 5;
    return height * UNIT < 15 ? "" : text(words, LEFT + PILE / 2, y, 'text-anchor="middle"');
  };
  return pilePieces(trace).map((piece) => {
    const keys = piece.keys.map((key) => ({ ...key, x: 90 * key.x, y: UNIT * key.y }));
    return { svg: block(piece), label: label(piece), keys, still: at(keys, moment) };
  });
}

/**
 * Writes a step's number, its controls and its read; each step's words are there while it lasts.
 *
 * @example One part for each step, one of them where nothing may move.
 * ```ts
 * import { sentences } from "@/figures/moving_parts.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0] });
 * const inputs = { title: "Two steps", trace, names: ["a", "–"], still: 0 };
 * assertEquals(sentences(inputs).map(({ still }) => still.opacity), [1, 0]);
 * ```
 * @param inputs Title, run, names, and the step that is shown where nothing may move.
 * @returns A part for each step.
 */
export function sentences({ trace, names, still }: MovingPictureInputs): Part[] {
  const T = names.length;
  return names.map((name, t) => {
    const read = readTerms(trace.strengths[t], names).join(" + ");
    const lines = [
      text(`step ${t + 1} of ${T}`, WORDS, 0, 'class="b" font-size="18"'),
      text(`pop ${numeral(trace.pops[t])}`, WORDS, 28),
      text(`push ${escaped(term(trace.pushes[t], name))}`, WORDS, 50),
      text(`read ${escaped(read)}`, WORDS, 72),
    ];
    const show = (at: number, opacity: number) => ({ at, x: 0, y: 0, opacity });
    const [start, end] = [t * STEP_SECONDS, t === T - 1 ? runSeconds(T) : (t + 1) * STEP_SECONDS];
    const keys = [show(start, 0), show(start + 0.01, 1), show(end - 0.01, 1), show(end, 0)];
    return { svg: lines.join(""), keys, still: show(0, t === still ? 1 : 0) };
  });
}

/**
 * Draws what each step read, as a bar of its own that stays.
 *
 * @example One part for each step, all of them where nothing may move.
 * ```ts
 * import { reads } from "@/figures/moving_parts.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0] });
 * const inputs = { title: "Two steps", trace, names: ["a", "–"], still: 0 };
 * assertEquals(reads(inputs).map(({ still }) => still.opacity), [1, 1]);
 * ```
 * @param inputs Title, run, names, and the step that is shown where nothing may move.
 * @returns A part for each step.
 */
export function reads({ trace, names }: MovingPictureInputs): Part[] {
  const T = names.length;
  const column = Math.min(44, STRIP / T);
  const colours = coloursOf(names);
  return names.map((_, t) => {
    const w = readWeights(trace.strengths[t]);
    let y = 0;
    const bars = w.map((_, k) => w.length - 1 - k).filter((i) => w[i] > 0.005).map((i) => {
      const [top, height] = [y, w[i] * READ];
      y += height;
      const x = WORDS + t * column;
      const letter = text(
        escaped(names[i]),
        x + column / 2 - 2,
        top + height / 2 + 5,
        `class="b" text-anchor="middle" fill="${inkOn(colours[i])}"`,
      );
      return rect(x, top, column - 4, height, `fill="${colours[i]}" stroke="#ffffff"`) +
        (height < 15 ? "" : letter);
    });
    const number = text(
      `${t + 1}`,
      WORDS + t * column + column / 2 - 2,
      READ + 18,
      'text-anchor="middle"',
    );
    const done = momentsOf(trace, t)[2];
    const show = (at: number, opacity: number) => ({ at, x: 0, y: 0, opacity });
    const keys = [
      show(done - 0.3, 0),
      show(done, 1),
      show(runSeconds(T) - 0.3, 1),
      show(runSeconds(T), 0),
    ];
    return { svg: bars.join("") + number, keys, still: show(0, 1) };
  });
}
