/**
 * Lines over a common axis, each with its name at its end.
 *
 * @module
 */
import { type Data, type Figure, type Layout, makeFigure, PALETTE } from "./figure.ts";

/** One line. */
export interface Line {
  /** What it is called; written at its right end. */
  readonly name: string;
  /** Where its points are. */
  readonly x: readonly number[];
  /** How high they are, as many as `x`. */
  readonly y: readonly number[];
}

/** What the chart shows. */
export interface LineChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** The lines, at most eight. */
  readonly lines: readonly Line[];
  /** Name and unit of what runs to the right. */
  readonly xTitle: string;
  /** Name and unit of what runs upwards. */
  readonly yTitle: string;
  /** "log" for a scale of powers of ten upwards. */
  readonly yScale?: "linear" | "log";
}

/** Told apart by dashes as well as by colour. */
const STYLES = [
  [PALETTE.blue, "solid"],
  [PALETTE.vermilion, "dash"],
  [PALETTE.green, "dot"],
  [PALETTE.purple, "dashdot"],
  [PALETTE.orange, "longdash"],
  [PALETTE.black, "solid"],
  [PALETTE.sky, "longdashdot"],
  [PALETTE.yellow, "dash"],
] as const;

function checkLines(lines: readonly Line[]): void {
  if (lines.length < 1 || lines.length > STYLES.length) {
    throw new RangeError(
      `Cannot draw lines: wanted 1 to ${STYLES.length} of them, got ${lines.length}`,
    );
  }
  for (const { name, x, y } of lines) {
    if (x.length === 0 || x.length !== y.length) {
      throw new TypeError(
        `Cannot draw the line "${name}": wanted as many heights as places and at least 1, ` +
          `got ${y.length} and ${x.length}`,
      );
    }
  }
}

function nameAtEnd({ name, x, y }: Line, colour: string, log: boolean): object {
  const end = y[y.length - 1];
  return {
    text: name,
    x: x[x.length - 1],
    y: log ? Math.log10(end) : end,
    xanchor: "left",
    xshift: 6,
    showarrow: false,
    font: { color: colour },
  };
}

/**
 * Draws lines, named where they end rather than in a legend.
 *
 * @example One line, its name at its right end.
 * ```ts
 * import { lineChart } from "@/figures/line_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = lineChart({
 *   title: "The error falls by half at every step",
 *   lines: [{ name: "error", x: [0, 1, 2], y: [1, 0.5, 0.25] }],
 *   xTitle: "step",
 *   yTitle: "error",
 * });
 * assertEquals(figure.layout.annotations?.[0].text, "error");
 * assertEquals(figure.layout.annotations?.[0].y, 0.25);
 * ```
 * @param inputs Title, lines, and what runs along the axes.
 * @returns The figure.
 * @throws {TypeError} If a line has no points, or not as many heights as places.
 * @throws {RangeError} If there is no line, or more than eight.
 */
export function lineChart(inputs: LineChartInputs): Figure {
  const { title, lines, xTitle, yTitle, yScale = "linear" } = inputs;
  checkLines(lines);
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const ends = lines.map(({ name, y }) => `${name} from ${y[0]} to ${y[y.length - 1]}`);
  return makeFigure({
    title,
    description: `Lines of ${yTitle} over ${xTitle}: ${ends.join("; ")}.`,
    data: lines.map(({ name, x, y }, i): Data => ({
      type: "scatter",
      mode: "lines",
      name,
      x: [...x],
      y: [...y],
      line: { color: STYLES[i][0], dash: STYLES[i][1], width: 2.5 },
      showlegend: false,
    })),
    xTitle,
    yTitle,
    layout: {
      yaxis: { type: yScale },
      margin: { r: 24 + 7 * longest },
      annotations: lines.map((line, i) =>
        nameAtEnd(line, STYLES[i][0], yScale === "log")
      ) as Layout["annotations"],
    },
  });
}
