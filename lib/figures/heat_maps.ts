/**
 * Three heat maps over the steps of a sequence, with numbers on their cells: the strengths of a stack's rows, the units of
 * a layer, and the controls (pushes and pops).
 *
 * Dimension: `T` steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { INK } from "@/figures/parts/colours.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  SEQUENTIAL,
} from "./figure.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The content of a heat map of strengths. */
export interface StrengthsHeatmapInputs {
  /** The claim that the heat map makes. */
  readonly title: string;
  /** s_1 … s_T, as in a stack's trace: entry t has t + 1 strengths. */
  readonly strengths: readonly Vector[];
  /** Name of each row's value, oldest first; the row's number if left out. */
  readonly names?: readonly string[];
}

const STRENGTHS_MARGIN = { l: 64, r: 96, t: 56, b: 56 };
/** Background of cells whose row does not exist yet. */
const NOT_YET = "#EDEDED";
/** Narrowest cell that has a number on it, in pixels. */
const NARROWEST_STRENGTH_CELL = 34;
/** The text alternative describes all of up to this many steps, and only the last of more. */
const MAX_DESCRIBED_STEPS = 8;
/** A number is white on cells above this share of the highest value. */
const DARK = 0.6;

/** A number on a cell that has `share` of the darkest colour. */
function cellNumber(x: number, y: number, text: string, share: number): PlotLabel {
  return { x, y, text, colour: share > DARK ? "#ffffff" : INK };
}

/** An axis whose cells 0, 1, 2 … have these labels. */
function labelledAxis(labels: readonly string[]) {
  return { tickvals: labels.map((_, k) => k), ticktext: [...labels], showgrid: false };
}

/** Describes the strengths of all steps, or of the last one if there are many. */
function describeSteps(strengths: readonly Vector[]): string {
  const T = strengths.length;
  const words = strengths.map((s, t) =>
    `after ${t === T - 1 ? "the last step they are" : `step ${t + 1}`} ` +
    s.map((s_i) => formatNumber(s_i)).join(", ")
  );
  return words.slice(T <= MAX_DESCRIBED_STEPS ? 0 : -1).join("; ");
}

/** Describes the heat map; names are listed apart from strengths, because a name may itself be a number. */
function describeStrengths({ strengths, names }: StrengthsHeatmapInputs): string {
  const T = strengths.length;
  const held = names ? `, which hold ${names.join(", ")}` : "";
  return `Heat map of the strengths of ${T} rows${held}, from the bottom up, over ${T} steps: ` +
    `${describeSteps(strengths)}.`;
}

function checkStrengths(strengths: readonly Vector[], names: readonly string[]): void {
  if (strengths.length === 0) {
    throw new TypeError("Cannot draw strengths: wanted at least 1 step, got 0");
  }
  strengths.forEach((s, t) => {
    if (s.length !== t + 1) {
      throw new TypeError(
        `Cannot draw strengths: wanted ${t + 1} of them at step ${t + 1}, got ${s.length}`,
      );
    }
  });
  if (names.length !== strengths.length) {
    throw new TypeError(
      `Cannot draw strengths: wanted ${strengths.length} names (one for each row), ` +
        `got ${names.length}`,
    );
  }
}

function strengthNumbers(strengths: readonly Vector[], most: number): PlotLabel[] {
  return strengths.flatMap((s, t) =>
    s.map((s_i, i) => cellNumber(t + 1, i + 1, formatNumber(s_i), s_i / most))
  );
}

function strengthCells(strengths: readonly Vector[], names: readonly string[], most: number): Data {
  const T = strengths.length;
  return {
    type: "heatmap",
    x: strengths.map((_, t) => t + 1),
    y: names.map((_, i) => i + 1),
    z: names.map((_, i) => strengths.map((s) => (i < s.length ? roundDecimals(s[i]) : null))),
    zmin: 0,
    zmax: most,
    colorscale: SEQUENTIAL,
    xgap: T <= 40 ? 1 : 0,
    ygap: T <= 40 ? 1 : 0,
    hovertemplate: "step %{x}, row %{y}: strength %{z}<extra></extra>",
    hoverongaps: false,
    colorbar: {
      title: { text: "strength" },
      thickness: 14,
      outlinewidth: 1,
      outlinecolor: "#888888",
    },
  };
}

/**
 * Draws strengths over time, row 1 at the bottom as in the paper's Figure 1(a); a cell is grey if its row does not exist
 * yet.
 *
 * Darker means stronger; with up to 16 steps each cell also has its number.
 *
 * @example A pop that reaches the row below the top.
 * ```ts
 * import { strengthsHeatmap } from "@/figures/heat_maps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { data } = strengthsHeatmap({
 *   title: "The second pop reaches the first row",
 *   strengths: [[0.8], [0.7, 0.5], [0.3, 0, 0.9]],
 * });
 * const [heat] = data;
 * assertEquals(heat.type === "heatmap" && heat.z, [
 *   [0.8, 0.7, 0.3],
 *   [null, 0.5, 0],
 *   [null, null, 0.9],
 * ]);
 * ```
 * @param inputs Title, strengths, and names of the rows.
 * @returns A figure, with square cells if they fit.
 * @throws {TypeError} If there is no step, step t does not have t strengths, or the numbers of names and rows differ.
 */
