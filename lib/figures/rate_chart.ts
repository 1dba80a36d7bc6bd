/**
 * Success rates with their confidence intervals.
 *
 * @module
 */
import { type Data, type Figure, type Layout, makeFigure, PALETTE } from "./figure.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

/** The success rate of one method. */
export interface Rate {
  /** Its label, at the left. */
  readonly name: string;
  readonly successes: number;
  readonly trials: number;
  /** Confidence interval of the rate, between 0 and 1. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Whether to draw a hollow dot, for a less important rate; false by default. */
  readonly hollow?: boolean;
}

/** The content of the chart. */
export interface RateChartInputs {
  /** The claim that the chart makes. */
  readonly title: string;
  /** The rates, from the top down. */
  readonly rates: readonly Rate[];
  /** Name of the successes. */
  readonly xTitle: string;
}

/** Heights in pixels: from one row to the next, above the panel, below it. */
const [ROW, ABOVE, BELOW] = [27, 66, 60];

function checkRates(rates: readonly Rate[]): void {
  if (rates.length === 0) throw new TypeError("Cannot draw rates: wanted at least 1, got none");
  for (const { name, successes, trials, interval: { low, high } } of rates) {
    const rate = successes / trials;
    if (low >= 0 && low <= rate && rate <= high && high <= 1) continue;
    throw new RangeError(
      `Cannot draw the rate "${name}": wanted 0 ≤ low ≤ rate ≤ high ≤ 1, ` +
        `got ${low}, ${successes} of ${trials}, ${high}`,
    );
  }
}

const percent = (share: number) => roundDecimals(100 * share, 1);
const counted = ({ successes, trials }: Rate) => `${successes} of ${trials}`;

function dots(rates: readonly Rate[]): Data {
  const x = rates.map(({ successes, trials }) => percent(successes / trials));
  return {
    type: "scatter",
    mode: "markers",
    x,
    y: rates.map((_, k) => k),
    error_x: {
      type: "data",
      symmetric: false,
      array: rates.map(({ interval }, k) => roundDecimals(percent(interval.high) - x[k], 1)),
      arrayminus: rates.map(({ interval }, k) => roundDecimals(x[k] - percent(interval.low), 1)),
      color: PALETTE.blue,
      thickness: 2,
      width: 5,
    },
    marker: {
      color: rates.map(({ hollow }) => hollow ? "#FFFFFF" : PALETTE.blue),
      size: 11,
      line: { color: PALETTE.blue, width: 2 },
    },
    showlegend: false,
  } as Data;
}

/** The count of each row, right of the panel. */
function counts(rates: readonly Rate[]): Layout["annotations"] {
  return rates.map((rate, k) => ({
    text: counted(rate),
    xref: "paper",
    x: 1,
    xanchor: "left",
    xshift: 10,
    y: k,
    yanchor: "middle",
    showarrow: false,
  })) as Layout["annotations"];
}

/**
 * Draws rates as dots, each with its interval and its count; labels are at the left, so that they may be long.
 *
 * @example Two of three, with a wide interval.
 * ```ts
 * import { rateChart } from "@/figures/rate_chart.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const interval = { low: 0.21, high: 0.94 };
 * const figure = rateChart({
 *   title: "Three trials leave a wide interval",
 *   rates: [{ name: "first try", successes: 2, trials: 3, interval }],
 *   xTitle: "seeds that succeed (%)",
 * });
 * assertEquals(
 *   figure.description,
 *   "Dots with intervals, seeds that succeed (%): first try 2 of 3 (21 to 94).",
 * );
 * ```
 * @param inputs Title, rates, and the name of the successes.
 * @returns The figure.
 * @throws {TypeError} If there is no rate.
 * @throws {RangeError} If a rate is outside its interval, or the interval outside 0 to 1.
 */
export function rateChart({ title, rates, xTitle }: RateChartInputs): Figure {
  checkRates(rates);
  const words = rates.map((rate) => {
    const [low, high] = [rate.interval.low, rate.interval.high].map((x) =>
      formatNumber(100 * x, 0)
    );
    return `${rate.name} ${counted(rate)} (${low} to ${high})`;
  });
  const widest = (texts: readonly string[]) =>
    Math.max(...texts.map((text) => textWidth(text, 13)));
  const names = rates.map(({ name }) => name);
  return addTitleMargin(makeFigure({
    title,
    description: `Dots with intervals, ${xTitle}: ${words.join("; ")}.`,
    data: [dots(rates)],
    xTitle,
    layout: {
      height: ABOVE + BELOW + ROW * rates.length,
      margin: { t: ABOVE, b: BELOW, l: 24 + widest(names), r: 24 + widest(rates.map(counted)) },
      annotations: counts(rates),
      xaxis: { range: [-4, 104], dtick: 20 },
      yaxis: {
        range: [rates.length - 0.5, -0.5],
        tickvals: rates.map((_, k) => k),
        ticktext: [...names],
      },
    },
  }));
}
