/**
 * How an error falls over training, for one or more runs.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { type Line, lineChart } from "./line_chart.ts";

/** The errors of one kind of run. */
export interface Curve {
  /** What it is called; written at its right end. */
  readonly name: string;
  /** The error, or its median over seeds. */
  readonly errors: readonly number[];
  /** At which iterations; 0, 1, 2 … if left out. */
  readonly iterations?: readonly number[];
  /** The spread over seeds, drawn as a band: as many numbers as `errors`. */
  readonly band?: Line["band"];
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

/**
 * Draws errors over the iterations of training, as {@linkcode lineChart} draws lines.
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
  const { curves, yTitle = "error", xTitle = "iteration", ...rest } = inputs;
  const lines = curves.map(({ name, errors, iterations, band }) => ({
    name,
    x: iterations ?? errors.map((_, k) => k),
    y: errors,
    ...(band && { band }),
  }));
  return lineChart({ ...rest, lines, xTitle, yTitle });
}
