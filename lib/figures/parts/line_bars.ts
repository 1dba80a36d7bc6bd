/**
 * The rows of a memory as bars at their heights, with their names.
 *
 * @module
 */
import type { Data } from "@/figures/figure.ts";
import { blockBars, type BlockStyle } from "./block_bars.ts";
import { coloursOf, INK, textColourOn } from "./colours.ts";
import { roundDecimals } from "./number_text.ts";
import { type LinePart, type LineStep, splitByWindows } from "./memory_line.ts";
import type { PlotLabel } from "./plot_labels.ts";
import { fittingText } from "./text_width.ts";

/** A part of a row, and the middle of its bar. */
export interface PlacedPart extends LinePart {
  readonly x: number;
}

/** The width of a bar and the height of a unit of strength, in pixels. */
export interface BarScale {
  readonly pixels: number;
  readonly unit: number;
}

const SAID: Record<BlockStyle, string> = { read: "read", deeper: "not read", popped: "popped" };
/** Font size of the names, and what they leave free at the sides of a bar, in pixels. */
const [SIZE, SPACE] = [12, 4];

/**
 * Draws parts of rows as bars from their lower to their upper height.
 *
 * @example Half of a row.
 * ```ts
 * import { lineBars } from "@/figures/parts/line_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = lineBars("read", [{ x: 1, name: "a", from: 0.5, to: 1 }], ["a"], 0.6);
 * assertEquals(trace.type === "bar" && [trace.base, trace.y], [[0.5], [0.5]]);
 * ```
 * @param style "deeper" for what is held and not read.
 * @param parts The parts.
 * @param names All names of the figure, which choose the colours.
 * @param width Width of a bar, in units of x.
 * @returns A trace for the layout `barmode: "overlay"`.
 */
export function lineBars(
  style: BlockStyle,
  parts: readonly PlacedPart[],
  names: readonly string[],
  width: number,
): Data {
  const blocks = parts.map(({ x, name, from, to }) => ({
    x: roundDecimals(x),
    row: names.indexOf(name),
    top: from,
    bottom: to,
  }));
  const hovertemplate = `%{y} of %{customdata} ${SAID[style]}<extra></extra>`;
  return { ...blockBars(style, blocks, names, width), hovertemplate } as Data;
}

/**
 * Splits what a memory holds after a step into what is read and what is not, with a label for each row in its thickest part.
 *
 * @example A queue of two rows, the first of which is read, and a quarter of the second.
 * ```ts
 * import { heldParts } from "@/figures/parts/line_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "a", from: 0, to: 0.75 }, { name: "b", from: 0.75, to: 1.75 }];
 * const windows = [{ from: 0, to: 1 }];
 * const scale = { pixels: 60, unit: 100 };
 * const { read, labels } = heldParts({ line: { rows }, windows }, 1, ["a", "b"], scale);
 * assertEquals(read.map(({ to }) => to), [0.75, 1]);
 * assertEquals(labels.map(({ text, y }) => [text, y]), [["a", 0.375], ["b", 1.375]]);
 * ```
 * @param step The memory after the step.
 * @param x The middle of the bars.
 * @param names All names of the figure, which choose the colours.
 * @param scale The size of the bars.
 * @returns The parts, and the labels that fit.
 */
export function heldParts(
  { line, windows }: { line: Pick<LineStep["line"], "rows">; windows: LineStep["windows"] },
  x: number,
  names: readonly string[],
  { pixels, unit }: BarScale,
): { read: PlacedPart[]; unread: PlacedPart[]; labels: PlotLabel[] } {
  const split = splitByWindows(line.rows, windows), colours = coloursOf(names);
  const [read, unread] = [split.read, split.unread].map((parts) =>
    parts.map((part) => ({ ...part, x }))
  );
  const labels = line.rows.map(({ name, from, to }): PlotLabel => {
    const isOfRow = (part: LinePart) => part.from >= from && part.to <= to;
    const height = (part: LinePart) => part.to - part.from;
    const parts = [...read, ...unread].filter(isOfRow);
    const thickest = parts.reduce((a, b) => height(b) > height(a) ? b : a);
    const isRead = read.includes(thickest);
    return {
      x,
      y: (thickest.from + thickest.to) / 2,
      text: fittingText([name], pixels - SPACE, height(thickest) * unit, SIZE),
      colour: isRead ? textColourOn(colours[names.indexOf(name)]) : INK,
    };
  });
  return { read, unread, labels };
}
