/**
 * The blocks of a stack as bars that hang from their upper edges, and the labels on them.
 *
 * Three looks, told apart without colour too: read (full), deeper than the read (pale), popped (outlined). Colours
 * that are alike in grey print are told apart by their hatch.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import { coloursOf, hatchOf, INK, inkOn, shade, tint } from "./colours.ts";
import { type Block, cutAt } from "./depths.ts";
import type { Data } from "./figure.ts";
import { fittingText } from "./fitting_text.ts";
import { rounded } from "./rounding.ts";
import { term } from "./terms.ts";
import type { TextMark } from "./text_marks.ts";

type Pattern = NonNullable<BarData["marker"]>["pattern"];

/** How a block is painted. */
export type Look = "read" | "deeper" | "popped";

/** A block in a pile at `x`. */
export interface PlacedBlock extends Block {
  readonly x: number;
}

/** A pile's width and a unit of depth, in pixels. */
export interface PileScale {
  readonly width: number;
  readonly unit: number;
}

/** Depth to which a read reaches. */
export const READ_DEPTH = 1;

/** How much of a block's colour is left in each look. */
const SHARES: Record<Look, number> = { read: 1, deeper: 0.4, popped: 0.1 };

/** Plotly chooses light or dark for each bar; faint, so that letters can be read on it. */
function hatching(colours: readonly string[]): Pattern {
  const shape = colours.map(hatchOf);
  // The paper is said because Plotly would look for it among the bars' colours, and complain.
  return {
    shape,
    fillmode: "overlay",
    bgcolor: "#ffffff",
    fgopacity: 0.35,
    size: 10,
    solidity: 0.12,
  };
}

/**
 * Paints bars in one of the three looks.
 *
 * @example Read is full, deeper is pale.
 * ```ts
 * import { markerOf } from "@/figures/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markerOf("read", ["#000000"])?.color, ["#000000"]);
 * assertEquals(markerOf("deeper", ["#000000"])?.color, ["#999999"]);
 * ```
 * @param look Which one.
 * @param colours Colour "#rrggbb" of each bar.
 * @returns The marker of a trace of bars.
 */
export function markerOf(look: Look, colours: readonly string[]): BarData["marker"] {
  const color = colours.map((colour) => tint(colour, SHARES[look]));
  const pattern = hatching(colours);
  if (look !== "popped") return { color, pattern, line: { color: "#ffffff", width: 1.5 } };
  const outline = colours.map((colour) => shade(colour, 0.75));
  return { color, pattern, line: { color: outline, width: 1.5 } };
}

/**
 * Draws blocks as bars.
 *
 * @example A block's height is its strength.
 * ```ts
 * import { blockBars } from "@/figures/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = blockBars("read", [{ x: 1, row: 0, top: 0.5, bottom: 0.75 }], ["a"], 0.8);
 * assertEquals(trace.type === "bar" && [trace.base, trace.y], [[0.5], [0.25]]);
 * ```
 * @param look How to paint them.
 * @param blocks Where they are, on a depth axis that grows downwards.
 * @param names Name of each row's value; rows of one name share a colour.
 * @param width Of a bar, in units of x.
 * @returns One trace; lay it out with `barmode: "overlay"`.
 */
export function blockBars(
  look: Look,
  blocks: readonly PlacedBlock[],
  names: readonly string[],
  width: number,
): Data {
  const colours = coloursOf(names);
  return {
    type: "bar",
    name: look,
    x: blocks.map((block) => block.x),
    base: blocks.map((block) => rounded(block.top)),
    y: blocks.map((block) => rounded(block.bottom - block.top)),
    width,
    marker: markerOf(look, blocks.map((block) => colours[block.row])),
    customdata: blocks.map((block) => names[block.row]),
    hovertemplate: `step %{x}: %{y} of %{customdata} ${look}<extra></extra>`,
    showlegend: false,
  };
}

/** The thicker of a block's two pieces, above and below the reach of a read. */
function thickerPiece(block: PlacedBlock): PlacedBlock {
  const { above, below } = cutAt([block], READ_DEPTH);
  const pieces = [...above, ...below].sort((a, b) => (b.bottom - b.top) - (a.bottom - a.top));
  return { ...block, ...pieces[0] };
}

/**
 * Writes strength and name on each block that has room for them, or its name alone.
 *
 * @example Strength and name.
 * ```ts
 * import { blockLabels } from "@/figures/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const blocks = [{ x: 1, row: 0, top: 0, bottom: 0.5 }];
 * const [label] = blockLabels("held", blocks, ["a"], { width: 90, unit: 100 });
 * assertEquals([label.text, label.y], ["0.5 <b>a</b>", 0.25]);
 * ```
 * @param kind Whether the blocks are on the stack, or popped, with a minus sign.
 * @param blocks Where they are.
 * @param names Name of each row's value.
 * @param scale The size of a pile on the page.
 * @returns A mark for each block; its text is empty where there is no room.
 */
export function blockLabels(
  kind: "held" | "popped",
  blocks: readonly PlacedBlock[],
  names: readonly string[],
  scale: PileScale,
): TextMark[] {
  const colours = coloursOf(names);
  return blocks.map((block) => {
    const piece = kind === "held" ? thickerPiece(block) : block;
    const y = (piece.top + piece.bottom) / 2;
    const name = `<b>${names[block.row]}</b>`;
    const amount = (block.bottom - block.top) * (kind === "held" ? 1 : -1);
    const height = (piece.bottom - piece.top) * scale.unit;
    const isRead = kind === "held" && y < READ_DEPTH;
    return {
      x: block.x,
      y,
      text: fittingText([term(amount, name), name], scale.width - 6, height),
      colour: isRead ? inkOn(colours[block.row]) : INK,
    };
  });
}
