/**
 * A bar chart with one or two bars for each category.
 *
 * @module
 */
import { type Data, type Figure, makeFigure, PALETTE } from "./figure.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { formatNumber } from "@/figures/parts/number_text.ts";

/** One series of bars. */
export interface BarSeries {
  /** Name of the series, for the legend. */
  readonly name: string;
  /** Height of each bar, one for each category. */
  readonly values: readonly number[];
}

/** The content of the chart. */
export interface BarChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** Label below each category, from left to right. */
  readonly names: readonly string[];
  /** One or two series; they differ in colour and in hatching. */
  readonly series: readonly BarSeries[];
  /** Name of the categories. */
  readonly xTitle: string;
  /** Name and unit of the bars' height. */
  readonly yTitle: string;
}

const STYLES = [{ color: PALETTE.blue, shape: "" }, { color: PALETTE.orange, shape: "/" }] as const;

function checkSeries({ names, series }: BarChartInputs): void {
  if (series.length < 1 || series.length > STYLES.length) {
    throw new RangeError(
      `Cannot draw bars: wanted 1 to ${STYLES.length} series, got ${series.length}`,
    );
  }
  for (const { name, values } of series) {
    if (values.length !== names.length || names.length === 0) {
      throw new TypeError(
        `Cannot draw the bars "${name}": wanted 1 for each of ${names.length} names, got ${values.length}`,
      );
    }
  }
}

/** Height above the panel with a title of one line, in pixels. */
const TOP = 66;

/**
 * Draws one or two bars for each category.
 *
 * @example Two categories, one bar each.
 * ```ts
 * import { barChart } from "@/figures/bar_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = barChart({
 *   title: "The second is twice the first",
 *   names: ["a", "b"],
 *   series: [{ name: "size", values: [1, 2] }],
 *   xTitle: "thing",
 *   yTitle: "size, in metres",
 * });
 * assertEquals(figure.description, "Bars of size, in metres: size: a 1, b 2.");
 * ```
 * @param inputs Title, categories, series, and names of the axes.
 * @returns The figure.
 * @throws {RangeError} If there is no series, or more than two.
 * @throws {TypeError} If there is no category, or a series does not have one bar for each.
 */
export function barChart(inputs: BarChartInputs): Figure {
  checkSeries(inputs);
  const { title, names, series, xTitle, yTitle } = inputs;
  const words = series.map(({ name, values }) =>
    `${name}: ${
      names.map((below, i) => `${below.replaceAll("<br>", " ")} ${formatNumber(values[i], 3)}`)
        .join(", ")
    }`
  );
  return addTitleMargin(makeFigure({
    title,
    description: `Bars of ${yTitle}: ${words.join("; ")}.`,
    data: series.map(({ name, values }, i): Data => ({
      type: "bar",
      name,
      x: names.map((_, k) => k),
      y: [...values],
      marker: { color: STYLES[i].color, pattern: { shape: STYLES[i].shape } },
      showlegend: series.length > 1,
    })),
    xTitle,
    yTitle,
    layout: {
      margin: { t: TOP },
      barmode: "group",
      xaxis: {
        tickvals: names.map((_, k) => k),
        ticktext: [...names],
        showgrid: false,
      },
      legend: { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" },
    },
  }));
}
