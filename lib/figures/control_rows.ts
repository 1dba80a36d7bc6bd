/**
 * Pushes and pops over the steps of a string, a row of squares for each, dark where a control is 1.
 *
 * @module
 */
import { type Figure, type Layout, makeFigure, SEQUENTIAL } from "./figure.ts";
import { roomForTitle } from "./room_for_title.ts";
import { numeral, rounded } from "./rounding.ts";

/** One row of controls. */
export interface ControlRow {
  /** What it is, such as "push, before". */
  readonly name: string;
  /** A control at each step, from 0 to 1. */
  readonly values: readonly number[];
}

/** What the picture shows. */
export interface ControlRowsInputs {
  /** The claim that the picture makes. */
  readonly title: string;
  /** The rows, from the top down. */
  readonly rows: readonly ControlRow[];
  /** What is written below each step, as many as each row has values. */
  readonly steps: readonly string[];
  /** What runs to the right. */
  readonly xTitle: string;
}

/** Pixels for each row. */
const ROW = 40;

function checkRows({ rows, steps }: ControlRowsInputs): void {
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

/** The numbers on the squares, white on dark ones. */
function numbers(rows: readonly ControlRow[]): Layout["annotations"] {
  return rows.flatMap(({ values }, row) =>
    values.map((value, step) => ({
      x: step,
      y: row,
      text: numeral(value),
      showarrow: false,
      font: { size: 11, color: value > 0.6 ? "#FFFFFF" : "#222222" },
    }))
  ) as Layout["annotations"];
}

/** Above the panel, with a title of one line, in pixels. */
const TOP = 56;

/**
 * Draws controls as rows of squares, with their numbers on them.
 *
 * @example A push and a pop over three steps.
 * ```ts
 * import { controlRows } from "@/figures/control_rows.ts";
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
 * @throws {TypeError} If there is no row or no step, or not a control for each step.
 */
export function controlRows(inputs: ControlRowsInputs): Figure {
  checkRows(inputs);
  const { title, rows, steps, xTitle } = inputs;
  const words = rows.map(({ name, values }) =>
    `${name}: ${values.map((v) => numeral(v)).join(" ")}`
  );
  return roomForTitle(makeFigure({
    title,
    description: `Controls at the steps ${steps.join(" ")}. ${words.join("; ")}.`,
    data: [{
      type: "heatmap",
      z: rows.map(({ values }) => values.map((value) => rounded(value))),
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
      height: 130 + ROW * rows.length,
      xaxis: { tickvals: steps.map((_, t) => t), ticktext: [...steps], showgrid: false },
      yaxis: {
        tickvals: rows.map((_, row) => row),
        ticktext: rows.map(({ name }) => name),
        autorange: "reversed",
        showgrid: false,
      },
      annotations: numbers(rows),
    },
  }));
}
