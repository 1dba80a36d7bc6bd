/**
 * One step of an LSTM cell that the reader controls: three switches set its gates to 0 or 1.
 *
 * A Plotly slider can only set fixed numbers, and does not know the positions of the others. So each gate changes bars
 * of its own: what is kept depends on the forget gate alone, what is written on the input gate alone, and Plotly stacks
 * the two. What depends on both gates is drawn for every pair (f, i) on a large sheet, f to the right and i upwards. The
 * forget gate moves one axis of the sheet and the input gate the other, so that one of its four places is in view.
 *
 * @module
 */
import type { BarData, Slider } from "plotly.js-dist";
import { type Data, type Figure, type Layout, makeFigure, PALETTE } from "./figure.ts";
import { blockMarker } from "@/figures/parts/block_bars.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The cell's state and candidate before the step. */
export interface CellBefore {
  /** c_{t−1}, the cell's content before the step. */
  readonly held: number;
  /** g_t, the content that may be written. */
  readonly candidate: number;
}

/** A gate that is closed or open. */
export type Switch = 0 | 1;

/** Positions of the three gates. */
export interface GateSettings {
  /** f_t: is the old content kept? */
  readonly forget: Switch;
  /** i_t: is the candidate written? */
  readonly input: Switch;
  /** o_t: is the content shown? */
  readonly output: Switch;
}

/** The cell before the step, and where the switches start. */
export interface GateSwitchesInputs extends CellBefore {
  /** The claim, which the reader can try out. */
  readonly title: string;
  /** Positions of the switches at the start; all open if left out. */
  readonly gates?: GateSettings;
}

/** Heights and texts of two traces: the bars, and the numbers above them. */
interface Heights {
  readonly y: number[][];
  readonly text: string[][];
}

type Gate = keyof GateSettings;
type Axes = { readonly xaxis?: string; readonly yaxis?: string };

/** Names below the columns, from left to right. */
const COLUMN_NAMES: readonly string[] = [
  "held<br><i>c</i> before",
  "kept<br><i>f</i> <i>c</i> before",
  "candidate<br><i>g</i>",
  "written<br><i>i</i> <i>g</i>",
  "cell<br><i>c</i>",
  "shown<br><i>h</i> = <i>o</i> tanh <i>c</i>",
];
const [HELD, KEPT, CANDIDATE, WRITTEN, CELL, SHOWN] = [0, 1, 2, 3, 4, 5];
const WIDTH = 0.62;

/** Distance between two places of the sheet: more than is ever in view. */
const PLACE = 100;
const PLACES = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([f, i]) => ({ f, i }));
const SHEET = { xaxis: "x3", yaxis: "y3" };

/** Colours of old content, of new content, of the output, and of outlines that show what an open gate would give. */
const [OLD, NEW, OUT] = [PALETTE.sky, PALETTE.orange, PALETTE.green];
const OUTLINE = "rgba(0,0,0,0)";

/** Traces of {@linkcode gateColumns} that a gate changes: its bars, and their numbers. */
const CHANGED_TRACES: Readonly<Record<Gate, readonly number[]>> = {
  forget: [0, 1],
  input: [2, 3],
  output: [4, 5],
};

const MARGIN = { l: 60, r: 40, t: 56, b: 24 };
/** Heights in pixels: the bars, the labels below them, the switches. */
const [BARS, LABELS, SWITCHES] = [250, 76, 70];

const GATES = ["forget", "input", "output"] as const;
const LETTERS = { forget: "f", input: "i", output: "o" };
const SETTINGS: readonly Switch[] = [0, 1];

/** Height of the view. */
function viewHeight({ held, candidate }: CellBefore): number {
  return 1.15 * (held + candidate);
}

/** Position of the number above a bar. */
function numberPosition(before: CellBefore, height: number): number {
  return roundDecimals(height + 0.045 * viewHeight(before));
}

/** c_t = f c_{t−1} + i g at each place of the sheet. */
function cellsOnSheet({ held, candidate }: CellBefore): number[] {
  return PLACES.map(({ f, i }) => f * held + i * candidate);
}

/** A bar in its own column and again in the cell's; its number stands in its own. */
function inTwoColumns(before: CellBefore, height: number): Heights {
  const h = roundDecimals(height);
  return { y: [[h, h], [numberPosition(before, h)]], text: [["", ""], [formatNumber(h)]] };
}

