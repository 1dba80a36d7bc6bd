/**
 * The stack over time: one pile for each step, with what was popped, what is there and what is read.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { blockBars, blockLabels, type PileScale, READ_DEPTH } from "./block_bars.ts";
import { coloursOf } from "./colours.ts";
import { depthTicks, depthZones } from "./depth_zones.ts";
import { type Block, cutAt } from "./depths.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
import { checkNames, type Piles, pilesOf } from "./piles.ts";
import { ribbons } from "./ribbons.ts";
import { type StepTable, stepTable, stepWords } from "./step_table.ts";
import { textMarks } from "./text_marks.ts";
import { roomForTitle } from "./room_for_title.ts";

/** What the picture shows. */
export interface StackPictureInputs {
  /** The claim that the picture makes. */
  readonly title: string;
  /** What the stack did. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step; steps of one name share a colour. */
  readonly names: readonly string[];
}

/** Pixels around the plot. */
const MARGIN = { l: 76, r: 104, t: 56, b: 56 };
const GAP = 16;
/** Half the width of a pile, in steps. */
const HALF = 0.36;

/** A block of step t stands at x = t. */
function place(blocks: Block[], t: number) {
  return blocks.map((block) => ({ ...block, x: t + 1 }));
}

function traces(piles: Piles, names: readonly string[], scale: PileScale): Data[] {
  const cut = piles.held.map((blocks) => cutAt(blocks, READ_DEPTH));
  const held = piles.held.flatMap(place);
  const popped = piles.popped.flatMap(place);
  return [
    blockBars("popped", popped, names, 2 * HALF),
    blockBars("deeper", cut.flatMap((pile, t) => place(pile.below, t)), names, 2 * HALF),
    blockBars("read", cut.flatMap((pile, t) => place(pile.above, t)), names, 2 * HALF),
    textMarks([
      ...blockLabels("popped", popped, names, scale),
      ...blockLabels("held", held, names, scale),
    ]),
  ];
}

function layoutOf(piles: Piles, table: StepTable, height: number): Partial<Layout> {
  const T = piles.held.length;
  const inner = height + GAP + table.height;
  return {
    height: MARGIN.t + inner + MARGIN.b,
    margin: MARGIN,
    barmode: "overlay",
    xaxis: {
      range: [0.5, T + 0.5],
      tick0: 1,
      dtick: Math.ceil(T / 20),
      anchor: table.rows.length > 0 ? "y2" : "y",
      showgrid: false,
      ticks: "",
    },
    yaxis: {
      range: [piles.deepest + 0.06, piles.highest - 0.06],
      domain: [1 - height / inner, 1],
      showgrid: false,
      tickvals: depthTicks(piles.deepest),
    },
    ...(table.rows.length > 0 && { yaxis2: tableAxis(table, inner) }),
  };
}

/** Its unit is the pixel, counted from the table's upper edge. */
function tableAxis(table: StepTable, inner: number): Layout["yaxis"] {
  return {
    range: [table.height, 0],
    domain: [0, table.height / inner],
    tickvals: table.rows.map((row) => row.y),
    ticktext: table.rows.map((row) => row.name),
    showgrid: false,
    ticks: "",
    fixedrange: true,
  };
}

/**
 * Draws the stack as one pile for each step, in the manner of the paper's Figure 1(a), but to scale: the height of a
 * block is its strength, and all piles hang from one surface, so that the read is the same band for all of them.
 *
 * A pop lifts what it takes above the surface (outlined); a push slides a new block in below it; ribbons lead each row
 * from pile to pile; the read, one unit deep, is in full colour, what lies deeper is pale. A table below has the numbers.
 * Labels that would not fit are left out (up to some 20 steps can be read, up to some 60 seen).
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Figure 1(a).
 *
 * @example The third step of Figure 1(a): 0.9 of the new value, then 0.3 of the oldest, of which 0.1 is read.
 * ```ts
 * import { stackPicture } from "@/figures/stack_picture.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const values = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
 * const trace = runStack({ values, pops: [0, 0.1, 0.9], pushes: [0.8, 0.5, 0.9] });
 * const picture = stackPicture({
 *   title: "A read is the topmost unit",
 *   trace,
 *   names: ["a", "b", "c"],
 * });
 * const read = picture.data.find((data) => data.name === "read");
 * assertEquals(read?.type === "bar" && read.y?.slice(-2), [0.9, 0.1]);
 * assertStringIncludes(picture.description, "step 3 pops 0.9, pushes 0.9 c, reads 0.9 c + 0.1 a");
 * ```
 * @param inputs Title, run and names.
 * @returns A figure, 720 pixels wide and as high as the piles need.
 * @throws {TypeError} If there is no step, or not one name for each.
 */
export function stackPicture(inputs: StackPictureInputs): Figure {
  const { title, trace, names } = inputs;
  checkNames("draw the stack", trace, names);
  const piles = pilesOf(trace);
  const column = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / trace.strengths.length;
  const extent = piles.deepest - piles.highest + 0.12;
  const unit = Math.min(150, 420 / extent);
  const table = stepTable(trace, names, column);
  const layout = layoutOf(piles, table, unit * extent);
  const zones = depthZones(piles, unit);
  return roomForTitle(makeFigure({
    title,
    description: `Piles of blocks over ${names.length} steps: ${
      stepWords(trace, names).join("; ")
    }.`,
    data: [
      ...traces(piles, names, { width: 2 * HALF * column, unit }),
      ...(table.rows.length > 0 ? [textMarks(table.cells, { yaxis: "y2" })] : []),
    ],
    xTitle: "step t",
    yTitle: "depth below the top (strength)",
    layout: {
      ...layout,
      shapes: [...ribbons(piles, coloursOf(names), HALF), ...zones.shapes],
      annotations: zones.annotations,
    },
  }));
}
