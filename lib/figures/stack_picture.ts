/**
 * The stack over time: one pile for each step, with what was popped, what is held and what is read.
 *
 * @module
 */
import { coloursOf, tint } from "@/figures/parts/colours.ts";
import {
  type Block,
  checkNames,
  type Piles,
  pilesOverTime,
  splitAtDepth,
} from "@/figures/parts/stack_blocks.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
import { roundDecimals } from "@/figures/parts/number_text.ts";
import type { StackTrace } from "@/memory/stack.ts";
import { blockBars, blockLabels, type PileScale, READ_DEPTH } from "@/figures/parts/block_bars.ts";
import { depthTicks, depthZones } from "@/figures/parts/depth_zones.ts";
import { describeSteps, type StepTable, stepTable } from "@/figures/parts/step_table.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

type Shape = NonNullable<Layout["shapes"]>[number];

/** The content of the figure. */
export interface StackPictureInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The trace of the stack. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step; steps of one name share a colour. */
  readonly names: readonly string[];
}

/** Margins of the plot, in pixels. */
const MARGIN = { l: 76, r: 104, t: 56, b: 56 };
/** Between the plot and the table, in pixels. */
const GAP = 16;
/** Half the width of a pile, in steps. */
const HALF = 0.36;

/** From the right edge of a pile, at `x0`, to the left edge of the next, at `x1`. */
function ribbon(from: Block, to: Block, x0: number, x1: number, colour: string): Shape {
  const [a, b, c, d] = [from.top, to.top, to.bottom, from.bottom].map((y) => roundDecimals(y));
  const [left, right, x] = [x0, x1, (x0 + x1) / 2].map((x) => roundDecimals(x));
  return {
    type: "path",
    path: `M${left},${a}C${x},${a} ${x},${b} ${right},${b}L${right},${c}` +
      `C${x},${c} ${x},${d} ${left},${d}Z`,
    fillcolor: tint(colour, 0.25),
    line: { width: 0 },
    layer: "below",
  };
}

/** From pile to pile, one ribbon for the part of a row that stays and another for the part that is popped. */
function ribbons(piles: Piles, colours: readonly string[]): Shape[] {
  return piles.held.slice(1).flatMap((next, t) =>
    piles.held[t].flatMap((from) => {
      const stays = next.find((block) => block.row === from.row);
      const goes = piles.popped[t + 1].find((block) => block.row === from.row);
      const cut = from.top + (goes ? goes.bottom - goes.top : 0);
      const [x0, x1] = [t + 1 + HALF, t + 2 - HALF];
      return [
        ...(goes ? [ribbon({ ...from, bottom: cut }, goes, x0, x1, colours[from.row])] : []),
        ...(stays ? [ribbon({ ...from, top: cut }, stays, x0, x1, colours[from.row])] : []),
      ];
    })
  );
}

/** Places blocks of the step with index t at x = t + 1. */
function place(blocks: Block[], t: number) {
  return blocks.map((block) => ({ ...block, x: t + 1 }));
}

function traces(piles: Piles, names: readonly string[], scale: PileScale): Data[] {
  const cut = piles.held.map((blocks) => splitAtDepth(blocks, READ_DEPTH));
  const held = piles.held.flatMap(place);
  const popped = piles.popped.flatMap(place);
  return [
    blockBars("popped", popped, names, 2 * HALF),
    blockBars("deeper", cut.flatMap((pile, t) => place(pile.below, t)), names, 2 * HALF),
    blockBars("read", cut.flatMap((pile, t) => place(pile.above, t)), names, 2 * HALF),
    plotLabels([
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

/** Its unit is one pixel; it starts at the upper edge of the table. */
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
 * Draws the stack as one pile for each step, like the paper's Figure 1(a) but to scale: the height of a block is its
 * strength, and all piles hang from one surface, so that the read is the same band in each of them.
 *
 * A pop lifts what it removes above the surface (outlined); a push inserts a new block just below the surface; ribbons
 * connect each row from pile to pile; the read, one unit deep, is in full colour, and deeper blocks are pale. A table
 * below gives the numbers. Labels that do not fit are left out: about 20 steps can be read, about 60 seen.
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
 * @returns A figure, 620 pixels wide, whose height depends on the piles.
 * @throws {TypeError} If there is no step, or the numbers of names and steps differ.
 */
export function stackPicture(inputs: StackPictureInputs): Figure {
  const { title, trace, names } = inputs;
  checkNames("draw the stack", trace, names);
  const piles = pilesOverTime(trace);
  const column = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / trace.strengths.length;
  const extent = piles.deepest - piles.highest + 0.12;
  const unit = Math.min(150, 420 / extent);
  const table = stepTable(trace, names, column);
  const layout = layoutOf(piles, table, unit * extent);
  const zones = depthZones(piles, unit);
  return addTitleMargin(makeFigure({
    title,
    description: `Piles of blocks over ${names.length} steps: ${
      describeSteps(trace, names).join("; ")
    }.`,
    data: [
      ...traces(piles, names, { width: 2 * HALF * column, unit }),
      ...(table.rows.length > 0 ? [plotLabels(table.cells, { yaxis: "y2" })] : []),
    ],
    xTitle: "step t",
    yTitle: "depth below the top (strength)",
    layout: {
      ...layout,
      shapes: [...ribbons(piles, coloursOf(names)), ...zones.shapes],
      annotations: zones.annotations,
    },
  }));
}
