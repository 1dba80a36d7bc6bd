/**
 * Where a pop and a read end in a stack, and what follows for the pop's gradient.
 *
 * @module
 */
import { blockBars, READ_DEPTH } from "@/figures/parts/block_bars.ts";
import { coloursOf, INK, textColourOn } from "@/figures/parts/colours.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { type Block, heldBlocks, splitAtDepth } from "@/figures/parts/stack_blocks.ts";
import { fittingText } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { nextStrengths } from "@/memory/stack.ts";
import { formatNumber } from "@/figures/parts/number_text.ts";
import { type Figure, FIGURE_WIDTH, type Layout, makeFigure, PALETTE } from "./figure.ts";

type Shape = NonNullable<Layout["shapes"]>[number];

/** One step of a stack. */
export interface PopCase {
  /** What it shows, in a few words. */
  readonly name: string;
  /** The strengths before the step, oldest first. */
  readonly strengths: readonly number[];
  /** How much is popped. */
  readonly pop: number;
  /** With how much strength the next row is pushed. */
  readonly push: number;
}

/** The content of the figure. */
export interface PopAndReadEndsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** One to three steps. */
  readonly cases: readonly PopCase[];
}

/** Where the pop and the read of a step end, and the slope that follows. */
export interface PopAndReadEnds {
  /** The row in which the pop ends, from 0; undefined if it ends between rows, or below the last. */
  readonly m?: number;
  /** The row in which the read ends; undefined if all of a row is read or none of it. */
  readonly p?: number;
  /** Whether a slightly larger pop changes the read. */
  readonly isFelt: boolean;
}

const MARGIN = { l: 24, r: 24, t: 56, b: 84 };
/** Pixels for a unit of strength, and the distance between the piles of two cases, in piles. */
const [UNIT, PILES_PER_CASE] = [130, 2.7];
/** Width of a pile, in piles, and pixels from its edge to the middle of a label beside it. */
const [WIDTH, END_LABEL] = [0.84, 29];
/** Pixels that the lines at both edges of a row take from its name. */
const BORDERS = 6;
const DIGITS = "₀₁₂₃₄₅₆₇₈₉";

/** "v₁" is row 0, as in the paper. */
const nameOf = (row: number) =>
  `v${[...String(row + 1)].map((digit) => DIGITS[Number(digit)]).join("")}`;

/** The row that goes on below a depth and begins above it. */
function rowAt(blocks: readonly Block[], depth: number): number | undefined {
  return blocks.find(({ top, bottom }) => top < depth && depth < bottom)?.row;
}

/**
 * Finds the rows m and p in which the pop and the read of a step end.
 *
 * ∂r_t/∂u_t = v_p − v_m if row m is read in full, else 0; v_p is 0 if the read ends in no row
 *
 * Source: the derivatives of equations (2) and (3) of Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @example The pop ends in row 1, and the read in row 0: a larger pop takes from one and shows more of the other.
 * ```ts
 * import { popAndReadEnds } from "@/figures/pop_and_read_ends.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const step = { name: "felt", strengths: [0.75, 0.5], pop: 0.25, push: 0.5 };
 * assertEquals(popAndReadEnds(step), { m: 1, p: 0, isFelt: true });
 * ```
 * @param step The step.
 * @returns The two rows, and whether the pop has a gradient.
 */
export function popAndReadEnds({ strengths, pop, push }: Omit<PopCase, "name">): PopAndReadEnds {
  const after = heldBlocks(nextStrengths([...strengths], pop, push));
  const m = rowAt(heldBlocks([...strengths]), pop);
  const end = after.find(({ row }) => row === m)?.bottom ?? Infinity;
  return { m, p: rowAt(after, READ_DEPTH), isFelt: end < READ_DEPTH };
}

/** A pile at x, cut at the depth down to which the pop takes, or the read reaches. */
interface CutPile {
  readonly x: number;
  readonly blocks: readonly Block[];
  readonly depth: number;
  /** The row in which the cut lies. */
  readonly end?: number;
  /** Its letter in the text. */
  readonly letter: string;
}

