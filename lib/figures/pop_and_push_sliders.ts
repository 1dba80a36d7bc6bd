/**
 * One step of the stack under the reader's hands: one slider pops, another pushes.
 *
 * A slider in Plotly can only put fixed numbers in place, and does not know where the other slider stands. Measured
 * from the top, the pile needs no more: the pop alone sets how much is left of each old row, the push alone sets the
 * new block above them, and the reach of the read does not move. What depends on both, the read in numbers, is written
 * down for every pair on one large sheet, of which each slider moves one axis, so that one entry is in view.
 *
 * @module
 */
import type { Slider } from "plotly.js-dist";
import { nextStrengths } from "@/memory/stack.ts";
import { depthTicks, depthZones } from "./depth_zones.ts";
import {
  AFTER,
  type Part,
  partsOf,
  partTrace,
  PILE_WIDTH,
  pileBefore,
  type StackBefore,
  stateOf,
  veil,
} from "./slider_parts.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
import { numeral } from "./rounding.ts";
import { readTerms, term } from "./terms.ts";
import { STOPS, stopSlider } from "./stop_slider.ts";
import { textMarks } from "./text_marks.ts";
import { roomForTitle } from "./room_for_title.ts";

/** Where the reader starts, and from what stack. */
export interface PopAndPushInputs extends StackBefore {
  /** The claim that the reader is to try out. */
  readonly title: string;
  /** u_t at first: a multiple of 0.1 from 0 to 1. */
  readonly pop?: number;
  /** d_t at first: a multiple of 0.1 from 0 to 1. */
  readonly push?: number;
}

/** Where the sliders stand at first. */
interface Start {
  readonly pop: number;
  readonly push: number;
}

const MARGIN = { l: 76, r: 104, t: 56, b: 24 };
/** Pixels from one pile to the other. */
const COLUMN = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / 2;
/** Pixels of a unit of depth, of the words at the axis, of the read in numbers, of both sliders. */
const [UNIT, WORDS, SHEET, SLIDERS] = [130, 52, 36, 162];

/** Every read in words: column 10 u, row 10 d; Plotly shows none that is outside of the view. */
function sheet(inputs: PopAndPushInputs): Data {
  const pairs = STOPS.flatMap((u, x) => STOPS.map((d, y) => ({ u, d, x, y })));
  const marks = pairs.map(({ u, d, x, y }) => {
    const terms = readTerms(nextStrengths(inputs.strengths, u, d), inputs.names);
    return { x, y, text: `read <i>r</i> = ${terms.join(" + ")}` };
  });
  return textMarks(marks, { size: 16, xaxis: "x2", yaxis: "y3" });
}

/** Both sliders, one below the other. */
function sliders(inputs: PopAndPushInputs, parts: Part[], start: Start): Slider[] {
  const n = inputs.strengths.length;
  const old = parts.flatMap((part, k) => (part.row < n ? [k] : []));
  const fresh = parts.flatMap((part, k) => (part.row === n ? [k] : []));
  return [
    stopSlider({
      name: "pop <i>u</i>",
      start: start.pop,
      top: 16,
      traces: old,
      state: (k, u) => stateOf(parts[k], inputs, u, 0),
      axis: "xaxis2",
    }),
    stopSlider({
      name: "push <i>d</i>",
      start: start.push,
      top: 96,
      traces: fresh,
      state: (k, d) => stateOf(parts[k], inputs, 0, d),
      axis: "yaxis3",
    }),
  ];
}

function layoutOf(inputs: PopAndPushInputs, parts: Part[], start: Start): Partial<Layout> {
  const total = inputs.strengths.reduce((sum, s) => sum + s, 0);
  const extent = { highest: -Math.min(1, total), deepest: total + 1 };
  const pile = UNIT * (extent.deepest - extent.highest + 0.12);
  const inner = pile + WORDS + SHEET;
  const range: [number, number] = [extent.deepest + 0.06, extent.highest - 0.06];
  const hidden = { visible: false, fixedrange: true };
  const inView = (stop: number): [number, number] => [10 * stop - 0.5, 10 * stop + 0.5];
  return {
    height: MARGIN.t + inner + SLIDERS + MARGIN.b,
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
    sliders: sliders(inputs, parts, start),
    ...depthZones(extent, UNIT),
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
 * Lets the reader pop and push by two sliders, and see the strengths and the read change.
 *
 * The pile before the step stands on the left, the pile after it on the right, drawn as in `stackPicture`; the read is
 * also written out below.
 *
 * @example Popping 0.9 from 0.7 and 0.5, wherever the other slider stands.
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
 * @param inputs Title, the stack before the step, names, and where the sliders stand at first.
 * @returns A figure; without script, as a picture, it shows the step with the first u and d.
 * @throws {TypeError} If there is not one more name than strengths.
 * @throws {RangeError} If a strength is NaN, infinite or negative, or u or d is none of 0, 0.1 … 1.
 */
export function popAndPushSliders(inputs: PopAndPushInputs): Figure {
  const { title, strengths, names, pop = 0.5, push = 0.5 } = inputs;
  const start = { pop, push };
  checkInputs(inputs, start);
  const parts = partsOf(strengths.length);
  const s = nextStrengths(strengths, pop, push);
  const held = strengths.map((strength, i) => term(strength, names[i]));
  return roomForTitle(makeFigure({
    title,
    description:
      `One step of a stack that holds ${held.join(" and ") || "nothing"}, oldest first. ` +
      `Two sliders set how much is popped and with how much strength ${names.at(-1)} is pushed; ` +
      `at pop ${numeral(pop)} and push ${numeral(push)} the read is ` +
      `${readTerms(s, names).join(" + ")}.`,
    data: [
      ...parts.map((part) => partTrace(part, inputs, pop, push)),
      veil(strengths.reduce((sum, s) => sum + s, 1)),
      ...pileBefore(inputs, { width: PILE_WIDTH * COLUMN, unit: UNIT }),
      sheet(inputs),
    ],
    xTitle: "one step of the stack",
    yTitle: "depth below the top (strength)",
    layout: layoutOf(inputs, parts, start),
  }));
}
