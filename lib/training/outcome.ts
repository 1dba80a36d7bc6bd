/**
 * The outcome of a training: final scores, a table of them, and figures of the training.
 *
 * @module
 */
import { controlRows } from "@/figures/heat_maps.ts";
import type { Figure } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { trainableRegion } from "@/figures/trainable_region.ts";
import type { Stepper } from "@/engine/stepper.ts";
import { portSuffixes } from "@/models/sequence_shape.ts";
import { lengthRangeText } from "@/options/option.ts";
import { metricColumn } from "@/runs/metric_column.ts";
import type { Metrics, Outcome, SetScores } from "@/runs/run.ts";
import { type Scores, scoreText } from "@/tasks/scores.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { Task } from "@/tasks/task.ts";
import { describeAlphabet, hasOwnSymbols, symbolText } from "@/tasks/text.ts";
import { traceDecoding } from "./decoding_trace.ts";
import { type EvaluateSet, type RunPairSet, scoreSets } from "./evaluation.ts";
import type { TrainingPlan } from "./training_plan.ts";

/** A run on a task at its end. */
export interface ScoredTraining {
  readonly task: Pick<Task, "vocabulary">;
  readonly seed: number;
  /** How it was trained. */
  readonly recipe: object;
  /** The sets of the final scores. */
  readonly sets: readonly RunPairSet[];
  /** Scores the best network on a set. */
  readonly evaluate: EvaluateSet;
  /** Strings trained on by the end. */
  readonly strings: number;
  /** What was measured. */
  readonly history: readonly Metrics[];
}

/** A run of the sequence model at its end. */
export interface FinishedTraining
  extends Pick<ScoredTraining, "sets" | "evaluate" | "strings" | "history"> {
  readonly plan: TrainingPlan;
  /** The best network. */
  readonly network: Stepper;
}

/**
 * Scores the best network of a run on the final sets, and summarizes the run.
 *
 * @param finished The run at its end.
 * @param onProgress Receives the share that is done: a large network takes minutes. It may throw in order to stop.
 * @returns Table and the characters of a small alphabet, success, figures of the loss and of the scores. A success is an exact
 * match on every pair of every set.
 */
export function scoredOutcome(
  { task: { vocabulary }, seed, recipe, sets, evaluate, strings, history }: ScoredTraining,
  onProgress: (share: number) => void = () => {},
): Outcome {
  const found = scoreSets(evaluate, seed, sets, { onProgress });
  const scores = sets.map((set, i) => setScores(set, found[i]));
  const success = scores.every(({ coarse }) => coarse === 1);
  const alphabet = !hasOwnSymbols(vocabulary) && vocabulary.characters < 128
    ? ["", `The strings have ${describeAlphabet(vocabulary)}`]
    : [];
  return {
    lines: [...scoreTable(scores), ...alphabet],
    success,
    figures: trainingCurves(history, "strings"),
    summary: { strings, recipe, scores },
  };
}

/**
 * Draws a run's loss and its scores on what it was validated on.
 *
 * @param history What was measured; nothing is drawn of nothing.
 * @param unit What was trained on, in the plural.
 * @returns The figures.
 */
export function trainingCurves(history: readonly Metrics[], unit: string): Figure[] {
  return history.length === 0 ? [] : [lossCurve(history, unit), scoreCurves(history, unit)];
}

/**
 * Does what {@linkcode scoredOutcome} does, and draws what the network does with its memory.
 *
 * @param finished The run at its end.
 * @param onProgress Receives the share that is done. It may throw in order to stop.
 * @returns The outcome.
 */
export function trainingOutcome(
  finished: FinishedTraining,
  onProgress: (share: number) => void = () => {},
): Outcome {
  const { plan: { task, seed, recipe }, sets, evaluate, strings, history } = finished;
  const scored = { task, seed, recipe, sets, evaluate, strings, history };
  const outcome = scoredOutcome(scored, onProgress);
  return { ...outcome, figures: [...outcome.figures, ...controlFigures(finished)] };
}

function setScores(set: RunPairSet, { strings, exact, coarse, fine }: Scores): SetScores {
  const lengths = lengthRangeText(set.lengths);
  return { purpose: set.purpose, lengths, strings, exact, coarse, fine };
}

