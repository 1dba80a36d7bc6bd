/**
 * Lines over a common axis, each labelled at its end.
 *
 * @module
 */
import { tint } from "@/figures/parts/colours.ts";
import { labelPoints, movedLabels, type Panel } from "@/figures/parts/moved_labels.ts";
import { endLabels, type LineEnd, type Point, samplePath } from "@/figures/parts/plot_labels.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";
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
  /** Horizontal lines to compare with, such as the loss of a network that knows nothing. */
  readonly levels?: readonly { readonly name: string; readonly y: number }[];
  /** Vertical lines, where something happens. */
  readonly events?: readonly { readonly name: string; readonly x: number }[];
}

/** Maximum number of points drawn of a line. */
const POINTS = 400;
const MARGIN = { l: 76, t: 56, b: 56 };
const HEIGHT = 400;
/** Pixels between a line's end and its label, and least distance of a label from the figure's edge. */
const [LABEL_GAP, EDGE] = [6, 14];
/** Least height of a label's middle above the axis, in pixels. */
const OFF_AXIS = 12;
const LEVEL_STYLE = { color: "#666666", dash: "dot", width: 1.5 } as const;

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

/** The points of a line that are drawn. */
function drawnPoints({ x, y }: FullLine, xScale: Scale) {
  const chosen = downsample(y, POINTS, x.map((x) => onScale(xScale, x)));
  return {
    x: chosen.map((k) => x[k]),
    pick: (numbers: readonly number[]) => chosen.map((k) => roundSignificant(numbers[k])),
  };
}

const COMMON = { type: "scatter", mode: "lines", showlegend: false } as const;

/** The edges of the line's band, filled between, if it has one. */
function bandTraces(full: FullLine, { color }: LineStyle, xScale: Scale): Data[] {
  const { name, low, high } = full, { x, pick } = drawnPoints(full, xScale);
  if (!hasBand(full)) return [];
  const edge = { ...COMMON, x, line: { width: 0 }, hoverinfo: "skip" } as const;
  return [
    { ...edge, name: `${name}, low`, y: pick(low) },
    {
      ...edge,
      name: `${name}, high`,
      y: pick(high),
      fill: "tonexty",
      fillcolor: `${tint(color, 0.25)}99`,
    },
  ];
}

const hasBand = ({ y, low, high }: FullLine) => low !== y || high !== y;

