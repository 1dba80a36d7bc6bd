/**
 * The blocks of a stack as bars that hang from their upper edges, and the labels on them.
 *
 * Three styles differ without colour too: read (full), deeper than the read (pale), popped (outlined). Colours that look
 * the same in grey print differ in their hatching.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import { coloursOf, hatchOf, INK, shade, textColourOn, tint } from "./colours.ts";
import { type Block, splitAtDepth } from "./stack_blocks.ts";
import type { Data } from "@/figures/figure.ts";
import { fittingText } from "./text_width.ts";
import { formatTerm, roundDecimals } from "./number_text.ts";
import type { PlotLabel } from "./plot_labels.ts";

type Pattern = NonNullable<BarData["marker"]>["pattern"];

/** How a block is drawn. */
export type BlockStyle = "read" | "deeper" | "popped";

/** A block in a pile at `x`. */
export interface PlacedBlock extends Block {
  readonly x: number;
}

/** A pile's width and a unit of depth, in pixels. */
export interface PileScale {
  readonly width: number;
  readonly unit: number;
}

/** Depth down to which a read reaches. */
export const READ_DEPTH = 1;

/** Share of a block's colour in each style; the rest is white. */
const SHARES: Record<BlockStyle, number> = { read: 1, deeper: 0.4, popped: 0.1 };

/** Faint hatching, so that text on it can be read; Plotly chooses a light or a dark one for each bar. */
function hatching(colours: readonly string[]): Pattern {
  const shape = colours.map(hatchOf);
  // Without a background colour Plotly looks for one among the bars' colours, and logs an error.
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
 * Makes the marker of bars in one of the three styles.
 *
 * @example Read is full, deeper is pale.
 * ```ts
 * import { blockMarker } from "@/figures/parts/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(blockMarker("read", ["#000000"])?.color, ["#000000"]);
 * assertEquals(blockMarker("deeper", ["#000000"])?.color, ["#999999"]);
 * ```
 * @param style The style.
 * @param colours Colour "#rrggbb" of each bar.
 * @returns The marker of a trace of bars.
 */
export function blockMarker(style: BlockStyle, colours: readonly string[]): BarData["marker"] {
  const color = colours.map((colour) => tint(colour, SHARES[style]));
  const pattern = hatching(colours);
  if (style !== "popped") return { color, pattern, line: { color: "#ffffff", width: 1.5 } };
  const outline = colours.map((colour) => shade(colour, 0.75));
  return { color, pattern, line: { color: outline, width: 1.5 } };
}

/**
 * Draws blocks as bars.
 *
 * @example A block's height is its strength.
 * ```ts
 * import { blockBars } from "@/figures/parts/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = blockBars("read", [{ x: 1, row: 0, top: 0.5, bottom: 0.75 }], ["a"], 0.8);
 * assertEquals(trace.type === "bar" && [trace.base, trace.y], [[0.5], [0.25]]);
 * ```
 * @param style How to draw them.
 * @param blocks Their positions, on a depth axis that grows downwards.
 * @param names Name of each row's value; rows of one name share a colour.
 * @param width Width of a bar, in units of x.
 * @returns One trace, for the layout `barmode: "overlay"`.
 */
export function blockBars(
  style: BlockStyle,
  blocks: readonly PlacedBlock[],
  names: readonly string[],
  width: number,
): Data {
  const colours = coloursOf(names);
  return {
    type: "bar",
    name: style,
    x: blocks.map((block) => block.x),
    base: blocks.map((block) => roundDecimals(block.top)),
    y: blocks.map((block) => roundDecimals(block.bottom - block.top)),
    width,
    marker: blockMarker(style, blocks.map((block) => colours[block.row])),
    customdata: blocks.map((block) => names[block.row]),
    hovertemplate: `step %{x}: %{y} of %{customdata} ${style}<extra></extra>`,
    showlegend: false,
  };
}

/** The thicker of the two pieces of a block that the end of the read cuts it into. */
function thickerPiece(block: PlacedBlock): PlacedBlock {
  const { above, below } = splitAtDepth([block], READ_DEPTH);
  const pieces = [...above, ...below].sort((a, b) => (b.bottom - b.top) - (a.bottom - a.top));
  return { ...block, ...pieces[0] };
}

/**
 * Labels each block with its strength and name, or with its name alone if there is no space for both.
 *
 * @example Strength and name.
 * ```ts
 * import { blockLabels } from "@/figures/parts/block_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const blocks = [{ x: 1, row: 0, top: 0, bottom: 0.5 }];
 * const [label] = blockLabels("held", blocks, ["a"], { width: 90, unit: 100 });
 * assertEquals([label.text, label.y], ["0.5 <b>a</b>", 0.25]);
 * ```
 * @param kind Whether the blocks are held or popped; popped ones get a minus sign.
 * @param blocks Their positions.
 * @param names Name of each row's value.
 * @param scale Size of a pile in pixels.
 * @returns A label for each block; its text is empty if there is no space.
 */
export function blockLabels(
  kind: "held" | "popped",
  blocks: readonly PlacedBlock[],
  names: readonly string[],
  scale: PileScale,
): PlotLabel[] {
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
      text: fittingText([formatTerm(amount, name), name], scale.width - 6, height),
      colour: isRead ? textColourOn(colours[block.row]) : INK,
    };
  });
}