export function strengthsHeatmap(inputs: StrengthsHeatmapInputs): Figure {
  const { title, strengths } = inputs;
  const names = inputs.names ?? strengths.map((_, i) => String(i + 1));
  checkStrengths(strengths, names);
  const T = strengths.length;
  const most = Math.max(1, ...strengths.flat());
  const column = (FIGURE_WIDTH - STRENGTHS_MARGIN.l - STRENGTHS_MARGIN.r) / T;
  const row = Math.min(column, 44, Math.max(6, 420 / T));
  return addTitleMargin(makeFigure({
    title,
    description: describeStrengths(inputs),
    data: [
      strengthCells(strengths, names, most),
      ...(column >= NARROWEST_STRENGTH_CELL && row >= 16
        ? [plotLabels(strengthNumbers(strengths, most), { size: 12 })]
        : []),
    ],
    xTitle: "step t",
    yTitle: inputs.names ? "row (its value)" : "row",
    layout: {
      height: STRENGTHS_MARGIN.t + Math.max(160, T * row) + STRENGTHS_MARGIN.b,
      margin: STRENGTHS_MARGIN,
      plot_bgcolor: NOT_YET,
      xaxis: { range: [0.5, T + 0.5], tick0: 1, dtick: Math.ceil(T / 20), showgrid: false },
      yaxis: {
        range: [0.5, T + 0.5],
        showgrid: false,
        tickvals: names.map((_, i) => i + 1).filter((i) => (i - 1) % Math.ceil(14 / row) === 0),
        ticktext: names.filter((_, i) => i % Math.ceil(14 / row) === 0),
      },
    },
  }));
}

/** The content of a heat map of units. */
export interface UnitHeatMapInputs {
  /** The claim that the heat map makes. */
  readonly title: string;
  /** Activation of each unit at each step, steps × units, from 0 to 1. */
  readonly units: readonly (readonly number[])[];
  /** Label below each step; a line break is `<br>`. */
  readonly steps: readonly string[];
  /** Indices of the units to draw, from the top down; all of them in order if left out. */
  readonly order?: readonly number[];
  /** Name of the x axis. */
  readonly xTitle: string;
}

/** Height of a unit's row, in pixels. */
const UNIT_ROW = 22;
/** The approximate width left and right of the cells, in pixels. */
const SIDE_WIDTH = 150;
/** Narrowest cell that has a number on it, in pixels. */
const NARROWEST_UNIT_CELL = 28;
/** Height above the panel with a title of one line, in pixels. */
const TOP = 56;

function checkUnits({ units, steps }: UnitHeatMapInputs): void {
  if (units.length === 0 || units.length !== steps.length) {
    throw new TypeError(
      `Cannot draw units: wanted at least 1 step and a name for each, ` +
        `got ${units.length} steps and ${steps.length} names`,
    );
  }
}

function unitNumbers(z: readonly (readonly number[])[]): PlotLabel[] {
  return z.flatMap((row, y) => row.map((unit, x) => cellNumber(x, y, formatNumber(unit, 1), unit)));
}

function unitCells(z: number[][]): Data {
  return {
    type: "heatmap",
    z,
    zmin: 0,
    zmax: 1,
    colorscale: SEQUENTIAL,
    xgap: 2,
    ygap: 2,
    colorbar: { title: { text: "activation", side: "right" } },
    hovertemplate: "step %{x}, unit %{y}: %{z}<extra></extra>",
  };
}

function describeUnits(
  z: readonly (readonly number[])[],
  order: readonly number[],
  steps: string[],
) {
  const names = steps.map((step) => step.replaceAll("<br>", " ")).join(", ");
  const rows = z.map((row, k) =>
    `unit ${order[k]}: ${row.map((x) => formatNumber(x, 1)).join(" ")}`
  );
  return `Units from 0 to 1 at the steps ${names}. ${rows.join("; ")}.`;
}

