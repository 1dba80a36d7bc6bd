/**
 * One step of a stack that the reader controls: one slider sets the pop, another the push.
 *
 * A Plotly slider can only set fixed numbers, and does not know the position of the other slider. Measured from the
 * top, the pile needs no more: the pop alone sets how much is left of each old row, the push alone sets the new block
 * above them, and the depth of the read stays the same. What depends on both, the read in numbers, is written for every
 * pair on one large sheet. Each slider moves one axis of the sheet, so that one entry is in view.
 *
 * @module
 */
import type { Slider } from "plotly.js-dist";
import { sum } from "@/math/lists.ts";
import type { Vector } from "@/math/shapes.ts";
import { nextStrengths } from "@/memory/stack.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
import {
  blockBars,
  blockLabels,
  blockMarker,
  type PileScale,
  READ_DEPTH,
} from "@/figures/parts/block_bars.ts";
import { coloursOf, INK } from "@/figures/parts/colours.ts";
import { depthTicks, depthZones } from "@/figures/parts/depth_zones.ts";
import {
  formatNumber,
  formatTerm,
  roundDecimals,
  weightedSumTerms,
} from "@/figures/parts/number_text.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { type Block, heldBlocks, splitAtDepth } from "@/figures/parts/stack_blocks.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** A stack before a step, and the value that the step pushes. */
export interface StackBefore {
  /** s_{t−1}, the strengths before the step, oldest first. */
  readonly strengths: Vector;
  /** Name of each row's value, and last the name of the new value. */
  readonly names: readonly string[];
}

/** The stack before the step, and where the sliders start. */
export interface PopAndPushInputs extends StackBefore {
  /** The claim, which the reader can try out. */
  readonly title: string;
  /** u_t at the start: a multiple of 0.1 from 0 to 1. */
  readonly pop?: number;
  /** d_t at the start: a multiple of 0.1 from 0 to 1. */
  readonly push?: number;
}

/** Positions of the sliders at the start. */
interface Start {
  readonly pop: number;
  readonly push: number;
}

/** One bar of the pile after the step. */
interface PileBar {
  /** Above or below the surface; a label is a transparent bar whose text lies over the veil. */
  readonly kind: "popped" | "held" | "label";
  /** 0 for the oldest. */
  readonly row: number;
}

/** A slider from 0 to 1 that changes the heights of bars and moves one axis. */
interface SnapSliderInputs {
  /** Written above the slider, followed by its value. */
  readonly name: string;
  /** Its position at the start, one of `STOPS`. */
  readonly start: number;
  /** Distance from the plot, in pixels. */
  readonly top: number;
  /** Index of each trace that it changes; each trace is a single bar. */
  readonly traces: readonly number[];
  /** Height and text of a trace's bar when the slider is at `stop`. */
  readonly state: (trace: number, stop: number) => { readonly y: number; readonly text: string };
  /** An axis that is moved to show the unit around 10 × the slider's value. */
  readonly axis: "xaxis2" | "yaxis3";
}

/** Position of the pile after the step on the x axis; the pile before the step is at 0. */
const AFTER = 1;
/** Width of both piles, in units of the x axis. */
const PILE_WIDTH = 0.7;
/** Positions of a slider: 0, 0.1 … 1. */
const STOPS: readonly number[] = Array.from({ length: 11 }, (_, k) => k / 10);
const MARGIN = { l: 76, r: 104, t: 56, b: 24 };
/** Pixels from one pile to the other. */
const COLUMN = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / 2;
/** Heights in pixels: a unit of depth, the labels of the axis, the read in numbers, both sliders. */
const [UNIT, LABELS, SHEET, SLIDERS] = [130, 52, 36, 162];

/**
 * Lists the bars in the order in which Plotly stacks them, away from the surface: popped ones upwards, oldest first;
 * held ones downwards, newest first. `n` is the number of rows before the step.
 */
function pileBars(n: number): PileBar[] {
  const upwards = Array.from({ length: n }, (_, row) => row);
  const downwards = [n, ...upwards.toReversed()];
  return [
    ...upwards.map((row): PileBar => ({ kind: "popped", row })),
    ...downwards.map((row): PileBar => ({ kind: "held", row })),
    ...downwards.map((row): PileBar => ({ kind: "label", row })),
  ];
}

/**
 * Finds the height of a bar (negative if popped) and the text on it (empty on an empty bar). A new row depends on the
 * push alone, every other row on the pop alone.
 */
function barState(
  { kind, row }: PileBar,
  stack: StackBefore,
  pop: number,
  push: number,
): { y: number; text: string } {
  const s = nextStrengths(stack.strengths, pop, push);
  const height = kind === "popped" ? s[row] - stack.strengths[row] : s[row];
  const text = formatTerm(height, `<b>${stack.names[row]}</b>`);
  return {
    y: roundDecimals(height),
    text: kind === "held" || roundDecimals(height) === 0 ? "" : text,
  };
}

