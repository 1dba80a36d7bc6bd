/**
 * One step of an LSTM's cell under the reader's hands: three switches set its gates to 0 or 1.
 *
 * A slider in Plotly can only put fixed numbers in place, and does not know where the others stand. So each gate moves
 * bars that are its own, and what depends on two gates lies on a sheet, of which the forget gate moves one axis and the
 * input gate the other; see `gate_columns.ts`.
 *
 * @module
 */
import type { Slider } from "plotly.js-dist";
import { type Figure, type Layout, makeFigure } from "./figure.ts";
import {
  type CellBefore,
  COLUMN_NAMES,
  gateColumns,
  type GateSettings,
  heightsBy,
  MOVED_TRACES,
  type Switch,
  viewOfSheet,
} from "./gate_columns.ts";
import { numeral } from "./rounding.ts";
import { roomForTitle } from "./room_for_title.ts";

/** Where the reader starts, and from what cell. */
export interface GateSwitchesInputs extends CellBefore {
  /** The claim that the reader is to try out. */
  readonly title: string;
  /** Where the switches stand at first; all open if left out. */
  readonly gates?: GateSettings;
}

const MARGIN = { l: 60, r: 40, t: 56, b: 24 };
/** Pixels of the bars, of the words below them, and of the switches. */
const [BARS, WORDS, SWITCHES] = [250, 76, 70];

const GATES = ["forget", "input", "output"] as const;
const LETTERS = { forget: "f", input: "i", output: "o" };
const SETTINGS: readonly Switch[] = [0, 1];

/** The axes of the sheet that a gate moves, and how far. */
function viewBy(gate: keyof GateSettings, setting: Switch, before: CellBefore): object {
  if (gate === "forget") return { "xaxis3.range": viewOfSheet(gate, setting, before) };
  if (gate === "input") return { "yaxis3.range": viewOfSheet(gate, setting, before) };
  return {};
}

function switchOf(gate: keyof GateSettings, before: CellBefore, gates: GateSettings): Slider {
  return {
    active: gates[gate],
    steps: SETTINGS.map((setting) => ({
      label: ["0 shut", "1 open"][setting],
      method: "update" as const,
      args: [
        heightsBy(gate, setting, before),
        viewBy(gate, setting, before),
        [...MOVED_TRACES[gate]],
      ],
    })),
    currentvalue: {
      prefix: `${gate} gate <i>${LETTERS[gate]}</i> = `,
      xanchor: "left",
      font: { size: 15 },
    },
    pad: { t: WORDS, b: 0, l: 12, r: 12 },
    x: GATES.indexOf(gate) / GATES.length,
    len: 0.31,
    y: 0,
  };
}

function layoutOf(before: CellBefore, gates: GateSettings): Partial<Layout> {
  const hidden = { visible: false, fixedrange: true };
  const [across, upwards] = (["forget", "input"] as const).map((gate) => ({
    start: viewOfSheet(gate, 0, before),
    now: viewOfSheet(gate, gates[gate], before),
  }));
  return {
    height: MARGIN.t + BARS + WORDS + SWITCHES + MARGIN.b,
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
    sliders: GATES.map((gate) => switchOf(gate, before, gates)),
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
  return `One step of an LSTM's cell that holds ${numeral(held)}, with a candidate of ` +
    `${numeral(candidate)}. Three switches set the gates to 0 or 1; with f = ${f}, i = ${i} and ` +
    `o = ${o} it keeps ${numeral(f * held)}, writes ${numeral(i * candidate)}, holds ` +
    `${numeral(c)} and shows ${numeral(o * Math.tanh(c))}.`;
}

/**
 * Lets the reader shut and open the gates of an LSTM's cell by three switches, and see what is kept, written and shown.
 *
 * c_t = f c_{t−1} + i g, h_t = o tanh(c_t)
 *
 * Outlines show what could be kept, written or shown if the gate were open.
 *
 * Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", with the forget gate of Gers et al. 2000.
 *
 * @example With the input gate shut nothing is written.
 * ```ts
 * import { gateSwitches } from "@/figures/gate_switches.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const { layout, description } = gateSwitches({
 *   title: "A shut input gate keeps the new out",
 *   held: 0.5,
 *   candidate: 0.25,
 *   gates: { forget: 1, input: 0, output: 1 },
 * });
 * assertStringIncludes(description, "keeps 0.5, writes 0, holds 0.5 and shows 0.46.");
 * const [heights] = layout.sliders![1].steps![1].args!;
 * assertEquals(heights.y[0], [0.25, 0.25]);
 * ```
 * @param inputs Title, the cell before the step, the candidate, and where the switches stand at first.
 * @returns A figure; without script, as a picture, it shows the step with the first gates.
 * @throws {RangeError} If what is held is not above 0 and at most 10, or the candidate not above 0 and at most 1.
 */
export function gateSwitches(inputs: GateSwitchesInputs): Figure {
  checkInputs(inputs);
  const { title, held, candidate, gates = { forget: 1, input: 1, output: 1 } } = inputs;
  const before = { held, candidate };
  return roomForTitle(makeFigure({
    title,
    description: describe(before, gates),
    data: gateColumns(before, gates),
    xTitle: "one step of the cell",
    yTitle: "value",
    layout: layoutOf(before, gates),
  }));
}
