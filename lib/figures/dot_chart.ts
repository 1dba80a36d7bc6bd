/**
 * Dot charts: every run as a dot, in groups side by side, with a line at the median of each group.
 *
 * @module
 */
import { type Data, type Figure, FIGURE_WIDTH, makeFigure, PALETTE } from "./figure.ts";
import type { LineChartInputs } from "./line_chart.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { wrapText } from "@/figures/parts/text_width.ts";

/** A group of runs. */
export interface DotGroup {
  /** Label below the group. */
  readonly name: string;
  /** Result of each run. */
  readonly values: readonly number[];
}

/** The content of the chart. */
export interface DotChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** The groups, from left to right. */
  readonly groups: readonly DotGroup[];
  /** Name of the quantity that differs between groups. */
  readonly xTitle: string;
  /** Name and unit of the results. */
  readonly yTitle: string;
  /** "log" for a logarithmic y axis. */
  readonly yScale?: "linear" | "log";
  /** Results to compare with, such as that of a network that knows nothing. */
  readonly levels?: LineChartInputs["levels"];
}

/** Half the width of a group, where the distance between groups is 1. */
const HALF = 0.3;

/** Horizontal offsets of n dots, such that consecutive dots are far apart. */
function offsets(n: number): number[] {
  return Array.from({ length: n }, (_, i) => n === 1 ? 0 : HALF * (2 * ((i * 0.618034) % 1) - 1));
}

/** Ticks of a logarithmic axis: each level, and 1, 2, 5 times each power of ten, or 1 alone if there are many powers. */
function logTicks(
  groups: readonly DotGroup[],
  levels: readonly { readonly y: number }[],
): { tickvals: number[]; ticktext: string[] } {
  const powers = groups.flatMap(({ values }) => values.map(Math.log10)).map(Math.floor);
  const [lowest, highest] = [Math.min(...powers), Math.max(...powers)];
  const steps = highest - lowest > 2 ? [1] : [1, 2, 5];
  const exponents = Array.from({ length: highest - lowest + 2 }, (_, k) => lowest + k);
  const regular = exponents.flatMap((k) => steps.map((step) => Number(`${step}e${k}`)));
  const tickvals = [...new Set([...regular, ...levels.map(({ y }) => y)])].sort((a, b) => a - b);
  return { tickvals, ticktext: tickvals.map((tick) => formatNumber(tick, 9)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function dots({ name, values }: DotGroup, centre: number): Data {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: offsets(values.length).map((offset) => roundDecimals(centre + offset)),
    y: [...values],
    marker: { color: PALETTE.sky, size: 8, line: { color: PALETTE.blue, width: 1 } },
    showlegend: false,
  };
}

function medians(groups: readonly DotGroup[]): Data {
  return {
    type: "scatter",
    mode: "lines",
    name: "median",
    x: groups.flatMap((_, k) => [k - HALF, k + HALF, null]),
    y: groups.flatMap(({ values }) => [median(values), median(values), null]),
    line: { color: PALETTE.vermilion, width: 3 },
    hoverinfo: "skip",
    showlegend: true,
  };
}

/** The width of all groups on the x axis. */
const acrossGroups = (count: number): [number, number] => [-0.6, count - 0.4];

/** Lines across all groups, named in the legend. */
function levelLines(levels: NonNullable<DotChartInputs["levels"]>, groups: number): Data[] {
  return levels.map(({ name, y }) => ({
    type: "scatter",
    mode: "lines",
    name: `${name}: ${formatNumber(y, 4)}`,
    x: acrossGroups(groups),
    y: [y, y],
    line: { color: "#666666", dash: "dot", width: 1.5 },
    hoverinfo: "skip",
    showlegend: true,
  }));
}

/** Height above the panel with a title of one line, in pixels. */
const TOP = 66;
/** Pixels left and right of the panel, and between the names of two groups. */
const [SIDES, BETWEEN] = [88, 12];
/** Pixels below the panel if all names have one line, and for each further line; the font size of the names. */
const [BOTTOM, LINE, SIZE] = [56, 16, 13];

/**
 * Draws every run as a dot, which shows the differences between runs that a mean hides.
 *
 * @example Two groups; the median of the second lies between its two middle values.
 * ```ts
 * import { dotChart } from "@/figures/dot_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = dotChart({
 *   title: "More units, fewer mistakes",
 *   groups: [{ name: "2", values: [5, 9, 7] }, { name: "4", values: [1, 2, 4, 8] }],
 *   xTitle: "hidden units",
 *   yTitle: "mistakes",
 * });
 * assertEquals(figure.layout.xaxis?.ticktext, ["2", "4"]);
 * assertEquals(
 *   figure.description,
 *   "Dots of mistakes for each hidden units: 2: 5 to 9, median 7; 4: 1 to 8, median 3.",
 * );
 * ```
 * @param inputs Title, groups, names of the axes, and reference levels.
 * @returns The figure.
 * @throws {TypeError} If there is no group, or a group has no values.
 * @throws {RangeError} If the scale is logarithmic and a value is not above 0.
 */
export function dotChart(inputs: DotChartInputs): Figure {
  const { title, groups, xTitle, yTitle, yScale = "linear", levels = [] } = inputs;
  if (groups.length === 0 || groups.some(({ values }) => values.length === 0)) {
    throw new TypeError("Cannot draw dots: wanted at least 1 value in at least 1 group, got none");
  }
  if (yScale === "log" && !groups.every(({ values }) => values.every((value) => value > 0))) {
    throw new RangeError(
      "Cannot draw dots: wanted values above 0 for a logarithmic scale, got one of 0 or less",
    );
  }
  const words = groups.map(({ name, values }) => {
    const [least, most] = [Math.min(...values), Math.max(...values)].map((x) => formatNumber(x, 4));
    return `${name}: ${least} to ${most}, median ${formatNumber(median(values), 4)}`;
  });
  const names = groups.map(({ name }) =>
    wrapText(name, (FIGURE_WIDTH - SIDES) / groups.length - BETWEEN, SIZE)
  );
  const lines = Math.max(...names.map((name) => name.split("<br>").length));
  const references = levels.map(({ name, y }) =>
    ` Reference level: ${name} at ${formatNumber(y, 4)}.`
  );
  return addTitleMargin(makeFigure({
    title,
    description: `Dots of ${yTitle} for each ${xTitle}: ${words.join("; ")}.${references.join("")}`,
    data: [...groups.map(dots), medians(groups), ...levelLines(levels, groups.length)],
    xTitle,
    yTitle,
    layout: {
      margin: { t: TOP, b: BOTTOM + LINE * (lines - 1) },
      xaxis: {
        tickvals: groups.map((_, k) => k),
        ticktext: names,
        tickangle: 0,
        range: acrossGroups(groups.length),
        showgrid: false,
      },
      yaxis: yScale === "log" ? { type: "log", ...logTicks(groups, levels) } : { type: "linear" },
      legend: { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" },
    },
  }));
}