/**
 * Scores as a table: exact match (coarse) and prefix accuracy (fine).
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreTable } from "@/training/outcome.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = { strings: 100_000, exact: 99_999, coarse: 0.99999, fine: 1 };
 * assertEquals(scoreTable([{ purpose: "test", lengths: "65..128", ...scores }]), [
 *   "      strings   length  coarse    fine",
 *   "test   100000  65..128  0.9999  1.0000",
 * ]);
 * ```
 * @param scores Set by set.
 * @param unit What a set is made of, in the plural.
 * @returns Lines, a line of names first.
 */
export function scoreTable(scores: readonly SetScores[], unit = "strings"): string[] {
  const head = ["", unit, "length", "coarse", "fine"];
  const rows = [
    head,
    ...scores.map(({ purpose, strings, lengths, coarse, fine }) => [
      purpose,
      String(strings),
      lengths,
      scoreText(coarse),
      scoreText(fine),
    ]),
  ];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]), ...numbers.map((text, i) => text.padStart(widths[i + 1]))].join("  ")
  );
}

/** The lowest loss that is drawn: a logarithmic axis needs more than 0. */
const LEAST_LOSS = 1e-9;
/** Characters of the example string. */
const EXAMPLE_LENGTH = 6;

function lossCurve(history: readonly Metrics[], unit: string): Figure {
  const losses = metricColumn(history, "error").map((loss) => Math.max(loss, LEAST_LOSS));
  return lineChart({
    title: `The loss of the answers ends at ${losses[losses.length - 1].toPrecision(2)}`,
    lines: [{ name: "loss", x: metricColumn(history, "strings"), y: losses }],
    xTitle: `training ${unit}`,
    yTitle: "running cross-entropy (nats a symbol)",
    yScale: "log",
  });
}

function scoreCurves(history: readonly Metrics[], unit: string): Figure {
  const validated = history.filter(({ coarse }) => coarse !== null);
  const last = history[history.length - 1];
  if (last !== validated.at(-1)) {
    throw new TypeError(
      "Cannot draw the validation scores: wanted a validation at the end of the training, " +
        `got none after ${last.strings} ${unit}`,
    );
  }
  const x = metricColumn(validated, "strings"), percent = (100 * Number(last.coarse)).toFixed(0);
  return lineChart({
    title: `Validation ${unit} right in full at the end: ${percent} %`,
    lines: ["coarse", "fine"].map((name) => ({ name, x, y: metricColumn(validated, name) })),
    xTitle: `training ${unit}`,
    yTitle: `score on validation ${unit}`,
  });
}

function controlFigures(finished: FinishedTraining): Figure[] {
  const { memory } = finished.plan.shape;
  const measured = finished.history.filter((metrics) => metrics.readPush !== undefined);
  if (memory === "none" || measured.length === 0) return [];
  const ofStack = memory === "stack" ? [regionFigure(measured)] : [];
  const ofOnePort = memory === "stack" || memory === "queue" ? [liveChart(measured)] : [];
  return [...ofStack, ...ofOnePort, exampleRows(finished)];
}

/** The region of the figure is that of a stack. */
function regionFigure(measured: readonly Metrics[]): Figure {
  const path = (name: string, push: string, pop: string) => (
    { name, pushes: metricColumn(measured, push), pops: metricColumn(measured, pop) }
  );
  return trainableRegion({
    title: "Mean push and pop while reading and while writing, over the training",
    paths: [path("reading", "readPush", "readPop"), path("writing", "writePush", "writePop")],
  });
}

function liveChart(measured: readonly Metrics[]): Figure {
  return lineChart({
    title: "How much of the training had a gradient for the pop",
    lines: [{
      name: "live",
      x: metricColumn(measured, "strings"),
      y: metricColumn(measured, "live"),
    }],
    xTitle: "training strings",
    yTitle: "share of steps in the trainable region",
  });
}

/** Pushes and pops on one string, the first validation string of this length. */
function exampleRows({ plan: { task, shape, seed }, network }: FinishedTraining): Figure {
  const lengths = { shortest: EXAMPLE_LENGTH, longest: EXAMPLE_LENGTH };
  const [pair] = firstPairs(task, { strings: 1, seed, purpose: "validation", lengths });
  const trace = traceDecoding(network, task, pair);
  return controlRows({
    title: "Pushes and pops while one string is read and answered",
    rows: portSuffixes(shape).flatMap((suffix, p) => [
      { name: `push d${suffix.replace(".", ", ")}`, values: [...trace.ports[p].pushes] },
      { name: `pop u${suffix.replace(".", ", ")}`, values: [...trace.ports[p].pops] },
    ]),
    steps: [...trace.fed].map((symbol) => symbolText(symbol, task.vocabulary)),
    xTitle: "symbol fed",
  });
}
