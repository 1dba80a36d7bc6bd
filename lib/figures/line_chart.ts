/**
 * Lines over a common axis, each labelled at its end.
 *
 * @module
 */
import { tint } from "@/figures/parts/colours.ts";
import { endLabels, type LineEnd } from "@/figures/parts/plot_labels.ts";
import { type Data, type Figure, type Layout, makeFigure } from "./figure.ts";
import { downsample, type LineStyle, lineStyle } from "@/figures/parts/lines.ts";
import { roundSignificant } from "@/figures/parts/number_text.ts";
import { textWidth } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** One line. */
export interface Line {
  /** Its label, at its right end. */
  readonly name: string;
  /** The points' x coordinates. */
  readonly x: readonly number[];
  /** The points' y coordinates, as many as `x`. */
  readonly y: readonly number[];
  /** A band around the line, such as the range over seeds: as many numbers as `y`. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** The content of the chart. */
export interface LineChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** The lines. */
  readonly lines: readonly Line[];
  /** Name and unit of the x axis. */
  readonly xTitle: string;
  /** Name and unit of the y axis. */
  readonly yTitle: string;
  /** "log" for a logarithmic x axis. */
  readonly xScale?: "linear" | "log";
  /** "log" for a logarithmic y axis. */
  readonly yScale?: "linear" | "log";
}

/** Maximum number of points drawn of a line. */
const POINTS = 400;
const MARGIN = { l: 76, t: 56, b: 56 };
const HEIGHT = 400;

type Scale = "linear" | "log";

/** A line with its band, which has no width if none is given. */
interface FullLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function onScale(scale: Scale, value: number): number {
  return scale === "log" ? Math.log10(value) : value;
}

function checkScale(
  name: string,
  coordinates: string,
  scale: Scale,
  values: readonly number[],
): void {
  const wrong = values.find((value) => !Number.isFinite(onScale(scale, value)));
  if (wrong === undefined) return;
  const wanted = scale === "log" ? "above 0 (for a logarithmic scale)" : "that are finite";
  throw new RangeError(
    `Cannot draw the line "${name}": wanted ${coordinates} ${wanted}, got ${wrong}`,
  );
}

function completed({ name, x, y, band }: Line, xScale: Scale, yScale: Scale): FullLine {
  const full = { name, x, y, low: band?.low ?? y, high: band?.high ?? y };
  if (y.length === 0) {
    throw new TypeError(`Cannot draw the line "${name}": wanted at least 1 point, got 0`);
  }
  for (const numbers of [x, full.low, full.high]) {
    if (numbers.length !== y.length) {
      throw new TypeError(
        `Cannot draw the line "${name}": wanted as many x coordinates and bounds as y coordinates, ` +
          `got ${numbers.length} and ${y.length}`,
      );
    }
  }
  checkScale(name, "x coordinates", xScale, x);
  checkScale(name, "y coordinates", yScale, [...y, ...full.low, ...full.high]);
  return full;
}

/** The line, after its band if it has one. */
function traces(full: FullLine, style: LineStyle, xScale: Scale): Data[] {
  const { name, y, low, high } = full;
  const chosen = downsample(y, POINTS, full.x.map((x) => onScale(xScale, x)));
  const pick = (numbers: readonly number[]) => chosen.map((k) => roundSignificant(numbers[k]));
  const x = chosen.map((k) => full.x[k]);
  const common = { type: "scatter", mode: "lines", showlegend: false } as const;
  const edge = { ...common, x, line: { width: 0 }, hoverinfo: "skip" } as const;
  const line: Data = { ...common, name, x, y: pick(y), line: { ...style, width: 2.5 } };
  if (low === y && high === y) return [line];
  return [
    { ...edge, name: `${name}, low`, y: pick(low) },
    {
      ...edge,
      name: `${name}, high`,
      y: pick(high),
      fill: "tonexty",
      fillcolor: `${tint(style.color, 0.25)}99`,
    },
    line,
  ];
}

/** Range of the data with some padding, in the axis's own unit; a linear scale includes 0. */
function rangeOf(scale: Scale, lines: readonly FullLine[]): [number, number] {
  const all = lines.flatMap(({ low, high }) => [...low, ...high]);
  const [low, high] = all.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [all[0], all[0]],
  ).map((value) => onScale(scale, value));
  const bottom = scale === "linear" ? Math.min(0, low) : low;
  const padding = 0.05 * (high - bottom || 1);
  return [bottom === 0 ? 0 : bottom - padding, high + padding];
}

/** Labels powers of ten only, at most sixteen; Plotly draws powers a quarter larger than the size it is given. */
function decadeTicks(scale: Scale, span = 0): Layout["yaxis"] {
  if (scale === "linear") return {};
  return {
    exponentformat: "power",
    dtick: Math.max(1, Math.ceil(span / 16)),
    tickfont: { size: 11 },
  };
}

/**
 * Draws lines over a common axis; each is labelled at its end instead of in a legend.
 *
 * Lines differ in dashes as well as in colour; a line of more than 400 points is downsampled, with its spikes kept.
 *
 * @example One line, labelled at its right end.
 * ```ts
 * import { lineChart } from "@/figures/line_chart.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const figure = lineChart({
 *   title: "What is popped is gone",
 *   lines: [{ name: "strength", x: [0, 0.5, 1], y: [1, 0.5, 0] }],
 *   xTitle: "pop u",
 *   yTitle: "strength left",
 * });
 * assertEquals(figure.layout.annotations?.[0].text, "strength");
 * assertStringIncludes(figure.description, "strength from 1 to 0");
 * ```
 * @param inputs Title, lines, scales and names of the axes.
 * @returns The figure.
 * @throws {TypeError} If there is no line, or one has no points, or its numbers of x and y coordinates differ.
 * @throws {RangeError} If a number is NaN or infinite, or not above 0 on a logarithmic scale.
 */
export function lineChart(inputs: LineChartInputs): Figure {
  const { title, xTitle, yTitle, xScale = "linear", yScale = "linear" } = inputs;
  if (inputs.lines.length === 0) {
    throw new TypeError("Cannot draw lines: wanted at least 1, got 0");
  }
  const lines = inputs.lines.map((line) => completed(line, xScale, yScale));
  const [bottom, top] = rangeOf(yScale, lines);
  const height = HEIGHT - MARGIN.t - MARGIN.b;
  const ends = lines.map(({ name, y }, k): LineEnd => ({
    name,
    color: lineStyle(k).color,
    height: (height * (onScale(yScale, y[y.length - 1]) - bottom)) / (top - bottom),
  }));
  const longest = Math.max(...lines.map(({ name }) => textWidth(name, 13)));
  const ranges = lines.map(({ name, y }) =>
    `${name} from ${roundSignificant(y[0], 3)} to ${roundSignificant(y[y.length - 1], 3)}`
  );
  return addTitleMargin(makeFigure({
    title,
    description: `Lines of ${yTitle} over ${xTitle}: ${ranges.join("; ")}.`,
    data: lines.flatMap((line, k) => traces(line, lineStyle(k), xScale)),
    xTitle,
    yTitle,
    layout: {
      height: HEIGHT,
      margin: { ...MARGIN, r: 20 + longest },
      xaxis: {
        type: xScale,
        showline: true,
        linecolor: "#888888",
        ...decadeTicks(xScale) as object,
      },
      yaxis: { type: yScale, range: [bottom, top], ...decadeTicks(yScale, top - bottom) },
      annotations: endLabels(ends, { x: 1, height, yaxis: "y" }),
    },
  }));
}
