/**
 * Learning curves: errors over training, for one or more runs.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { type Line, lineChart, type LineChartInputs } from "./line_chart.ts";

/** One learning curve. */
export interface Curve {
  /** Its label, at its right end. */
  readonly name: string;
  /** The error, or its median over seeds. */
  readonly errors: readonly number[];
  /** The iteration of each error; 0, 1, 2 … if left out. */
  readonly iterations?: readonly number[];
  /** The range over seeds, drawn as a band: as many numbers as `errors`. */
  readonly band?: Line["band"];
}

/** The content of the figure. */
export interface LearningCurveInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The curves. */
  readonly curves: readonly Curve[];
  /** Name and unit of the y axis; "error" if left out. */
  readonly yTitle?: string;
  /** Name of the x axis; "iteration" if left out. */
  readonly xTitle?: string;
  /** "log" for a logarithmic x axis. */
  readonly xScale?: "linear" | "log";
  /** "log" for a logarithmic y axis. */
  readonly yScale?: "linear" | "log";
  /** Errors to compare with, such as that of a network that knows nothing. */
  readonly levels?: LineChartInputs["levels"];
}

/**
 * Draws errors over the iterations of training, with {@linkcode lineChart}.
 *
 * @example The curve is labelled at its end.
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
 * @throws {TypeError} If there is no curve, or one has no points, or its numbers of iterations and errors differ.
 * @throws {RangeError} If a number is NaN or infinite, or not above 0 on a logarithmic scale.
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