/** A bar at each place of the sheet. */
function onSheet(before: CellBefore, heights: readonly number[]): Heights {
  return {
    y: [
      heights.map((h) => roundDecimals(h)),
      heights.map((h, k) => numberPosition(before, PLACE * PLACES[k].i + h)),
    ],
    text: [heights.map(() => ""), heights.map((h) => formatNumber(h))],
  };
}

/** Heights and numbers of the bars that a gate changes, for {@linkcode CHANGED_TRACES}. */
function heightsFor(gate: Gate, setting: Switch, before: CellBefore): Heights {
  if (gate === "forget") return inTwoColumns(before, setting * before.held);
  if (gate === "input") return inTwoColumns(before, setting * before.candidate);
  return onSheet(before, cellsOnSheet(before).map((c) => setting * Math.tanh(c)));
}

/** Range of the sheet's axis "x3" (forget gate) or "y3" (input gate) with the gate at a setting. */
function sheetRange(
  gate: "forget" | "input",
  setting: Switch,
  before: CellBefore,
): [number, number] {
  const start = PLACE * setting;
  return gate === "forget"
    ? [start - 0.5, start + SHOWN + 0.5]
    : [start, roundDecimals(start + viewHeight(before))];
}

function markerIn(colour: string, count: number): BarData["marker"] {
  if (colour === OUTLINE) return { color: OUTLINE, line: { color: "#888888", width: 1 } };
  return blockMarker("read", new Array(count).fill(colour));
}

function bars(name: string, colour: string, x: number[], y: number[], axes: Axes = {}): Data {
  return {
    type: "bar",
    name,
    x,
    y: y.map((height) => roundDecimals(height)),
    width: WIDTH,
    marker: markerIn(colour, x.length),
    hoverinfo: "skip",
    showlegend: false,
    ...axes,
  };
}

/** A column of the sheet: a bar at each of its places. */
function sheetBars(name: string, colour: string, y: number[]): Data {
  const base = PLACES.map(({ i }) => PLACE * i);
  return { ...bars(name, colour, sheetPositions(SHOWN), y, SHEET), base } as Data;
}

function sheetPositions(column: number): number[] {
  return PLACES.map(({ f }) => PLACE * f + column);
}

function numbers(x: number[], { y, text }: Heights, axes: Axes = {}): Data {
  const labels = x.map((x, k) => ({ x, y: y[1][k], text: text[1][k] }));
  return plotLabels(labels, { size: 14, ...axes });
}

/**
 * Bars and numbers, for the layout `barmode: "relative"`; the axis "y2" must lie over "y", and "x3" with "y3" over
 * both. The traces of each gate come first.
 */
function gateColumns(before: CellBefore, gates: GateSettings): Data[] {
  const { held, candidate } = before;
  const kept = heightsFor("forget", gates.forget, before);
  const written = heightsFor("input", gates.input, before);
  const shown = heightsFor("output", gates.output, before);
  return [
    bars("kept", OLD, [KEPT, CELL], kept.y[0]),
    numbers([KEPT], kept),
    bars("written", NEW, [WRITTEN, CELL], written.y[0]),
    numbers([WRITTEN], written),
    sheetBars("shown", OUT, shown.y[0]),
    numbers(sheetPositions(SHOWN), shown, SHEET),
    sheetBars("could be shown", OUTLINE, cellsOnSheet(before).map(Math.tanh)),
    numbers(sheetPositions(CELL), onSheet(before, cellsOnSheet(before)), SHEET),
    bars("held", OLD, [HELD], [held]),
    numbers([HELD], inTwoColumns(before, held)),
    bars("candidate", NEW, [CANDIDATE], [candidate]),
    numbers([CANDIDATE], inTwoColumns(before, candidate)),
    bars("could be kept or written", OUTLINE, [KEPT, WRITTEN], [held, candidate], {
      yaxis: "y2",
    }),
  ];
}

/** The sheet's axis that a gate moves, with its new range. */
function viewFor(gate: Gate, setting: Switch, before: CellBefore): object {
  if (gate === "forget") return { "xaxis3.range": sheetRange(gate, setting, before) };
  if (gate === "input") return { "yaxis3.range": sheetRange(gate, setting, before) };
  return {};
}

