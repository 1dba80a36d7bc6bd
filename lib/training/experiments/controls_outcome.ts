/**
 * What learned pops and pushes have come to: a summary, pictures, success or not.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import { lineChart } from "@/figures/line_chart.ts";
import type { Figure } from "@/figures/figure.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import type { Vector } from "@/math/shapes.ts";
import type { StackTrace } from "@/memory/stack.ts";
import { type Controls, controlsGradient } from "@/models/controls_gradient.ts";
import type { ValueReversal } from "@/tasks/value_reversal.ts";
import type { Metrics, Outcome } from "../experiment.ts";

/** A read is right if it misses by no more than this share of the greatest target. */
const TOLERANCE = 0.01;
/** Squared rounding errors are smaller than this; a logarithm needs more than 0. */
const LEAST_ERROR = 1e-32;
/** As many lines as a line chart can tell apart. */
const MOST_LINES = 8;

/**
 * Sums up a run.
 *
 * @param task What went in, and what should be read.
 * @param controls What was learned.
 * @param history What was measured, `pops` and `pushes` among it.
 * @returns Summary, verdict, pictures and parameters.
 */
export function controlsOutcome(
  task: ValueReversal,
  controls: Controls,
  history: readonly Metrics[],
): Outcome {
  const { trace } = controlsGradient(task, controls);
  const targets = task.targets.map(([target]) => target);
  const learned = trace.reads.slice(-targets.length).map(([read]) => read);
  const greatest = Math.max(...targets.map(Math.abs)) || 1;
  const success = learned.every((read, i) => Math.abs(read - targets[i]) <= TOLERANCE * greatest);
  return {
    lines: [
      row("true sequence", targets),
      row("learned sequence", learned),
      "",
      row("step", trace.pops.map((_, t) => t + 1), 0),
      row("learned pop u", trace.pops),
      row("learned push d", trace.pushes),
    ],
    success,
    figures: [errorCurve(history), ...controlPaths(history), finalStack(trace, success)],
    parameters: { pops: controls.pops, pushes: controls.pushes },
  };
}

function row(name: string, numbers: Vector, digits = 4): string {
  return name.padEnd(16) + numbers.map((number) => number.toFixed(digits).padStart(9)).join("");
}

function errorCurve(history: readonly Metrics[]): Figure {
  const errors = history.map(({ error }) => Math.max(error, LEAST_ERROR));
  const [first, last] = [errors[0], errors[errors.length - 1]];
  return lineChart({
    title: `The error goes from ${first.toPrecision(2)} to ${last.toPrecision(2)}`,
    lines: [{ name: "error", x: history.map(({ iteration }) => iteration), y: errors }],
    xTitle: "iteration",
    yTitle: "error (half the sum of squares)",
    yScale: "log",
  });
}

/** How every pop and every push moved, if there are few enough of them. */
function controlPaths(history: readonly Metrics[]): Figure[] {
  const x = history.map(({ iteration }) => iteration);
  return ([["pops", "u"], ["pushes", "d"]] as const).flatMap(([name, symbol]) => {
    const rows = history.map((metrics) => metrics[name] as Vector);
    const steps = rows[0].length;
    if (steps > MOST_LINES) return [];
    const lines = rows[0].map((_, t) => ({
      name: `${symbol}<sub>${t + 1}</sub>`,
      x,
      y: rows.map((values) => values[t]),
    }));
    const title = `How the ${name} ${symbol} moved while they were learned`;
    return [lineChart({ title, lines, xTitle: "iteration", yTitle: name })];
  });
}

function finalStack(trace: StackTrace, success: boolean): Figure {
  const half = trace.values.length / 2;
  return stackPicture({
    title: success
      ? "The learned stack gives the sequence back in reverse"
      : "The learned stack does not give the sequence back in reverse",
    trace,
    names: trace.values.map(([value], t) => t < half ? String(value) : "blank"),
  });
}
