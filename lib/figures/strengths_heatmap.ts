/**
 * Strengths as a heat map: a row for each value, a column for each step.
 *
 * `T` steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { INK } from "./colours.ts";
import { type Data, type Figure, FIGURE_WIDTH, makeFigure, SEQUENTIAL } from "./figure.ts";
import { numeral, rounded } from "./rounding.ts";
import { type TextMark, textMarks } from "./text_marks.ts";
import { roomForTitle } from "./room_for_title.ts";

/** What the heat map shows. */
export interface StrengthsHeatmapInputs {
  /** The claim that the heat map makes. */
  readonly title: string;
  /** s_1 … s_T, as in a stack's trace: entry t has t + 1 strengths. */
  readonly strengths: readonly Vector[];
  /** Name of each row's value, oldest first; the row's number if left out. */
  readonly names?: readonly string[];
}

const MARGIN = { l: 64, r: 96, t: 56, b: 56 };
/** Where a row does not exist yet. */
const NOT_YET = "#EDEDED";
/** Narrower cells, in pixels, stay without numbers. */
const NARROWEST = 34;
/** Of a longer run the text alternative says how it ends. */
const SPOKEN_STEPS = 8;

/** All steps, or the last alone where they would be more than can be listened to. */
function stepsInWords(strengths: readonly Vector[]): string {
  const T = strengths.length;
  const words = strengths.map((s, t) =>
    `after ${t === T - 1 ? "the last step they are" : `step ${t + 1}`} ` +
    s.map((s_i) => numeral(s_i)).join(", ")
  );
  return words.slice(T <= SPOKEN_STEPS ? 0 : -1).join("; ");
}

/** A row's value may be a number itself: values are not mixed with strengths. */
function describe({ strengths, names }: StrengthsHeatmapInputs): string {
  const T = strengths.length;
  const held = names ? `, which hold ${names.join(", ")}` : "";
  return `Heat map of the strengths of ${T} rows${held}, from the bottom up, over ${T} steps: ` +
    `${stepsInWords(strengths)}.`;
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

/** White where the cell is dark. */
function numbers(strengths: readonly Vector[], most: number): TextMark[] {
  return strengths.flatMap((s, t) =>
    s.map((s_i, i) => ({
      x: t + 1,
      y: i + 1,
      text: numeral(s_i),
      colour: s_i / most > 0.6 ? "#ffffff" : INK,
    }))
  );
}

function heat(strengths: readonly Vector[], names: readonly string[], most: number): Data {
  const T = strengths.length;
  return {
    type: "heatmap",
    x: strengths.map((_, t) => t + 1),
    y: names.map((_, i) => i + 1),
    z: names.map((_, i) => strengths.map((s) => (i < s.length ? rounded(s[i]) : null))),
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
 * Draws strengths over time, row 1 at the bottom as in the paper's Figure 1(a); grey is where a row does not exist yet.
 *
 * Darkness alone tells the order; up to 16 steps each cell also holds its number.
 *
 * @example What a pop takes from the row below the top.
 * ```ts
 * import { strengthsHeatmap } from "@/figures/strengths_heatmap.ts";
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
 * @returns A figure, square cells as far as they fit.
 * @throws {TypeError} If there is no step, not t strengths at step t, or not a name for each row.
 */
export function strengthsHeatmap(inputs: StrengthsHeatmapInputs): Figure {
  const { title, strengths } = inputs;
  const names = inputs.names ?? strengths.map((_, i) => String(i + 1));
  checkStrengths(strengths, names);
  const T = strengths.length;
  const most = Math.max(1, ...strengths.flat());
  const column = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / T;
  const row = Math.min(column, 44, Math.max(6, 420 / T));
  return roomForTitle(makeFigure({
    title,
    description: describe(inputs),
    data: [
      heat(strengths, names, most),
      ...(column >= NARROWEST && row >= 16
        ? [textMarks(numbers(strengths, most), { size: 12 })]
        : []),
    ],
    xTitle: "step t",
    yTitle: inputs.names ? "row (its value)" : "row",
    layout: {
      height: MARGIN.t + Math.max(160, T * row) + MARGIN.b,
      margin: MARGIN,
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
