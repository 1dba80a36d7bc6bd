/**
 * The growth of a cost with a size, on two logarithmic scales: a power is a straight line whose slope is the exponent.
 *
 * @module
 */
import { endLabels, type LineEnd } from "@/figures/parts/plot_labels.ts";
import { type Data, type Figure, makeFigure } from "./figure.ts";
import { lineStyle } from "@/figures/parts/lines.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { roundSignificant } from "@/figures/parts/number_text.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

/** One series of measurements. */
export interface Growth {
  /** Name of the series. */
  readonly name: string;
  /** The sizes, ascending, at least two, all above 0. */
  readonly x: readonly number[];
  /** The measurement at each size, above 0. */
  readonly y: readonly number[];
  /** Index of its line style; its position in the list if left out. */
  readonly style?: number;
}

/** The content of the chart. */
export interface GrowthChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** The series. */
  readonly series: readonly Growth[];
  /** Size up to which a series that ends earlier is extrapolated by its slope. */
  readonly until: number;
  /** Name and unit of the size. */
  readonly xTitle: string;
  /** Name and unit of the measurements. */
  readonly yTitle: string;
}

const MARGIN = { l: 76, t: 56, b: 56 };
const HEIGHT = 420;
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x"] as const;

/**
 * Finds the slope at the end of a series: the exponent of the power of x through its last measurement and the last one
 * at a size at least ten times smaller, or the first one if there is none.
 *
 * log(y_n / y_k) / log(x_n / x_k)
 *
 * @example Squares: twice the size, four times the measurement.
 * ```ts
 * import { growthSlope } from "@/figures/growth_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(growthSlope({ name: "squares", x: [1, 2, 4], y: [1, 4, 16] }), 2);
 * ```
 * @param growth The series.
 * @returns The exponent.
 * @throws {TypeError} If there are fewer than two measurements, or not one for each size.
 * @throws {RangeError} If a number is not finite and above 0, or the sizes are not ascending.
 */
export function growthSlope(growth: Growth): number {
  checkGrowth(growth);
  const { x, y } = growth, n = x.length - 1;
  const k = Math.max(0, x.findLastIndex((size) => 10 * size <= x[n]));
  return Math.log(y[n] / y[k]) / Math.log(x[n] / x[k]);
}

function checkGrowth({ name, x, y }: Growth): void {
  if (x.length < 2 || x.length !== y.length) {
    throw new TypeError(
      `Cannot draw the growth of ${name}: wanted at least 2 sizes and a measurement for each, ` +
        `got ${x.length} and ${y.length}`,
    );
  }
  const wrong = [...x, ...y].find((number) => !(number > 0 && number < Infinity));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot draw the growth of ${name}: wanted numbers above 0, got ${wrong}`);
  }
  const back = x.findIndex((size, k) => k > 0 && size <= x[k - 1]);
  if (back > 0) {
    throw new RangeError(
      `Cannot draw the growth of ${name}: wanted ascending sizes, got ${x[back]} after ${
        x[back - 1]
      }`,
    );
  }
}

/** Value of the series at `until`, extrapolated by its slope if it ends earlier. */
function endOf(growth: Growth, until: number): number {
  const last = growth.x.length - 1;
  if (growth.x[last] >= until) return growth.y[last];
  return growth.y[last] * (until / growth.x[last]) ** growthSlope(growth);
}

function traces(growth: Growth, style: number, until: number): Data[] {
  const { name, x, y } = growth, { color } = lineStyle(style), last = x.length - 1;
  const common = { type: "scatter", showlegend: false } as const;
  const measured: Data = {
    ...common,
    mode: "lines+markers",
    name,
    x: [...x],
    y: y.map((number) => roundSignificant(number)),
    line: { color, width: 2.5 },
    marker: { color, size: 8, symbol: SYMBOLS[style % SYMBOLS.length] },
  };
  if (x[last] >= until) return [measured];
  return [measured, {
    ...common,
    mode: "lines",
    name: `${name}, continued`,
    x: [x[last], until],
    y: [roundSignificant(y[last]), roundSignificant(endOf(growth, until))],
    line: { color, width: 1.5, dash: "dot" },
  }];
}

function nameWithSlope(growth: Growth): string {
  return `${growth.name}: slope ${growthSlope(growth).toFixed(1).replace("-", "−")}`;
}

function inWords(growth: Growth): string {
  const { x, y } = growth, last = x.length - 1;
  const [first, final] = [y[0], y[last]].map((number) => roundSignificant(number, 3));
  return `${nameWithSlope(growth)}, ${first} at ${x[0]} and ${final} at ${x[last]}`;
}

/** Base-10 logarithms of the smallest and the largest number, with some padding. */
function rangeOf(numbers: readonly number[]): [number, number] {
  const powers = numbers.map(Math.log10), low = Math.min(...powers), high = Math.max(...powers);
  const padding = 0.05 * (high - low || 1);
  return [low - padding, high + padding];
}

/**
 * Draws measurements against sizes, both on logarithmic scales. A series that ends early is continued by a dotted line
 * with the slope of its last decade, and each line is labelled at its end with its name and slope.
 *
 * @example A quadratic cost overtakes a linear one; both are labelled with their slopes.
 * ```ts
 * import { growthChart } from "@/figures/growth_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = growthChart({
 *   title: "The square overtakes",
 *   series: [
 *     { name: "linear", x: [1, 10, 100], y: [5, 50, 500] },
 *     { name: "square", x: [1, 10], y: [1, 100] },
 *   ],
 *   until: 100,
 *   xTitle: "size",
 *   yTitle: "cost",
 * });
 * const names = figure.layout.annotations?.map(({ text }) => text);
 * assertEquals(names, ["linear: slope 1.0", "square: slope 2.0"]);
 * ```
 * @param inputs Title, series, and names of the axes.
 * @returns The figure.
 * @throws {TypeError} If there is no series, or one with fewer than two measurements, or not one for each size.
 * @throws {RangeError} If a number is not finite and above 0, or the sizes are not ascending.
 */
export function growthChart(inputs: GrowthChartInputs): Figure {
  const { title, series, until, xTitle, yTitle } = inputs;
  if (series.length === 0) {
    throw new TypeError("Cannot draw growth: wanted at least 1 series, got 0");
  }
  const names = series.map(nameWithSlope);
  const data = series.flatMap((growth, k) => traces(growth, growth.style ?? k, until));
  const drawn = data as { x: number[]; y: number[] }[];
  const [bottom, top] = rangeOf(drawn.flatMap(({ y }) => y));
  const height = HEIGHT - MARGIN.t - MARGIN.b;
  const ends = series.map((growth, k): LineEnd => {
    const share = (Math.log10(endOf(growth, until)) - bottom) / (top - bottom);
    const { color } = lineStyle(growth.style ?? k);
    return { name: names[k], color, height: height * share };
  });
  const scale = { type: "log", exponentformat: "power", dtick: 1, tickfont: { size: 11 } } as const;
  return addTitleMargin(makeFigure({
    title,
    description: `Growth of ${yTitle} with ${xTitle}: ${series.map(inWords).join("; ")}.`,
    data,
    xTitle,
    yTitle,
    layout: {
      height: HEIGHT,
      margin: { ...MARGIN, r: 20 + Math.max(...names.map((name) => textWidth(name, 13))) },
      xaxis: { ...scale, range: rangeOf(drawn.flatMap(({ x }) => x)) },
      yaxis: { ...scale, range: [bottom, top] },
      annotations: endLabels(ends, { x: 1, height, yaxis: "y" }),
    },
  }));
}