/**
 * Draws the units of a layer as rows and the steps of a sequence as columns, with numbers on the cells if they fit.
 *
 * @example Two units over three steps; unit 1 is drawn on top.
 * ```ts
 * import { unitHeatMap } from "@/figures/heat_maps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = unitHeatMap({
 *   title: "Unit 1 counts, unit 0 stays at 0",
 *   units: [[0, 0.2], [0, 0.5], [0, 0.8]],
 *   steps: ["a", "b", "c"],
 *   order: [1, 0],
 *   xTitle: "step",
 * });
 * const [{ z }] = figure.data as { z: number[][] }[];
 * assertEquals(z, [[0.2, 0.5, 0.8], [0, 0, 0]]);
 * ```
 * @param inputs Title, units, names of the steps, and the order of the units.
 * @returns The figure.
 * @throws {TypeError} If there is no step, or the numbers of labels and steps differ.
 */
export function unitHeatMap(inputs: UnitHeatMapInputs): Figure {
  checkUnits(inputs);
  const { title, units, steps, xTitle } = inputs;
  const order = inputs.order ?? units[0].map((_, k) => k);
  const z = order.map((k) => units.map((step) => roundDecimals(step[k], 3)));
  const numbersFit = (FIGURE_WIDTH - SIDE_WIDTH) / steps.length >= NARROWEST_UNIT_CELL;
  return addTitleMargin(makeFigure({
    title,
    description: describeUnits(z, order, [...steps]),
    data: [unitCells(z), ...(numbersFit ? [plotLabels(unitNumbers(z), { size: 11 })] : [])],
    xTitle,
    yTitle: "hidden unit",
    layout: {
      margin: { t: TOP },
      height: 150 + UNIT_ROW * order.length,
      xaxis: labelledAxis(steps),
      yaxis: { ...labelledAxis(order.map(String)), autorange: "reversed" },
    },
  }));
}

/** One row of controls. */
export interface ControlRow {
  /** The row's label, such as "push, before". */
  readonly name: string;
  /** A control at each step, from 0 to 1. */
  readonly values: readonly number[];
}

/** The content of a heat map of controls. */
export interface ControlRowsInputs {
  /** The claim that the heat map makes. */
  readonly title: string;
  /** The rows, from the top down. */
  readonly rows: readonly ControlRow[];
  /** Label below each step, as many as each row has values. */
  readonly steps: readonly string[];
  /** Name of the x axis. */
  readonly xTitle: string;
}

/** Height of a row, in pixels. */
const CONTROL_ROW = 40;

function checkControls({ rows, steps }: ControlRowsInputs): void {
  if (rows.length === 0 || steps.length === 0) {
    throw new TypeError("Cannot draw controls: wanted at least 1 row and 1 step, got none");
  }
  for (const { name, values } of rows) {
    if (values.length !== steps.length) {
      throw new TypeError(
        `Cannot draw the controls "${name}": wanted 1 for each of ${steps.length} steps, got ${values.length}`,
      );
    }
  }
}

function controlNumbers(rows: readonly ControlRow[]): Layout["annotations"] {
  return rows.flatMap(({ values }, row) =>
    values.map((value, step) => ({
      x: step,
      y: row,
      text: formatNumber(value),
      showarrow: false,
      font: { size: 11, color: value > DARK ? "#FFFFFF" : "#222222" },
    }))
  ) as Layout["annotations"];
}

/**
 * Draws pushes and pops over the steps of a string as rows of squares, darker for values nearer 1, with their numbers.
 *
 * @example A push and a pop over three steps.
 * ```ts
 * import { controlRows } from "@/figures/heat_maps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = controlRows({
 *   title: "What is pushed is popped",
 *   rows: [{ name: "push d", values: [1, 1, 0] }, { name: "pop u", values: [0, 0, 1] }],
 *   steps: ["a", "b", "?"],
 *   xTitle: "input",
 * });
 * const [{ z }] = figure.data as { z: number[][] }[];
 * assertEquals(z, [[1, 1, 0], [0, 0, 1]]);
 * ```
 * @param inputs Title, rows, and names of the steps.
 * @returns The figure.
 * @throws {TypeError} If there is no row or no step, or a row does not have one control for each step.
 */
export function controlRows(inputs: ControlRowsInputs): Figure {
  checkControls(inputs);
  const { title, rows, steps, xTitle } = inputs;
  const words = rows.map(({ name, values }) =>
    `${name}: ${values.map((v) => formatNumber(v)).join(" ")}`
  );
  return addTitleMargin(makeFigure({
    title,
    description: `Controls at the steps ${steps.join(" ")}. ${words.join("; ")}.`,
    data: [{
      type: "heatmap",
      z: rows.map(({ values }) => values.map((value) => roundDecimals(value))),
      zmin: 0,
      zmax: 1,
      colorscale: SEQUENTIAL,
      xgap: 2,
      ygap: 2,
      showscale: false,
    }],
    xTitle,
    layout: {
      margin: { t: TOP },
      height: 130 + CONTROL_ROW * rows.length,
      xaxis: labelledAxis(steps),
      yaxis: { ...labelledAxis(rows.map(({ name }) => name)), autorange: "reversed" },
      annotations: controlNumbers(rows),
    },
  }));
}
