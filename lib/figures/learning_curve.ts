/**
 * How an error falls over training, for one or more runs.
 *
 * @module
 */
import { tint } from "./colours.ts";
import { endLabels, type LineEnd } from "./end_labels.ts";
import { type Data, type Figure, type Layout, makeFigure } from "./figure.ts";
import { type LineStyle, lineStyle } from "./line_styles.ts";
import { significant } from "./rounding.ts";
import { textWidth } from "./text_width.ts";
import { thinned } from "./thinning.ts";

/** The errors of one kind of run. */
export interface Curve {
  /** What it is called; written at its right end. */
  readonly name: string;
  /** The error, or its median over seeds. */
  readonly errors: readonly number[];
  /** At which iterations; 0, 1, 2 … if left out. */
  readonly iterations?: readonly number[];
  /** The spread over seeds, drawn as a band: as many numbers as `errors`. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** What the figure shows. */
export interface LearningCurveInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The curves. */
  readonly curves: readonly Curve[];
  /** Name and unit of what the curves show; "error" if left out. */
  readonly yTitle?: string;
  /** Name of what training is counted in; "iteration" if left out. */
  readonly xTitle?: string;
  /** "log" for powers of ten. */
  readonly xScale?: "linear" | "log";
  /** "log" for powers of ten. */
  readonly yScale?: "linear" | "log";
}

/** Points drawn of each curve, at most. */
const POINTS = 400;
const MARGIN = { l: 76, t: 56, b: 56 };
const HEIGHT = 400;

type Scale = "linear" | "log";

/** A curve with what it may leave out put in. */
interface FullCurve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function onScale(scale: Scale, value: number): number {
  return scale === "log" ? Math.log10(value) : value;
}

function checkScale(name: string, what: string, scale: Scale, values: readonly number[]): void {
  const wrong = values.find((value) => !Number.isFinite(onScale(scale, value)));
  if (wrong === undefined) return;
  const wanted = scale === "log" ? "above 0 (for a logarithmic scale)" : "that are finite";
  throw new RangeError(`Cannot draw the curve "${name}": wanted ${what} ${wanted}, got ${wrong}`);
}

function completed(curve: Curve, xScale: Scale, yScale: Scale): FullCurve {
  const { name, errors } = curve;
  const full = {
    name,
    x: curve.iterations ?? errors.map((_, k) => k),
    y: errors,
    low: curve.band?.low ?? errors,
    high: curve.band?.high ?? errors,
  };
  for (const numbers of [full.x, full.low, full.high]) {
    if (errors.length === 0 || numbers.length !== errors.length) {
      throw new TypeError(
        `Cannot draw the curve "${name}": wanted as many iterations and bounds as errors ` +
          `and at least 1, got ${numbers.length} and ${errors.length}`,
      );
    }
  }
  checkScale(name, "iterations", xScale, full.x);
  checkScale(name, "errors", yScale, [...errors, ...full.low, ...full.high]);
  return full;
}

/** The curve, and its band below it if it has any width. */
function traces(curve: FullCurve, style: LineStyle, xScale: Scale): Data[] {
  const { name, y, low, high } = curve;
  const chosen = thinned(y, POINTS, curve.x.map((x) => onScale(xScale, x)));
  const pick = (numbers: readonly number[]) => chosen.map((k) => significant(numbers[k]));
  const x = chosen.map((k) => curve.x[k]);
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

/** A little more than the data, in the axis's own unit; a linear scale starts at 0. */
function rangeOf(scale: Scale, curves: readonly FullCurve[]): [number, number] {
  const all = curves.flatMap(({ low, high }) => [...low, ...high]);
  const [low, high] = all.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [all[0], all[0]],
  ).map((value) => onScale(scale, value));
  const bottom = scale === "linear" ? Math.min(0, low) : low;
  const room = 0.05 * (high - bottom || 1);
  return [bottom === 0 ? 0 : bottom - room, high + room];
}

/** Powers of ten alone are named; Plotly writes powers a quarter larger than it is told. */
function decades(scale: Scale): Layout["yaxis"] {
  return scale === "log" ? { exponentformat: "power", dtick: 1, tickfont: { size: 11 } } : {};
}

/**
 * Draws errors over the iterations of training; each curve is named where it ends.
 *
 * Curves differ by dashes as well as by colour; a curve of many points is drawn with at most 400 of them, spikes kept.
 *
 * @example The name of the curve is written at its end.
 * ```ts
 * import { learningCurve } from "@/figures/learning_curve.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const figure = learningCurve({
 *   title: "The error halves at every iteration",
 *   curves: [{ name: "seed 1", errors: [1, 0.5, 0.25] }],
 *   yScale: "log",
 * });
 * assertEquals(figure.layout.annotations?.[0].text, "seed 1");
 * assertStringIncludes(figure.description, "seed 1 from 1 to 0.25");
 * ```
 * @param inputs Title, curves, scales and names of the axes.
 * @returns The figure.
 * @throws {TypeError} If there is no curve, or one without points, or with more or fewer iterations than errors.
 * @throws {RangeError} If a number is NaN or infinite, or not above 0 where the scale is logarithmic.
 */
export function learningCurve(inputs: LearningCurveInputs): Figure {
  const { title, yTitle = "error", xTitle = "iteration" } = inputs;
  const { xScale = "linear", yScale = "linear" } = inputs;
  if (inputs.curves.length === 0) {
    throw new TypeError("Cannot draw learning curves: wanted at least 1, got 0");
  }
  const curves = inputs.curves.map((curve) => completed(curve, xScale, yScale));
  const [bottom, top] = rangeOf(yScale, curves);
  const height = HEIGHT - MARGIN.t - MARGIN.b;
  const ends = curves.map(({ name, y }, k): LineEnd => ({
    name,
    color: lineStyle(k).color,
    height: (height * (onScale(yScale, y[y.length - 1]) - bottom)) / (top - bottom),
  }));
  const longest = Math.max(...curves.map(({ name }) => textWidth(name, 13)));
  const falls = curves.map(({ name, y }) =>
    `${name} from ${significant(y[0], 3)} to ${significant(y[y.length - 1], 3)}`
  );
  return makeFigure({
    title,
    description: `Lines of ${yTitle} over ${xTitle}: ${falls.join("; ")}.`,
    data: curves.flatMap((curve, k) => traces(curve, lineStyle(k), xScale)),
    xTitle,
    yTitle,
    layout: {
      height: HEIGHT,
      margin: { ...MARGIN, r: 20 + longest },
      xaxis: { type: xScale, showline: true, linecolor: "#888888", ...decades(xScale) as object },
      yaxis: { type: yScale, range: [bottom, top], ...decades(yScale) },
      annotations: endLabels(ends, { x: 1, height, yaxis: "y" }),
    },
  });
}
