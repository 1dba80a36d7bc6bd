/**
 * The units of a layer over the steps of a sequence, dark where a unit is on.
 *
 * @module
 */
import { type Figure, type Layout, makeFigure, SEQUENTIAL } from "./figure.ts";
import { numeral, rounded } from "./rounding.ts";

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

function checkUnits({ units, steps }: UnitHeatMapInputs): void {
  if (units.length === 0 || units.length !== steps.length) {
    throw new TypeError(
      `Cannot draw units: wanted at least 1 step and a name for each, ` +
        `got ${units.length} steps and ${steps.length} names`,
    );
  }
}

/**
 * Draws the units of a layer as rows and the steps of a sequence as columns.
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
  const rows = order.map((k, row) => `unit ${k} ${z[row].map((x) => numeral(x, 1)).join(" ")}`);
  return makeFigure({
    title,
    description: `Units over steps, 0 to 1: ${rows.join("; ")}.`,
    data: [{
      type: "heatmap",
      z,
      zmin: 0,
      zmax: 1,
      colorscale: SEQUENTIAL,
      xgap: 2,
      ygap: 2,
      colorbar: { title: { text: "activation", side: "right" } },
      hovertemplate: "step %{x}, unit %{y}: %{z}<extra></extra>",
    }],
    xTitle,
    yTitle: "hidden unit",
    layout: {
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
  });
}