/** One bar, on an axis that grows downwards; labels go to the axis "y2", which lies over "y". */
function barTrace(bar: PileBar, stack: StackBefore, { pop, push }: Start): Data {
  const { y, text } = barState(bar, stack, pop, push);
  const colour = coloursOf(stack.names)[bar.row];
  const marker = blockMarker(bar.kind === "popped" ? "popped" : "read", [colour]);
  return {
    type: "bar",
    name: `${bar.kind} ${stack.names[bar.row]}`,
    x: [AFTER],
    y: [y],
    text: [text],
    textposition: "inside",
    insidetextanchor: "middle",
    insidetextfont: { color: INK, size: 13 },
    width: PILE_WIDTH,
    marker: bar.kind === "label" ? { color: "rgba(0,0,0,0)" } : marker,
    hovertemplate: `%{y} of ${stack.names[bar.row]}<extra></extra>`,
    showlegend: false,
    ...(bar.kind === "label" && { yaxis: "y2" }),
  };
}

/** The pile before the step, which no slider changes. */
function pileBefore(stack: StackBefore, scale: PileScale): Data[] {
  const place = (blocks: Block[]) => blocks.map((block) => ({ ...block, x: 0 }));
  const blocks = heldBlocks(stack.strengths);
  const { above, below } = splitAtDepth(blocks, READ_DEPTH);
  return [
    blockBars("read", place(above), stack.names, PILE_WIDTH),
    blockBars("deeper", place(below), stack.names, PILE_WIDTH),
    plotLabels(blockLabels("held", place(blocks), stack.names, scale)),
  ];
}

