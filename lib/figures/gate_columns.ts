/**
 * The columns of an LSTM's cell in one step: what it held, what is kept of it, what is new, what is written of that,
 * what the cell holds then, and what it shows.
 *
 * What is kept depends on the forget gate alone, what is written on the input gate alone, and Plotly itself piles up the
 * two. What depends on both is drawn for every pair (f, i) on a sheet, f to the right and i upwards, of which one place
 * is in view.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import { markerOf } from "./block_bars.ts";
import { type Data, PALETTE } from "./figure.ts";
import { numeral, rounded } from "./rounding.ts";
import { textMarks } from "./text_marks.ts";

/** What goes into the step. */
export interface CellBefore {
  /** c_{t−1}, what the cell held. */
  readonly held: number;
  /** g_t, what might be written. */
  readonly candidate: number;
}

/** A gate that is shut or open. */
export type Switch = 0 | 1;

/** Where the three gates stand. */
export interface GateSettings {
  /** f_t: is what the cell held kept? */
  readonly forget: Switch;
  /** i_t: is the candidate written? */
  readonly input: Switch;
  /** o_t: is the cell shown? */
  readonly output: Switch;
}

/** Heights and words of a trace of bars and of the numbers above them, in this order. */
export interface Heights {
  readonly y: number[][];
  readonly text: string[][];
}

/** Names below the columns, from left to right. */
export const COLUMN_NAMES: readonly string[] = [
  "held<br><i>c</i> before",
  "kept<br><i>f</i> <i>c</i> before",
  "candidate<br><i>g</i>",
  "written<br><i>i</i> <i>g</i>",
  "cell<br><i>c</i>",
  "shown<br><i>h</i> = <i>o</i> tanh <i>c</i>",
];
const [HELD, KEPT, CANDIDATE, WRITTEN, CELL, SHOWN] = [0, 1, 2, 3, 4, 5];
const WIDTH = 0.62;

/** From one place of the sheet to the next: more than is ever in view. */
const PLACE = 100;
const PLACES = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([f, i]) => ({ f, i }));
const SHEET = { xaxis: "x3", yaxis: "y3" };

/** The paint of what was held, of what is new, of what is shown, and of how much of each there could be. */
const [OLD, NEW, OUT] = [PALETTE.sky, PALETTE.orange, PALETTE.green];
const OUTLINE = "rgba(0,0,0,0)";

type Axes = { readonly xaxis?: string; readonly yaxis?: string };

/** As high as is ever in view. */
function topOf({ held, candidate }: CellBefore): number {
  return 1.15 * (held + candidate);
}

/** Where the number above a bar stands. */
function above(before: CellBefore, height: number): number {
  return rounded(height + 0.045 * topOf(before));
}

/** c_t at each place of the sheet. */
function cells({ held, candidate }: CellBefore): number[] {
  return PLACES.map(({ f, i }) => f * held + i * candidate);
}

/** A bar in its own column and once more in the cell's, its number in its own. */
function twice(before: CellBefore, height: number): Heights {
  const h = rounded(height);
  return { y: [[h, h], [above(before, h)]], text: [["", ""], [numeral(h)]] };
}

/** A bar at each place of the sheet. */
function onSheet(before: CellBefore, heights: readonly number[]): Heights {
  return {
    y: [
      heights.map((h) => rounded(h)),
      heights.map((h, k) => above(before, PLACE * PLACES[k].i + h)),
    ],
    text: [heights.map(() => ""), heights.map((h) => numeral(h))],
  };
}

/**
 * Says how high those bars are that a gate moves, and what is written above them.
 *
 * @example The forget gate alone sets what is kept, in its own column and in the cell's.
 * ```ts
 * import { heightsBy } from "@/figures/gate_columns.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const before = { held: 0.5, candidate: 0.25 };
 * assertEquals(heightsBy("forget", 1, before).y[0], [0.5, 0.5]);
 * assertEquals(heightsBy("forget", 0, before).y[0], [0, 0]);
 * ```
 * @param gate Which gate.
 * @param setting Where it stands.
 * @param before What goes into the step.
 * @returns For the traces {@linkcode MOVED_TRACES} of this gate.
 */
export function heightsBy(
  gate: keyof GateSettings,
  setting: Switch,
  before: CellBefore,
): Heights {
  if (gate === "forget") return twice(before, setting * before.held);
  if (gate === "input") return twice(before, setting * before.candidate);
  return onSheet(before, cells(before).map((c) => setting * Math.tanh(c)));
}