function pilesOf(step: PopCase, k: number): [before: CutPile, after: CutPile] {
  const { m, p } = popAndReadEnds(step), x = k * PILES_PER_CASE;
  const before = heldBlocks([...step.strengths]);
  const after = heldBlocks(nextStrengths([...step.strengths], step.pop, step.push));
  return [
    { x, blocks: before, depth: step.pop, end: m, letter: "m" },
    { x: x + 1, blocks: after, depth: READ_DEPTH, end: p, letter: "p" },
  ];
}

/** The cut as a line through the pile, and an outline round the row in which it lies. */
function marks({ x, blocks, depth, end, letter }: CutPile): Shape[] {
  const [x0, x1] = [x - WIDTH / 2, x + WIDTH / 2];
  const row = blocks.find((block) => block.row === end);
  const dash = letter === "m" ? "solid" as const : "dash" as const;
  const line = { type: "line" as const, x0: x0 - 0.06, x1: x1 + 0.06, y0: depth, y1: depth };
  return [
    ...(row
      ? [{
        type: "rect" as const,
        ...{ x0, x1, y0: row.top, y1: row.bottom },
        line: { color: PALETTE.vermilion, width: 3 },
      }]
      : []),
    { ...line, line: { color: INK, width: 2, dash } },
  ];
}

/** The name of each row, in the thicker of the parts into which the cut divides it. */
function rowLabels(pile: CutPile, colours: readonly string[], width: number): PlotLabel[] {
  return pile.blocks.map((block) => {
    const { above, below } = splitAtDepth([block], pile.depth);
    const [{ top, bottom }] = [...above, ...below].sort((a, b) =>
      (b.bottom - b.top) - (a.bottom - a.top)
    );
    const isRead = pile.letter === "p" && bottom <= pile.depth;
    return {
      x: pile.x,
      y: (top + bottom) / 2,
      text: fittingText([nameOf(block.row)], width, (bottom - top) * UNIT - BORDERS),
      colour: isRead ? textColourOn(colours[block.row]) : INK,
    };
  });
}

/** "row m" and its name left of the pile before the pop, "row p" right of the pile after it. */
function endLabel({ x, blocks, end, letter }: CutPile, pixels: number): PlotLabel {
  const row = blocks.find((block) => block.row === end);
  const beside = (WIDTH / 2 + END_LABEL / pixels) * (letter === "m" ? -1 : 1);
  const text = row ? `${nameOf(row.row)} is<br><b>row ${letter}</b>` : "";
  return { x: x + beside, y: row ? (row.top + row.bottom) / 2 : 0, text };
}

function slopeText({ m, p, isFelt }: PopAndReadEnds): string {
  if (!isFelt || m === undefined) return "∂r/∂u = 0";
  return `∂r/∂u = ${p === undefined ? "−" : `${nameOf(p)} − `}${nameOf(m)}`;
}

function describe(cases: readonly PopCase[]): string {
  const where = (row: number | undefined) => row === undefined ? "in no row" : `in ${nameOf(row)}`;
  return cases.map((step) => {
    const ends = popAndReadEnds(step);
    return `${step.name}: strengths ${
      step.strengths.map((s) => formatNumber(s)).join(", ")
    }, a pop of ` +
      `${formatNumber(step.pop)} ends ${where(ends.m)}, after a push of ${
        formatNumber(step.push)
      } the read ends ${where(ends.p)}, ${slopeText(ends)}`;
  }).join("; ") + ".";
}

