/**
 * A heat map of successes over two conditions, such as the window of a training and the delay of a task.
 *
 * @module
 */
import { INK } from "@/figures/parts/colours.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { roundDecimals } from "@/figures/parts/number_text.ts";
import { type Figure, type Layout, makeFigure, PALETTE, SEQUENTIAL } from "./figure.ts";

/** A row of the map. */
export interface SuccessRow {
  /** Its label, at the left. */
  readonly name: string;
  /** The successes in each column, from 0 to `trials`. */
  readonly successes: readonly number[];
  /** How many columns from the left are inside the limit, which is drawn as a line. */
  readonly inside?: number;
}

/** The content of the map. */
export interface SuccessMapInputs {
  /** The claim that the map makes. */
  readonly title: string;
  /** The rows, from the top down. */
  readonly rows: readonly SuccessRow[];
  /** The labels of the columns. */
  readonly columns: readonly string[];
  /** Trials in each cell. */
  readonly trials: number;
  /** Name of the x axis. */
  readonly xTitle: string;
  /** Name of the y axis. */
  readonly yTitle: string;
  /** What the line says, if the rows have one. */
  readonly limit?: string;
}

/** Heights of a row, and of what is above and below the panel, in pixels. */
const [ROW, TOP, BOTTOM] = [34, 56, 60];
/** A number is white on cells above this share of the darkest colour. */
const DARK = 0.6;

function checkRows({ rows, columns, trials }: SuccessMapInputs): void {
  if (rows.length === 0 || columns.length === 0) {
    throw new TypeError("Cannot draw successes: wanted at least 1 row and 1 column, got none");
  }
  for (const { name, successes } of rows) {
    if (successes.length !== columns.length) {
      throw new TypeError(
        `Cannot draw the successes "${name}": wanted 1 for each of ${columns.length} columns, ` +
          `got ${successes.length}`,
      );
    }
    const wrong = successes.find((n) => !(Number.isInteger(n) && n >= 0 && n <= trials));
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot draw the successes "${name}": wanted 0 to ${trials} of them, got ${wrong}`,
      );
    }
  }
}

/** The limit as a line of steps, from the upper end to the lower end of the map. */
function limitShape(rows: readonly SuccessRow[]): Layout["shapes"] {
  if (rows.some(({ inside }) => inside === undefined)) return [];
  const corners = rows.flatMap(({ inside }, y) => {
    const x = inside! - 0.5;
    return [`${x},${y - 0.5}`, `${x},${y + 0.5}`];
  });
  const line = { color: PALETTE.orange, width: 4 }; // seen on light and on dark cells
  return [{ type: "path", path: `M${corners.join("L")}`, line }] as Layout["shapes"];
}

/**
 * Draws successes as cells, darker for more, each with its number; a line of steps may separate two regions.
 *
 * @example Success ends at the line.
 * ```ts
 * import { successMap } from "@/figures/success_map.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { description } = successMap({
 *   title: "Nothing is learned beyond the window",
 *   rows: [
 *     { name: "2", successes: [5, 0], inside: 1 },
 *     { name: "4", successes: [5, 4], inside: 2 },
 *   ],
 *   columns: ["1", "3"],
 *   trials: 5,
 *   xTitle: "delay",
 *   yTitle: "window",
 *   limit: "left of the line: within the window",
 * });
 * assertEquals(
 *   description,
 *   "Successes of 5 by window and delay. window 2: 5 at 1, 0 at 3; window 4: 5 at 1, 4 at 3. " +
 *     "The line (left of the line: within the window) is after 1, 2 columns.",
 * );
 * ```
 * @param inputs Title, rows, names of the columns and axes.
 * @returns The figure.
 * @throws {TypeError} If there is no row or no column, or a row does not have one number for each column.
 * @throws {RangeError} If a number is not a whole number from 0 to `trials`.
 */
export function successMap(inputs: SuccessMapInputs): Figure {
  checkRows(inputs);
  const { title, rows, columns, trials, xTitle, yTitle, limit } = inputs;
  const labels = rows.flatMap(({ successes }, y) =>
    successes.map((n, x) => ({
      x,
      y,
      text: `${n}`,
      colour: n / trials > DARK ? "#ffffff" : INK,
    }))
  );
  const words = rows.map(({ name, successes }) =>
    `${yTitle} ${name}: ${successes.map((n, x) => `${n} at ${columns[x]}`).join(", ")}`
  );
  const line = limit === undefined
    ? ""
    : ` The line (${limit}) is after ${rows.map(({ inside }) => inside).join(", ")} columns.`;
  const shapes = limitShape(rows);
  return addTitleMargin(makeFigure({
    title,
    description: `Successes of ${trials} by ${yTitle} and ${xTitle}. ${words.join("; ")}.${line}`,
    data: [{
      type: "heatmap",
      z: rows.map(({ successes }) => successes.map((n) => roundDecimals(n / trials))),
      zmin: 0,
      zmax: 1,
      colorscale: SEQUENTIAL,
      xgap: 2,
      ygap: 2,
      showscale: false,
      hovertemplate: `${yTitle} %{y}, ${xTitle} %{x}: %{z}<extra></extra>`,
    }, plotLabels(labels)],
    xTitle: limit === undefined ? xTitle : `${xTitle} (${limit})`,
    yTitle,
    layout: {
      margin: { t: TOP, b: BOTTOM, l: 70 },
      height: TOP + BOTTOM + ROW * rows.length,
      shapes,
      xaxis: { tickvals: columns.map((_, x) => x), ticktext: [...columns], showgrid: false },
      yaxis: {
        tickvals: rows.map((_, y) => y),
        ticktext: rows.map(({ name }) => name),
        showgrid: false,
        autorange: "reversed",
      },
    },
  }));
}
