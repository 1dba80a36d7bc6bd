/**
 * What learned pops and pushes have come to: a summary, pictures, success or not.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import { controlsOverTraining } from "@/figures/controls_over_training.ts";
import type { Figure } from "@/figures/figure.ts";
import { learningCurve } from "@/figures/learning_curve.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import type { Vector } from "@/math/shapes.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import type { Controls } from "@/models/controls_gradient.ts";
import { valueReversal } from "@/tasks/value_reversal.ts";
import type { Metrics, Outcome } from "../experiment.ts";

/** A run at its end. */
export interface ControlsEnd {
  /** The sequence to reverse, n. */
  readonly sequence: Vector;
  /** What was learned. */
  readonly controls: Controls;
  /** Whether the sequence came back reversed. */
  readonly success: boolean;
  /** What was measured, `pops` and `pushes` among it. */
  readonly history: readonly Metrics[];
}

/** Squared rounding errors are smaller than this; a logarithm needs more than 0. */
const LEAST_ERROR = 1e-32;
/** As many steps as can be told apart in a picture. */
const MOST_STEPS = 12;

/**
 * Sums up a run.
 *
 * @param end What was learned, and how.
 * @returns Summary, verdict, pictures and parameters.
 */
export function controlsOutcome(end: ControlsEnd): Outcome {
  const { sequence, controls, success, history } = end;
  const { values, targets } = valueReversal(sequence.map((value) => [value]));
  const trace = runStack({ values, ...controls });
  const learned = trace.reads.slice(-targets.length);
  const few = trace.pops.length <= MOST_STEPS;
  return {
    lines: [
      row("true sequence", targets.map(([value]) => value)),
      row("learned sequence", learned.map(([value]) => value)),
      "",
      row("step", trace.pops.map((_, t) => t + 1), 0),
      row("learned pop u", trace.pops),
      row("learned push d", trace.pushes),
      "",
      `random starts     ${history[history.length - 1].start}`,
    ],
    success,
    figures: [errorCurve(history), ...(few ? [controlPaths(history), finalStack(end, trace)] : [])],
    parameters: { pops: controls.pops, pushes: controls.pushes },
  };
}

function row(name: string, numbers: Vector, digits = 4): string {
  return name.padEnd(16) + numbers.map((number) => number.toFixed(digits).padStart(9)).join("");
}

function errorCurve(history: readonly Metrics[]): Figure {
  const errors = history.map(({ error }) => Math.max(error, LEAST_ERROR));
  const [first, last] = [errors[0], errors[errors.length - 1]];
  return learningCurve({
    title: `The error goes from ${first.toPrecision(2)} to ${last.toPrecision(2)}`,
    curves: [{ name: "error", errors, iterations: history.map(({ iteration }) => iteration) }],
    yTitle: "error (half the sum of squares)",
    yScale: "log",
  });
}

function controlPaths(history: readonly Metrics[]): Figure {
  return controlsOverTraining({
    title: "How pops and pushes moved while they were learned",
    pops: history.map(({ pops }) => [...pops as Vector]),
    pushes: history.map(({ pushes }) => [...pushes as Vector]),
    iterations: history.map(({ iteration }) => iteration),
  });
}

function finalStack({ sequence, success }: ControlsEnd, trace: StackTrace): Figure {
  return stackPicture({
    title: success
      ? "The learned stack gives the sequence back in reverse"
      : "The learned stack does not give the sequence back in reverse",
    trace,
    names: trace.values.map(([value], t) =>
      t < sequence.length ? String(Number(value.toPrecision(4))) : "blank"
    ),
  });
}
