/**
 * A map of weights: a row for each step, a column for each place that the step may look at, a colour for the weight.
 *
 * `T` steps, `S` places.
 *
 * @module
 */
import { INK } from "@/figures/parts/colours.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import {
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
  SEQUENTIAL,
} from "./figure.ts";

/** A step of the map. */
export interface AlignmentRow {
  /** Its label, such as the word that is written. */
  readonly name: string;
  /** Its weight at each place, from 0 to 1, `S` numbers. */
  readonly weights: readonly number[];
  /** The place that gets a frame, from 0; none if left out. */
  readonly marked?: number;
}

/** The content of the map. */
export interface AlignmentMapInputs {
  /** The claim that the map makes. */
  readonly title: string;
  /** The steps, the first on top, `T` of them. */
  readonly rows: readonly AlignmentRow[];
  /** Name of each place, such as the word that is there, `S` of them. */
  readonly places: readonly string[];
  /** What the places are. */
  readonly xTitle: string;
  /** What the steps are. */
  readonly yTitle: string;
  /** What a frame says; left out, there are no frames to explain. */
  readonly frames?: string;
}

const MARGIN = { l: 76, r: 96, t: 56, b: 76 };
/** Greatest height of a row and narrowest cell that has a number on it, in pixels. */
const [ROW, NARROWEST] = [30, 34];
/** Most steps whose every weight is described; of more, only the largest weight of each. */
const MOST_DESCRIBED = 6;
/** Smaller weights have no number: it would be 0. */
const LEAST_WRITTEN = 0.005;
/** A number is white on cells above this weight. */
const DARK = 0.6;

function checkRows({ rows, places }: AlignmentMapInputs): void {
  if (rows.length === 0 || places.length === 0) {
    const got = `${rows.length} steps and ${places.length} places`;
    throw new TypeError(`Cannot draw weights: wanted at least 1 step and 1 place, got ${got}`);
  }
  const S = places.length;
  for (const { name, weights, marked = 0 } of rows) {
    if (weights.length !== S) {
      const wanted = `${S} weights (one for each place)`;
      throw new TypeError(
        `Cannot draw the weights of "${name}": wanted ${wanted}, got ${weights.length}`,
      );
    }
    if (!(Number.isInteger(marked) && marked >= 0 && marked < S)) {
      const wanted = `a frame at 0 to ${S - 1}`;
      throw new RangeError(`Cannot draw the weights of "${name}": wanted ${wanted}, got ${marked}`);
    }
  }
}

function describeRow({ name, weights, marked }: AlignmentRow, places: readonly string[]): string {
  const at = (s: number) => `${formatNumber(weights[s])} on ${places[s]} (place ${s + 1})`;
  const most = weights.indexOf(Math.max(...weights));
  const frame = marked === undefined || marked === most ? "" : `, ${at(marked)} in the frame`;
  return `${name}: ${at(most)}${frame}`;
}

/** The largest weight of each step and that in the frame; of a small map all weights. */
function describe({ rows, places, frames, yTitle }: AlignmentMapInputs): string {
  const all = ({ name, weights }: AlignmentRow) =>
    `${name}: ${weights.map((weight) => formatNumber(weight)).join(" ")}`;
  const words = rows.length <= MOST_DESCRIBED
    ? `The weights are ${rows.map(all).join("; ")}.`
    : `The largest weights are ${rows.map((row) => describeRow(row, places)).join("; ")}.`;
  const explained = frames === undefined ? "" : ` A frame: ${frames}.`;
  return `Map of weights over ${places.length} places (${places.join(" ")}), a row for each of ` +
    `${rows.length} steps (${yTitle}). ${words}${explained}`;
}

/** A frame around a cell. */
function frameShape(x: number, y: number) {
  const line = { color: PALETTE.orange, width: 3 };
  return { type: "rect", x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5, line };
}

/**
 * Draws weights as cells, darker for larger ones, with frames around the places where they should be; wide cells have their
 * numbers.
 *
 * @example Two words that change places, of which the second is looked for in the wrong place.
 * ```ts
 * import { alignmentMap } from "@/figures/alignment_map.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const { data, layout, description } = alignmentMap({
 *   title: "One of two is found",
 *   rows: [
 *     { name: "B", weights: [0.1, 0.9], marked: 1 },
 *     { name: "A", weights: [0.2, 0.8], marked: 0 },
 *   ],
 *   places: ["a", "b"],
 *   xTitle: "source",
 *   yTitle: "target",
 *   frames: "the word that is translated",
 * });
 * assertEquals((data[0] as { z: unknown }).z, [[0.1, 0.9], [0.2, 0.8]]);
 * assertEquals(layout.shapes?.map(({ x0, y0 }) => [x0, y0]), [[0.5, -0.5], [-0.5, 0.5]]);
 * assertStringIncludes(description, "B: 0.1 0.9; A: 0.2 0.8.");
 * ```
 * @param inputs Title, steps with their weights, and names.
 * @returns The figure.
 * @throws {TypeError} If there is no step or no place, or a step does not have a weight for each place.
 * @throws {RangeError} If a frame is at no place.
 */
export function alignmentMap(inputs: AlignmentMapInputs): Figure {
  checkRows(inputs);
  const { title, rows, places, xTitle, yTitle, frames } = inputs;
  const width = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / places.length;
  const height = Math.max(12, Math.min(ROW, width));
  const numbers = rows.flatMap(({ weights }, y) =>
    weights.map((weight, x) => ({
      x,
      y,
      text: weight < LEAST_WRITTEN ? "" : formatNumber(weight),
      colour: weight > DARK ? "#ffffff" : INK,
    }))
  );
  const axis = (names: readonly string[]) => ({
    tickvals: names.map((_, k) => k),
    ticktext: [...names],
    showgrid: false,
  });
  return addTitleMargin(makeFigure({
    title,
    description: describe(inputs),
    data: [
      {
        type: "heatmap",
        z: rows.map(({ weights }) => weights.map((weight) => roundDecimals(weight))),
        zmin: 0,
        zmax: 1,
        colorscale: SEQUENTIAL,
        xgap: 1,
        ygap: 1,
        colorbar: { title: { text: "weight", side: "right" }, thickness: 14 },
        hovertemplate: "step %{y}, place %{x}: %{z}<extra></extra>",
      },
      ...(width >= NARROWEST ? [plotLabels(numbers, { size: 11 })] : []),
    ],
    xTitle: frames === undefined ? xTitle : `${xTitle} (frame: ${frames})`,
    yTitle,
    layout: {
      margin: MARGIN,
      height: MARGIN.t + MARGIN.b + Math.max(90, height * rows.length),
      xaxis: axis(places),
      yaxis: { ...axis(rows.map(({ name }) => name)), autorange: "reversed" },
      shapes: rows.flatMap(({ marked }, y) =>
        marked === undefined ? [] : [frameShape(marked, y)]
      ) as Layout["shapes"],
    },
  }));
}
