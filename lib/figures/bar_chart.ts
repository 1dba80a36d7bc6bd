/**
 * Bars side by side, one or two for each name.
 *
 * @module
 */
import { type Data, type Figure, makeFigure, PALETTE } from "./figure.ts";
import { roomForTitle } from "./room_for_title.ts";
import { numeral } from "./rounding.ts";

/** Bars of one kind. */
export interface BarSeries {
  /** What they show. */
  readonly name: string;
  /** How high they are, one for each name below. */
  readonly values: readonly number[];
}

/** What the chart shows. */
export interface BarChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** What is written below the bars, from left to right. */
  readonly names: readonly string[];
  /** One kind of bar or two; told apart by their hatching as well. */
  readonly series: readonly BarSeries[];
  /** Name of what the names are. */
  readonly xTitle: string;
  /** Name and unit of the bars' height. */
  readonly yTitle: string;
}

const STYLES = [{ color: PALETTE.blue, shape: "" }, { color: PALETTE.orange, shape: "/" }] as const;

function checkSeries({ names, series }: BarChartInputs): void {
  if (series.length < 1 || series.length > STYLES.length) {
    throw new RangeError(
      `Cannot draw bars: wanted 1 to ${STYLES.length} kinds, got ${series.length}`,
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

/** Above the panel, with a title of one line, in pixels. */
const TOP = 56;

/**
 * Draws bars, one or two for each name.
 *
 * @example Two names, one bar each.
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
 * @param inputs Title, names, bars, and what runs along the axes.
 * @returns The figure.
 * @throws {RangeError} If there is no kind of bar, or more than two.
 * @throws {TypeError} If there are not as many bars of a kind as names, or no name.
 */
export function barChart(inputs: BarChartInputs): Figure {
  checkSeries(inputs);
  const { title, names, series, xTitle, yTitle } = inputs;
  const words = series.map(({ name, values }) =>
    `${name}: ${names.map((below, i) => `${below} ${numeral(values[i], 3)}`).join(", ")}`
  );
  return roomForTitle(makeFigure({
    title,
    description: `Bars of ${yTitle}: ${words.join("; ")}.`,
    data: series.map(({ name, values }, i): Data => ({
      type: "bar",
      name,
      x: names.map((_, at) => at),
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
        tickvals: names.map((_, at) => at),
        ticktext: [...names],
        showgrid: false,
      },
      legend: { orientation: "h", x: 0, y: 1, xanchor: "left", yanchor: "bottom" },
    },
  }));
}