/** A translucent white bar over the pile after the step: blocks too deep to be read look as pale as in other figures. */
function veil(deepest: number): Data {
  return {
    type: "bar",
    name: "veil",
    x: [AFTER],
    base: [READ_DEPTH],
    y: [roundDecimals(deepest - READ_DEPTH)],
    width: PILE_WIDTH + 0.01,
    marker: { color: "rgba(255,255,255,0.6)" },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Every read in words: column 10 u, row 10 d; Plotly draws none that is out of view. */
function readSheet({ strengths, names }: StackBefore): Data {
  const pairs = STOPS.flatMap((u, x) => STOPS.map((d, y) => ({ u, d, x, y })));
  const labels = pairs.map(({ u, d, x, y }) => {
    const terms = weightedSumTerms(nextStrengths(strengths, u, d), names);
    return { x, y, text: `read <i>r</i> = ${terms.join(" + ")}` };
  });
  return plotLabels(labels, { size: 16, xaxis: "x2", yaxis: "y3" });
}

function snapSlider({ name, start, top, traces, state, axis }: SnapSliderInputs): Slider {
  const steps = STOPS.map((stop, k) => {
    const states = traces.map((trace) => state(trace, stop));
    const bars = { y: states.map(({ y }) => [y]), text: states.map(({ text }) => [text]) };
    const view = { [`${axis}.range`]: [k - 0.5, k + 0.5] };
    return {
      label: formatNumber(stop),
      method: "update" as const,
      args: [bars, view, [...traces]],
    };
  });
  return {
    active: STOPS.indexOf(start),
    steps,
    currentvalue: { prefix: `${name} = `, xanchor: "left", font: { size: 15 } },
    pad: { t: top, b: 0 },
    x: 0,
    len: 1,
    y: 0,
  };
}

/** Both sliders, one below the other. */
function sliders(stack: StackBefore, start: Start): Slider[] {
  const bars = pileBars(stack.strengths.length);
  const n = stack.strengths.length;
  const oldTraces = bars.flatMap((bar, k) => (bar.row < n ? [k] : []));
  const newTraces = bars.flatMap((bar, k) => (bar.row === n ? [k] : []));
  return [
    snapSlider({
      name: "pop <i>u</i>",
      start: start.pop,
      top: 16,
      traces: oldTraces,
      state: (k, u) => barState(bars[k], stack, u, 0),
      axis: "xaxis2",
    }),
    snapSlider({
      name: "push <i>d</i>",
      start: start.push,
      top: 96,
      traces: newTraces,
      state: (k, d) => barState(bars[k], stack, 0, d),
      axis: "yaxis3",
    }),
  ];
}

/** How far the picture reaches. */
interface Extent {
  /** Depths of the highest and the lowest edge of both piles. */
  readonly highest: number;
  readonly deepest: number;
  /** Height of the sliders below, in pixels. */
  readonly sliders: number;
}

/** How far it must reach for the piles at all stops of the sliders. */
function extentAtAnyStop({ strengths }: StackBefore): Extent {
  const total = sum(strengths);
  return { highest: -Math.min(1, total), deepest: total + 1, sliders: SLIDERS };
}

/** How far it must reach where the sliders start, without the sliders. */
function extentAtStart({ strengths }: StackBefore, { pop, push }: Start): Extent {
  const total = sum(strengths), popped = Math.min(pop, total);
  const deepest = Math.max(READ_DEPTH, total, total - popped + push);
  return { highest: -popped, deepest, sliders: 0 };
}

function tracesOf(stack: StackBefore, start: Start, { deepest }: Extent): Data[] {
  return [
    ...pileBars(stack.strengths.length).map((bar) => barTrace(bar, stack, start)),
    veil(deepest),
    ...pileBefore(stack, { width: PILE_WIDTH * COLUMN, unit: UNIT }),
    readSheet(stack),
  ];
}

function layoutOf(inputs: StackBefore, start: Start, extent: Extent): Partial<Layout> {
  const pile = UNIT * (extent.deepest - extent.highest + 0.12);
  const inner = pile + LABELS + SHEET;
  const range: [number, number] = [extent.deepest + 0.06, extent.highest - 0.06];
  const hidden = { visible: false, fixedrange: true };
  const inView = (stop: number): [number, number] => [10 * stop - 0.5, 10 * stop + 0.5];
  return {
    height: MARGIN.t + inner + extent.sliders + MARGIN.b,
    margin: MARGIN,
    barmode: "relative",
    uniformtext: { mode: "hide", minsize: 11 },
    xaxis: {
      range: [-0.5, 1.5],
      tickvals: [0, AFTER],
      ticktext: ["before", "after pop <i>u</i>, then push <i>d</i>"],
      showgrid: false,
      ticks: "",
    },
    yaxis: {
      range,
      domain: [1 - pile / inner, 1],
      showgrid: false,
      tickvals: depthTicks(extent.deepest),
    },
    yaxis2: { ...hidden, overlaying: "y", range },
    xaxis2: { ...hidden, range: inView(start.pop), anchor: "y3" },
    yaxis3: { ...hidden, range: inView(start.push), domain: [0, SHEET / inner], anchor: "x2" },
    ...(extent.sliders > 0 && { sliders: sliders(inputs, start) }),
    ...depthZones(extent, UNIT, "across"),
  };
}

function checkInputs({ strengths, names }: StackBefore, start: Start): void {
  const rows = strengths.length + 1;
  if (names.length !== rows) {
    throw new TypeError(
      `Cannot draw the sliders: wanted ${rows} names (one for each row, and the new one's), ` +
        `got ${names.length}`,
    );
  }
  for (const [name, value] of Object.entries(start)) {
    if (!STOPS.includes(value)) {
      throw new RangeError(
        `Cannot draw the sliders: wanted a ${name} of 0, 0.1 … or 1, got ${value}`,
      );
    }
  }
}

/**
 * Draws one step of a stack with two sliders, for the pop and the push, which change the strengths and the read.
 *
 * The pile before the step is on the left, the pile after it on the right, drawn as in `stackPicture`; the read is also
 * written below in numbers.
 *
 * @example Popping 0.9 from 0.7 and 0.5, at any position of the other slider.
 * ```ts
 * import { popAndPushSliders } from "@/figures/pop_and_push_sliders.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { layout, data } = popAndPushSliders({
 *   title: "The pop acts on the old rows only",
 *   strengths: [0.7, 0.5],
 *   names: ["a", "b", "c"],
 * });
 * const [bars, , traces] = layout.sliders![0].steps![9].args!;
 * const heights = traces.map((k: number, i: number) => [data[k].name, bars.y[i][0]]);
 * assertEquals(heights.slice(0, 4), [
 *   ["popped a", -0.4],
 *   ["popped b", -0.5],
 *   ["held b", 0],
 *   ["held a", 0.3],
 * ]);
 * ```
 * @param inputs Title, the stack before the step, names, and where the sliders start.
 * @returns A figure; as a static picture it shows the step at the starting positions, and no more depth than that needs.
 * @throws {TypeError} If the number of names is not one more than that of strengths.
 * @throws {RangeError} If a strength is NaN, infinite or negative, or u or d is not one of 0, 0.1 … 1.
 */
export function popAndPushSliders(inputs: PopAndPushInputs): Figure {
  const { title, strengths, names, pop = 0.5, push = 0.5 } = inputs;
  const start = { pop, push };
  checkInputs(inputs, start);
  const s = nextStrengths(strengths, pop, push);
  const held = strengths.map((strength, i) => formatTerm(strength, names[i]));
  const description =
    `One step of a stack that holds ${held.join(" and ") || "nothing"}, oldest first. ` +
    `Two sliders set how much is popped and with how much strength ${names.at(-1)} is pushed; ` +
    `at pop ${formatNumber(pop)} and push ${formatNumber(push)} the read is ` +
    `${weightedSumTerms(s, names).join(" + ")}.`;
  const figureWithin = (extent: Extent) =>
    addTitleMargin(makeFigure({
      title,
      description,
      data: tracesOf(inputs, start, extent),
      xTitle: "one step of the stack",
      yTitle: "depth below the top (strength)",
      layout: layoutOf(inputs, start, extent),
    }));
  return {
    ...figureWithin(extentAtAnyStop(inputs)),
    still: figureWithin(extentAtStart(inputs, start)),
  };
}