function gateSwitch(gate: Gate, before: CellBefore, gates: GateSettings): Slider {
  return {
    active: gates[gate],
    steps: SETTINGS.map((setting) => ({
      label: ["0 shut", "1 open"][setting],
      method: "update" as const,
      args: [
        heightsFor(gate, setting, before),
        viewFor(gate, setting, before),
        [...CHANGED_TRACES[gate]],
      ],
    })),
    currentvalue: {
      prefix: `${gate} gate <i>${LETTERS[gate]}</i> = `,
      xanchor: "left",
      font: { size: 15 },
    },
    pad: { t: LABELS, b: 0, l: 12, r: 12 },
    x: GATES.indexOf(gate) / GATES.length,
    len: 0.31,
    y: 0,
  };
}

function layoutOf(before: CellBefore, gates: GateSettings): Partial<Layout> {
  const hidden = { visible: false, fixedrange: true };
  const [across, upwards] = (["forget", "input"] as const).map((gate) => ({
    start: sheetRange(gate, 0, before),
    now: sheetRange(gate, gates[gate], before),
  }));
  return {
    height: MARGIN.t + BARS + LABELS + SWITCHES + MARGIN.b,
    margin: MARGIN,
    barmode: "relative",
    xaxis: {
      range: across.start,
      tickvals: COLUMN_NAMES.map((_, k) => k),
      ticktext: [...COLUMN_NAMES],
      showgrid: false,
      ticks: "",
      fixedrange: true,
    },
    yaxis: { range: upwards.start, nticks: 5, fixedrange: true },
    yaxis2: { ...hidden, overlaying: "y", range: upwards.start },
    xaxis3: { ...hidden, overlaying: "x", range: across.now },
    yaxis3: { ...hidden, overlaying: "y", range: upwards.now },
    sliders: GATES.map((gate) => gateSwitch(gate, before, gates)),
  };
}

function checkInputs({ held, candidate }: CellBefore): void {
  for (const [name, value, most] of [["held", held, 10], ["candidate", candidate, 1]] as const) {
    if (!(value > 0 && value <= most)) {
      const wanted = `${name} above 0 and at most ${most}`;
      throw new RangeError(`Cannot draw the gates: wanted ${wanted}, got ${value}`);
    }
  }
}

function describe({ held, candidate }: CellBefore, gates: GateSettings): string {
  const { forget: f, input: i, output: o } = gates, c = f * held + i * candidate;
  return `One step of an LSTM's cell that holds ${formatNumber(held)}, with a candidate of ` +
    `${
      formatNumber(candidate)
    }. Three switches set the gates to 0 or 1; with f = ${f}, i = ${i} and ` +
    `o = ${o} it keeps ${formatNumber(f * held)}, writes ${formatNumber(i * candidate)}, holds ` +
    `${formatNumber(c)} and shows ${formatNumber(o * Math.tanh(c))}.`;
}

/**
 * Draws one step of an LSTM cell with three switches that close and open its gates, and so set what is kept, written and
 * shown.
 *
 * c_t = f c_{t−1} + i g, h_t = o tanh(c_t)
 *
 * Outlines show what would be kept, written or shown if the gate were open.
 *
 * Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", with the forget gate of Gers et al. 2000.
 *
 * @example With the input gate closed nothing is written.
 * ```ts
 * import { gateSwitches } from "@/figures/lstm_gate_switches.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const { layout, description } = gateSwitches({
 *   title: "With a closed input gate nothing is written",
 *   held: 0.5,
 *   candidate: 0.25,
 *   gates: { forget: 1, input: 0, output: 1 },
 * });
 * assertStringIncludes(description, "keeps 0.5, writes 0, holds 0.5 and shows 0.46.");
 * const [heights] = layout.sliders![1].steps![1].args!;
 * assertEquals(heights.y[0], [0.25, 0.25]);
 * ```
 * @param inputs Title, the cell before the step, the candidate, and where the switches start.
 * @returns A figure; as a static picture it shows the step at the starting positions.
 * @throws {RangeError} If `held` is not above 0 and at most 10, or `candidate` is not above 0 and at most 1.
 */
export function gateSwitches(inputs: GateSwitchesInputs): Figure {
  checkInputs(inputs);
  const { title, held, candidate, gates = { forget: 1, input: 1, output: 1 } } = inputs;
  const before = { held, candidate };
  return addTitleMargin(makeFigure({
    title,
    description: describe(before, gates),
    data: gateColumns(before, gates),
    xTitle: "one step of the cell (grey outline: if its gate were open)",
    yTitle: "value",
    layout: layoutOf(before, gates),
  }));
}
