/**
 * The rows of a stack that each step touches: one row per value, one column per step, and a marker on each cell that a pop
 * or a read touches.
 *
 * Dimension: `T` steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { readWeights, type StackTrace } from "@/memory/stack.ts";
import { INK, tint } from "@/figures/parts/colours.ts";
import { type Data, type Figure, FIGURE_WIDTH, makeFigure, PALETTE } from "./figure.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";

/** A number for each row after each step, to colour the cells by. */
export interface RowColours {
  /** Name of the numbers. */
  readonly name: string;
  /** As in a stack's trace: entry t has t + 1 numbers. */
  readonly rows: readonly Vector[];
}

/** The content of the figure. */
export interface TouchedRowsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The trace of the stack. */
  readonly trace: StackTrace;
  /** The numbers that the colours show; by default the strengths. Negative numbers are orange and have a dash. */
  readonly colours?: RowColours;
}

/** A touched row at a step, both counted from 0. */
interface Touch {
  readonly row: number;
  readonly step: number;
}

const MARGIN = { l: 64, r: 100, t: 56, b: 56 };
/** Background of cells whose row does not exist yet. */
const NOT_YET = "#EDEDED";

/** Markers of the three kinds of touch; one cell can have several. */
const MARKS = [
  { name: "read", symbol: "circle-open", size: 9 },
  { name: "cut by the pop", symbol: "line-ne-open", size: 9 },
  { name: "removed by the pop", symbol: "x-thin-open", size: 6 },
] as const;

/** The rows that are read, cut and removed, in the order of `MARKS`. */
function touchesOf({ strengths }: StackTrace): Touch[][] {
  const cells = strengths.flatMap((s, step) => s.map((_, row) => ({ row, step })));
  const now = ({ row, step }: Touch) => strengths[step][row];
  const before = ({ row, step }: Touch) => strengths[step - 1]?.[row] ?? now({ row, step });
  const weights = strengths.map(readWeights);
  return [
    cells.filter(({ row, step }) => weights[step][row] > 0),
    cells.filter((cell) => now(cell) < before(cell) && now(cell) > 0),
    cells.filter((cell) => now(cell) < before(cell) && now(cell) === 0),
  ];
}

function marks(touches: readonly Touch[], mark: (typeof MARKS)[number]): Data {
  return {
    type: "scatter",
    mode: "markers",
    name: mark.name,
    x: touches.map(({ step }) => step + 1),
    y: touches.map(({ row }) => row + 1),
    marker: { symbol: mark.symbol, size: mark.size, color: INK, line: { width: 1.5, color: INK } },
    hoverinfo: "skip",
  };
}

/** Marks negative numbers by a dash, because in grey print the colours of both signs look the same. */
function dashes({ rows }: RowColours): Data[] {
  const cells = rows.flatMap((numbers, step) => numbers.map((x, row) => ({ x, row, step })));
  const negative = cells.filter(({ x }) => roundDecimals(x) < 0);
  if (negative.length === 0) return [];
  return [{
    type: "scatter",
    mode: "markers",
    name: "negative",
    x: negative.map(({ step }) => step + 1),
    y: negative.map(({ row }) => roundDecimals(row + 1 - 0.38)), // below the other marks
    marker: { symbol: "line-ew-open", size: 5, color: INK, line: { width: 1.5, color: INK } },
    hoverinfo: "skip",
  }];
}

/** Pale colours, so that the markers are visible on them. */
function scaleOf(signed: boolean): [number, string][] {
  const most = tint(PALETTE.sky, 0.9);
  if (!signed) return [[0, "#FFFFFF"], [1, most]];
  return [[0, tint(PALETTE.orange, 0.9)], [0.5, "#FFFFFF"], [1, most]];
}

function cells({ name, rows }: RowColours): Data {
  const T = rows.length, all = rows.flat();
  const most = roundDecimals(Math.max(...all.map(Math.abs))) || 1, signed = all.some((x) => x < 0);
  return {
    type: "heatmap",
    x: rows.map((_, t) => t + 1),
    y: rows.map((_, i) => i + 1),
    z: rows.map((_, i) =>
      rows.map((numbers) => i < numbers.length ? roundDecimals(numbers[i]) : null)
    ),
    zmin: signed ? -most : 0,
    zmax: most,
    colorscale: scaleOf(signed),
    xgap: T <= 40 ? 1 : 0,
    ygap: T <= 40 ? 1 : 0,
    hovertemplate: `step %{x}, row %{y}: ${name} %{z}<extra></extra>`,
    hoverongaps: false,
    colorbar: { title: { text: name }, outlinewidth: 1, outlinecolor: "#888888" },
  };
}

function checkRows({ strengths }: StackTrace, { name, rows }: RowColours): void {
  if (strengths.length === 0) {
    throw new TypeError("Cannot draw touched rows: wanted at least 1 step, got 0");
  }
  strengths.forEach((s, t) => {
    if (rows[t]?.length !== s.length) {
      throw new TypeError(
        `Cannot draw touched rows: wanted ${s.length} numbers of ${name} at step ${t + 1}, ` +
          `got ${rows[t]?.length ?? 0}`,
      );
    }
  });
}

/**
 * Draws rows over time, row 1 at the bottom. A circle marks a row that is read, a stroke one that a pop cuts, a cross one
 * that a pop removes, a dash a negative number; a cell is grey if its row does not exist yet.
 *
 * @example A pop that removes row 2 and cuts row 1.
 * ```ts
 * import { touchedRows } from "@/figures/touched_rows.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = touchedRows({
 *   title: "The third step touches all rows",
 *   trace: runStack({ values: [[1], [2], [3]], pops: [0, 0, 0.75], pushes: [1, 0.5, 0.5] }),
 * });
 * assertStringIncludes(description, "5 rows are read, 1 cut and 1 removed, of 6 cells");
 * ```
 * @param inputs Title, trace, and the numbers that the colours show.
 * @returns The figure.
 * @throws {TypeError} If there is no step, or step t does not have t numbers to colour by.
 */
export function touchedRows(inputs: TouchedRowsInputs): Figure {
  const { title, trace } = inputs;
  const colours = inputs.colours ?? { name: "strength", rows: trace.strengths };
  checkRows(trace, colours);
  const T = trace.strengths.length, touches = touchesOf(trace);
  const all = colours.rows.flat();
  const [read, cut, removed] = touches.map(({ length }) => length);
  const row = Math.min((FIGURE_WIDTH - MARGIN.l - MARGIN.r) / T, 40, Math.max(6, 420 / T));
  const range: [number, number] = [0.5, T + 0.5];
  const axis = { range, tick0: 1, dtick: Math.ceil(T / 12), showgrid: false };
  return addTitleMargin(makeFigure({
    title,
    description: `Rows of a stack over ${T} steps, coloured by ${colours.name}, from ` +
      `${formatNumber(Math.min(...all))} to ${
        formatNumber(Math.max(...all))
      }: ${read} rows are read, ` +
      `${cut} cut and ${removed} removed, of ${T * (T + 1) / 2} cells.`,
    data: [
      cells(colours),
      ...touches.map((these, k) => marks(these, MARKS[k])),
      ...dashes(colours),
    ],
    xTitle: "step t",
    yTitle: "row",
    layout: {
      height: MARGIN.t + Math.max(160, T * row) + MARGIN.b,
      margin: MARGIN,
      plot_bgcolor: NOT_YET,
      xaxis: axis,
      yaxis: axis,
      legend: { x: 0.02, y: 0.98, xanchor: "left", yanchor: "top", bgcolor: NOT_YET },
    },
  }));
}
