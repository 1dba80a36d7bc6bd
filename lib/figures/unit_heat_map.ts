/**
 * The units of a layer over the steps of a sequence, dark where a unit is on.
 *
 * @module
 */
import { INK } from "./colours.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  SEQUENTIAL,
} from "./figure.ts";
import { roomForTitle } from "./room_for_title.ts";
import { numeral, rounded } from "./rounding.ts";
import { type TextMark, textMarks } from "./text_marks.ts";

/** What the picture shows. */
export interface UnitHeatMapInputs {
  /** The claim that the picture makes. */
  readonly title: string;
  /** What each unit was at each step, steps × units, from 0 to 1. */
  readonly units: readonly (readonly number[])[];
  /** What is written below each step; a line break is `<br>`. */
  readonly steps: readonly string[];
  /** Which units to draw, from the top down; all of them in order, if left out. */
  readonly order?: readonly number[];
  /** What runs to the right. */
  readonly xTitle: string;
}

/** Pixels for each unit. */
const ROW = 22;
/** Pixels left and right of the cells, about. */
const BESIDE = 150;
/** Narrower cells, in pixels, stay without numbers. */
const NARROWEST = 28;

function checkUnits({ units, steps }: UnitHeatMapInputs): void {
  if (units.length === 0 || units.length !== steps.length) {
    throw new TypeError(
      `Cannot draw units: wanted at least 1 step and a name for each, ` +
        `got ${units.length} steps and ${steps.length} names`,
    );
  }
}

/** One digit after the point, white where the cell is dark. */
function numbers(z: readonly (readonly number[])[]): TextMark[] {
  return z.flatMap((row, y) =>
    row.map((unit, x) => ({
      x,
      y,
      text: numeral(unit, 1),
      colour: unit > 0.6 ? "#ffffff" : INK,
    }))
  );
}

function cells(z: number[][]): Data {
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

function describe(z: readonly (readonly number[])[], order: readonly number[], steps: string[]) {
  const names = steps.map((step) => step.replaceAll("<br>", " ")).join(", ");
  const rows = z.map((row, k) => `unit ${order[k]}: ${row.map((x) => numeral(x, 1)).join(" ")}`);
  return `Units from 0 to 1 at the steps ${names}. ${rows.join("; ")}.`;
}

/** Above the panel, with a title of one line, in pixels. */
const TOP = 56;

/**
 * Draws the units of a layer as rows and the steps of a sequence as columns, each with its number where there is room.
 *
 * @example Two units over three steps; unit 1 is drawn on top.
 * ```ts
 * import { unitHeatMap } from "@/figures/unit_heat_map.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = unitHeatMap({
 *   title: "Unit 1 counts, unit 0 sleeps",
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
 * @throws {TypeError} If there is no step, or not a name for each.
 */
export function unitHeatMap(inputs: UnitHeatMapInputs): Figure {
  checkUnits(inputs);
  const { title, units, steps, xTitle } = inputs;
  const order = inputs.order ?? units[0].map((_, k) => k);
  const z = order.map((k) => units.map((step) => rounded(step[k], 3)));
  const hasRoom = (FIGURE_WIDTH - BESIDE) / steps.length >= NARROWEST;
  return roomForTitle(makeFigure({
    title,
    description: describe(z, order, [...steps]),
    data: [cells(z), ...(hasRoom ? [textMarks(numbers(z), { size: 11 })] : [])],
    xTitle,
    yTitle: "hidden unit",
    layout: {
      margin: { t: TOP },
      height: 150 + ROW * order.length,
      xaxis: {
        tickvals: steps.map((_, t) => t),
        ticktext: [...steps],
        showgrid: false,
      },
      yaxis: {
        autorange: "reversed",
        tickvals: order.map((_, row) => row),
        ticktext: order.map(String),
        showgrid: false,
      } as Layout["yaxis"],
    },
  }));
}