function lineTrace(full: FullLine, style: LineStyle & { width?: number }, xScale: Scale): Data {
  const { x, pick } = drawnPoints(full, xScale), { width = 2.5 } = style;
  return { ...COMMON, name: full.name, x, y: pick(full.y), line: { ...style, width } };
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

/** The first and the last x of all lines. */
function xRangeOf(lines: readonly FullLine[]): [number, number] {
  const ends = lines.flatMap(({ x }) => [x[0], x[x.length - 1]]);
  return [Math.min(...ends), Math.max(...ends)];
}

/** The end of a line, and its position as a share of the panel's width. */
interface PanelEnd extends LineEnd {
  readonly share: number;
}

/** Labels of the lines, each where its line ends; those that end at one place are moved apart. */
function labelsOf(ends: readonly PanelEnd[], paths: readonly Point[][], panel: Panel) {
  const shares = [...new Set(ends.map(({ share }) => share))], { height } = panel;
  const labels = shares.flatMap((x) => {
    const here = ends.filter(({ share }) => share === x);
    const off = x < 1 ? OFF_AXIS : 0; // inside of the panel, off the axis below
    const lowered = here.map((end) => ({ ...end, height: Math.max(0, end.height - off) }));
    return endLabels(lowered, { x, height: height - off, yaxis: "y" }).map((label, k) => {
      const order = ends.indexOf(here[k]);
      return { order, path: paths[order], label: { ...label, yshift: label.yshift! + off } };
    });
  }).sort((a, b) => a.order - b.order);
  const inner = labels.filter(({ order }) => ends[order].share < 1);
  const outer = labels.filter((entry) => !inner.includes(entry)).flatMap(({ label }) =>
    labelPoints(label.text!, {
      x: 1 + LABEL_GAP / panel.width,
      y: label.yshift! / height,
    }, panel)
  );
  const moved = movedLabels(inner, { ...panel, points: [...panel.points, ...outer] });
  return labels.map((entry) => moved[inner.indexOf(entry)] ?? entry.label);
}

/** How many lines stand for a band where labels keep off it. */
const BAND_LINES = 20;

/** A line, and lines through its band if it has one, as shares of the panel. */
function pathsOf(full: FullLine, share: (x: number, y: number) => Point): Point[][] {
  const { x, y, low, high } = full;
  const within = hasBand(full)
    ? Array.from({ length: BAND_LINES + 1 }, (_, k) => k / BAND_LINES)
    : [];
  const heights = [y, ...within.map((part) => low.map((l, k) => l + part * (high[k] - l)))];
  return heights.map((heights) => heights.map((height, k) => share(x[k], height)));
}

const sampled = (path: readonly Point[]) =>
  samplePath(path.map(({ x }) => x), path.map(({ y }) => y));

/** Pixels right of the panel, so that no label leaves the figure. */
function rightMargin(ends: readonly PanelEnd[]): number {
  return Math.max(
    ...ends.map(({ name, share }) => {
      const width = LABEL_GAP + EDGE + textWidth(name, 13);
      // Left of the label lies a share of what the margins leave: width = r + (1 − share)(FIGURE_WIDTH − l − r).
      return (width - (1 - share) * (FIGURE_WIDTH - MARGIN.l)) / share;
    }),
    LABEL_GAP + EDGE,
  );
}

/** Lines from the bottom to the top of the panel, each with its name beside its upper end. */
function eventMarks(events: NonNullable<LineChartInputs["events"]>, scale: Scale) {
  const { color, dash, width } = LEVEL_STYLE;
  const shapes = events.map(({ x }) => ({
    type: "line",
    ...{ x0: x, x1: x, yref: "paper", y0: 0, y1: 1 },
    line: { color, dash, width },
  }));
  const annotations = events.map(({ name, x }) => ({
    text: name,
    x: onScale(scale, x),
    ...{ xanchor: "left", xshift: LABEL_GAP, yref: "paper", y: 1, yanchor: "top" },
    // White, where it lies on a reference level.
    ...{ showarrow: false, font: { color }, bgcolor: "#FFFFFF", borderpad: 3 },
  }));
  return { shapes, annotations } as Required<Pick<Layout, "shapes" | "annotations">>;
}

/**
 * Draws lines over a common axis; each is labelled where it ends, instead of in a legend, or beside another of its points
 * if another line or a band is there.
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
 * @param inputs Title, lines, scales and names of the axes, reference levels and events.
 * @returns The figure.
 * @throws {TypeError} If there is no line, or one has no points, or its numbers of x and y coordinates differ.
 * @throws {RangeError} If a number is NaN or infinite, or not above 0 on a logarithmic scale.
 */
export function lineChart(inputs: LineChartInputs): Figure {
  const { title, xTitle, yTitle, xScale = "linear", yScale = "linear" } = inputs;
  const { levels = [], events = [] } = inputs;
  if (inputs.lines.length === 0) {
    throw new TypeError("Cannot draw lines: wanted at least 1, got 0");
  }
  const lines = inputs.lines.map((line) => completed(line, xScale, yScale));
  const [first, last] = xRangeOf(lines);
  const references = levels.map(({ name, y }) =>
    completed({ name, x: [first, last], y: [y, y] }, xScale, yScale)
  );
  const [bottom, top] = rangeOf(yScale, [...lines, ...references]);
  const height = HEIGHT - MARGIN.t - MARGIN.b;
  const shareOf = (x: number) =>
    first === last ? 1 : (onScale(xScale, x) - onScale(xScale, first)) /
      (onScale(xScale, last) - onScale(xScale, first));
  const inPanel = (x: number, y: number): Point => ({
    x: shareOf(x),
    y: (onScale(yScale, y) - bottom) / (top - bottom),
  });
  const paths = [...lines, ...references].map((line) => pathsOf(line, inPanel));
  const ends = [...lines, ...references].map(({ name }, k): PanelEnd => {
    const { x, y } = paths[k][0].at(-1)!;
    const { color } = k < lines.length ? lineStyle(k) : LEVEL_STYLE;
    return { name, color, height: height * y, share: x };
  });
  const r = rightMargin(ends);
  const panel = {
    ...{ width: FIGURE_WIDTH - MARGIN.l - r, height },
    points: paths.flat().flatMap(sampled),
  };
  const marks = eventMarks(events, xScale);
  return addTitleMargin(makeFigure({
    title,
    description: describe(inputs),
    data: [
      ...lines.flatMap((line, k) => bandTraces(line, lineStyle(k), xScale)),
      ...references.map((level) => lineTrace(level, LEVEL_STYLE, xScale)),
      ...lines.map((line, k) => lineTrace(line, lineStyle(k), xScale)),
    ],
    xTitle,
    yTitle,
    layout: {
      height: HEIGHT,
      margin: { ...MARGIN, r },
      xaxis: {
        type: xScale,
        showline: true,
        linecolor: "#888888",
        ...decadeTicks(xScale) as object,
      },
      yaxis: { type: yScale, range: [bottom, top], ...decadeTicks(yScale, top - bottom) },
      annotations: [...labelsOf(ends, paths.map(([line]) => line), panel), ...marks.annotations],
      ...(events.length > 0 && { shapes: marks.shapes }),
    },
  }));
}

/** Where lines begin and end, and where levels and events are. */
function describe({ xTitle, yTitle, lines, levels = [], events = [] }: LineChartInputs): string {
  const round = (value: number) => roundSignificant(value, 3);
  const ranges = lines.map(({ name, y }) =>
    `${name} from ${round(y[0])} to ${round(y[y.length - 1])}`
  );
  return [
    `Lines of ${yTitle} over ${xTitle}: ${ranges.join("; ")}.`,
    ...levels.map(({ name, y }) => `Reference level: ${name} at ${round(y)}.`),
    ...events.map(({ name, x }) => `Event: ${name} at ${round(x)}.`),
  ].join(" ");
}
