/**
 * Predicted sequences against their target.
 *
 * `T` steps.
 *
 * @module
 */
import { checkVector, type Vector } from "@/math/shapes.ts";
import { type Data, type Figure, FIGURE_WIDTH, makeFigure, PALETTE } from "./figure.ts";
import { formatNumber, roundDecimals, roundSignificant } from "@/figures/parts/number_text.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** A predicted sequence. */
export interface Prediction {
  /** Its name in the legend, as in "before training". */
  readonly name: string;
  /** `T` numbers. */
  readonly values: Vector;
}

/** The content of the figure. */
export interface SequencesInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The target, `T` numbers. */
  readonly target: Vector;
  /** One to three predictions, drawn side by side at each step. */
  readonly predictions: readonly Prediction[];
  /** Name and unit of the numbers; "value" if left out. */
  readonly yTitle?: string;
}

const MARKS = [
  { symbol: "circle", color: PALETTE.blue },
  { symbol: "diamond", color: PALETTE.vermilion },
  { symbol: "triangle-up", color: PALETTE.green },
] as const;
/** Half the width of a target's bar, in steps. */
const HALF = 0.36;
/** Least width for a number, in pixels. */
const NARROWEST = 34;
const MARGIN = { l: 64, r: 24, t: 84, b: 56 };
const HEIGHT = 380;

/** Horizontal offset of the k-th of n predictions from the step's centre. */
function offset(k: number, n: number): number {
  return n === 1 ? 0 : (k / (n - 1) - 0.5) * HALF;
}

/** One thick bar for each step. */
function targetBars(target: Vector): Data {
  return {
    type: "scatter",
    mode: "lines",
    name: "target",
    x: target.flatMap((_, t) => [roundDecimals(t + 1 - HALF), roundDecimals(t + 1 + HALF), null]),
    y: target.flatMap((value) => [roundSignificant(value), roundSignificant(value), null]),
    line: { color: "#767676", width: 5 },
    hovertemplate: "target %{y}<extra></extra>",
  };
}

/** A marker for each step, and a thin line from the target to it: its length is the error. */
function predictionMarks(inputs: SequencesInputs, k: number): Data[] {
  const { target, predictions } = inputs;
  const { name, values } = predictions[k];
  const { symbol, color } = MARKS[k];
  const x = values.map((_, t) => roundDecimals(t + 1 + offset(k, predictions.length)));
  return [
    {
      type: "scatter",
      mode: "lines",
      name: `${name}, error`,
      x: x.flatMap((x_t) => [x_t, x_t, null]),
      y: values.flatMap((value, t) => [roundSignificant(target[t]), roundSignificant(value), null]),
      line: { color, width: 1.5 },
      hoverinfo: "skip",
      showlegend: false,
    },
    {
      type: "scatter",
      mode: "markers",
      name,
      x,
      y: values.map((value) => roundSignificant(value)),
      marker: { symbol, color, size: 11, line: { color: "#ffffff", width: 1 } },
      hovertemplate: `${name} %{y}<extra></extra>`,
    },
  ];
}

/** The predicted numbers, on the side away from the target. */
function numbers(inputs: SequencesInputs, k: number, unit: number): PlotLabel[] {
  const { target, predictions } = inputs;
  return predictions[k].values.map((value, t) => ({
    x: t + 1 + offset(k, predictions.length),
    y: value + (value < target[t] ? -1 : 1) * (15 / unit),
    text: formatNumber(value),
    colour: MARKS[k].color,
  }));
}

function checkInputs({ target, predictions }: SequencesInputs): void {
  const action = "compare sequences";
  if (target.length === 0) {
    throw new TypeError(`Cannot ${action}: wanted at least 1 step, got 0`);
  }
  if (predictions.length < 1 || predictions.length > MARKS.length) {
    throw new TypeError(
      `Cannot ${action}: wanted 1 to ${MARKS.length} predictions, got ${predictions.length}`,
    );
  }
  checkVector(action, "target numbers", target);
  for (const { name, values } of predictions) {
    checkVector(action, `numbers "${name}"`, values, target.length);
  }
}

/** Range of the data and zero, with space for the numbers. */
function rangeOf({ target, predictions }: SequencesInputs): [number, number] {
  const all = [0, ...target, ...predictions.flatMap(({ values }) => values)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const padding = 0.12 * (high - low || 1);
  return [low - padding, high + padding];
}

/**
 * Draws predictions against their target: the target as bars, each prediction as markers of its own shape, connected to
 * the target by a line as long as the error.
 *
 * @example A prediction that misses the second number.
 * ```ts
 * import { sequences } from "@/figures/sequence_comparison.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { data } = sequences({
 *   title: "The second number is missed by 0.1",
 *   target: [0.3, 0.2],
 *   predictions: [{ name: "learned", values: [0.3, 0.1] }],
 * });
 * const marks = data.find((trace) => trace.name === "learned");
 * assertEquals(marks?.type === "scatter" && marks.y, [0.3, 0.1]);
 * ```
 * @param inputs Title, target and predictions.
 * @returns The figure.
 * @throws {TypeError} If there is no step, no prediction or more than three, or one differs from the target in length.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function sequences(inputs: SequencesInputs): Figure {
  checkInputs(inputs);
  const { title, target, predictions, yTitle = "value" } = inputs;
  const T = target.length;
  const [bottom, top] = rangeOf(inputs);
  const unit = (HEIGHT - MARGIN.t - MARGIN.b) / (top - bottom);
  const width = ((FIGURE_WIDTH - MARGIN.l - MARGIN.r) / T) * (predictions.length === 1 ? 1 : HALF);
  const each = predictions.map((_, k) => k);
  const wanted = target.map((value) => formatNumber(value)).join(", ");
  const got = predictions.map(({ name, values }) =>
    `${name}: ${values.map((value) => formatNumber(value)).join(", ")}`
  );
  return addTitleMargin(makeFigure({
    title,
    description: `Target: ${wanted}. ${got.join(". ")}.`,
    data: [
      targetBars(target),
      ...each.flatMap((k) => predictionMarks(inputs, k)),
      ...(width < NARROWEST
        ? []
        : each.map((k) => plotLabels(numbers(inputs, k, unit), { size: 12 }))),
    ],
    xTitle: "step t",
    yTitle,
    layout: {
      height: HEIGHT,
      margin: MARGIN,
      xaxis: {
        range: [0.5, T + 0.5],
        tick0: 1,
        dtick: Math.ceil(T / 20),
        showgrid: false,
        showline: true,
        linecolor: "#888888",
      },
      yaxis: { range: [bottom, top] },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
    },
  }));
}