/**
 * Draws steps of a stack as two piles each: before the pop, with the depth down to which it takes, and after pop and push,
 * with the depth down to which the read reaches. The rows m and p in which they end are outlined, and below stands what
 * follows for the pop's gradient.
 *
 * @example Two steps: one whose pop is felt, and one whose new row fills the read.
 * ```ts
 * import { popAndReadEndsPicture } from "@/figures/pop_and_read_ends.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = popAndReadEndsPicture({
 *   title: "A pop is felt if all of row m is in sight",
 *   cases: [
 *     { name: "felt", strengths: [0.75, 0.5], pop: 0.25, push: 0.5 },
 *     { name: "covered", strengths: [0.75, 0.5], pop: 0.25, push: 1 },
 *   ],
 * });
 * assertStringIncludes(description, "ends in v₂");
 * assertStringIncludes(description, "∂r/∂u = v₁ − v₂");
 * ```
 * @param inputs Title and steps.
 * @returns A static figure, 620 pixels wide, whose height depends on the highest pile.
 * @throws {TypeError} If there is no step.
 * @throws {RangeError} If a strength, a pop or a push is negative or not finite.
 */
export function popAndReadEndsPicture(inputs: PopAndReadEndsInputs): Figure {
  const { title, cases } = inputs;
  if (cases.length === 0) {
    throw new TypeError("Cannot draw the ends: wanted at least 1 step, got 0");
  }
  const both = cases.map(pilesOf), piles = both.flat();
  const rows = 1 + Math.max(...piles.flatMap(({ blocks }) => blocks.map(({ row }) => row)));
  const names = Array.from({ length: rows }, (_, row) => nameOf(row)), colours = coloursOf(names);
  const deepest = Math.max(1, ...piles.flatMap(({ blocks }) => blocks.map(({ bottom }) => bottom)));
  const spare = Math.max(0, 2 - cases.length); // a single step leaves space at both sides
  const reach: [number, number] = [
    -0.85 - spare,
    (cases.length - 1) * PILES_PER_CASE + 1.85 + spare,
  ];
  const pixels = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / (reach[1] - reach[0]);
  const bars = (style: "read" | "deeper" | "popped", part: "above" | "below", pile: CutPile) =>
    splitAtDepth(pile.blocks, pile.depth)[part].map((block) => ({ ...block, x: pile.x, style }));
  const [before, after] = [both.map(([pile]) => pile), both.map(([, pile]) => pile)];
  const heading = (text: string, x: number): PlotLabel => ({ x, y: -0.1, text });
  const figure = addTitleMargin(makeFigure({
    title,
    description: `Piles before the pop and after pop and push. ${describe(cases)}`,
    data: [
      blockBars("popped", before.flatMap((pile) => bars("popped", "above", pile)), names, WIDTH),
      blockBars(
        "deeper",
        [
          ...before.flatMap((pile) => bars("deeper", "below", pile)),
          ...after.flatMap((pile) => bars("deeper", "below", pile)),
        ],
        names,
        WIDTH,
      ),
      blockBars("read", after.flatMap((pile) => bars("read", "above", pile)), names, WIDTH),
      plotLabels(piles.flatMap((pile) => rowLabels(pile, colours, WIDTH * pixels - 6))),
      plotLabels(piles.map((pile) => endLabel(pile, pixels)), { size: 12 }),
      plotLabels([
        ...before.map(({ x }, k) => heading(`pop ${formatNumber(cases[k].pop)}`, x)),
        ...after.map(({ x }, k) => heading(`push ${formatNumber(cases[k].push)}`, x)),
      ], { size: 12 }),
    ],
    xTitle:
      "left: a pop takes what lies above the solid line; right: what lies above the dashed one is read",
    layout: {
      height: MARGIN.t + MARGIN.b + (deepest + 0.25) * UNIT,
      margin: MARGIN,
      barmode: "overlay",
      shapes: piles.flatMap(marks),
      xaxis: {
        range: reach,
        tickvals: cases.map((_, k) => k * PILES_PER_CASE + 0.5),
        ticktext: cases.map((step) => `<b>${step.name}</b><br>${slopeText(popAndReadEnds(step))}`),
        showgrid: false,
        ticks: "",
        tickfont: { size: 13 },
      },
      yaxis: { range: [deepest + 0.05, -0.2], visible: false },
    },
  }));
  return { ...figure, config: { ...figure.config, staticPlot: true } };
}