/** Which traces of {@linkcode gateColumns} a gate moves: its bars, and their numbers. */
export const MOVED_TRACES: Readonly<Record<keyof GateSettings, readonly number[]>> = {
  forget: [0, 1],
  input: [2, 3],
  output: [4, 5],
};

/**
 * Says what of the sheet is in view.
 *
 * @example Shut and open are far apart.
 * ```ts
 * import { viewOfSheet } from "@/figures/gate_columns.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const before = { held: 0.5, candidate: 0.5 };
 * assertEquals(viewOfSheet("input", 0, before), [0, 1.15]);
 * assertEquals(viewOfSheet("input", 1, before), [100, 101.15]);
 * ```
 * @param gate The forget gate moves the sheet sideways, the input gate up and down.
 * @param setting Where it stands.
 * @param before What goes into the step.
 * @returns The range of the axis "x3" or "y3".
 */
export function viewOfSheet(
  gate: "forget" | "input",
  setting: Switch,
  before: CellBefore,
): [number, number] {
  const start = PLACE * setting;
  return gate === "forget"
    ? [start - 0.5, start + SHOWN + 0.5]
    : [start, rounded(start + topOf(before))];
}

function markerIn(paint: string, count: number): BarData["marker"] {
  if (paint === OUTLINE) return { color: OUTLINE, line: { color: "#888888", width: 1 } };
  return markerOf("read", new Array(count).fill(paint));
}

function bars(name: string, paint: string, x: number[], y: number[], axes: Axes = {}): Data {
  return {
    type: "bar",
    name,
    x,
    y: y.map((height) => rounded(height)),
    width: WIDTH,
    marker: markerIn(paint, x.length),
    hoverinfo: "skip",
    showlegend: false,
    ...axes,
  };
}

/** A column of the sheet: a bar at each of its places. */
function sheetBars(name: string, paint: string, y: number[]): Data {
  const base = PLACES.map(({ i }) => PLACE * i);
  return { ...bars(name, paint, placesOf(SHOWN), y, SHEET), base } as Data;
}

function placesOf(column: number): number[] {
  return PLACES.map(({ f }) => PLACE * f + column);
}

function numbers(x: number[], { y, text }: Heights, axes: Axes = {}): Data {
  return textMarks(x.map((x, k) => ({ x, y: y[1][k], text: text[1][k] })), { size: 14, ...axes });
}

/**
 * Makes the traces, to be laid out with `barmode: "relative"`; the axis "y2" must lie over "y", and "x3" with "y3"
 * over both.
 *
 * @example Two traces for each gate first.
 * ```ts
 * import { gateColumns } from "@/figures/gate_columns.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gates = { forget: 1, input: 0, output: 1 } as const;
 * const [kept, , written] = gateColumns({ held: 0.5, candidate: 0.25 }, gates);
 * assertEquals([kept.type === "bar" && kept.y, written.type === "bar" && written.y], [[0.5, 0.5], [0, 0]]);
 * ```
 * @param before What goes into the step.
 * @param gates Where the gates stand.
 * @returns Bars and numbers.
 */
export function gateColumns(before: CellBefore, gates: GateSettings): Data[] {
  const { held, candidate } = before;
  const kept = heightsBy("forget", gates.forget, before);
  const written = heightsBy("input", gates.input, before);
  const shown = heightsBy("output", gates.output, before);
  return [
    bars("kept", OLD, [KEPT, CELL], kept.y[0]),
    numbers([KEPT], kept),
    bars("written", NEW, [WRITTEN, CELL], written.y[0]),
    numbers([WRITTEN], written),
    sheetBars("shown", OUT, shown.y[0]),
    numbers(placesOf(SHOWN), shown, SHEET),
    sheetBars("could be shown", OUTLINE, cells(before).map(Math.tanh)),
    numbers(placesOf(CELL), onSheet(before, cells(before)), SHEET),
    bars("held", OLD, [HELD], [held]),
    numbers([HELD], twice(before, held)),
    bars("candidate", NEW, [CANDIDATE], [candidate]),
    numbers([CANDIDATE], twice(before, candidate)),
    bars("could be kept or written", OUTLINE, [KEPT, WRITTEN], [held, candidate], {
      yaxis: "y2",
    }),
  ];
}
