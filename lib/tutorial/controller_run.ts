/**
 * Runs of the experiments `rnn-controller` and `autoencoder`: training of the recurrent controller, metrics on held-out
 * strings, and the outcome with its figures.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { controlRows } from "@/figures/heat_maps.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { trainableRegion } from "@/figures/trainable_region.ts";
import { type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { RnnController } from "./rnn_controller.ts";
import { decodeOutput, measureControls } from "./controller_measurements.ts";
import { createRandomReversalString } from "./tutorial_reversal.ts";
import {
  type ControllerEvaluation,
  type ControllerSet,
  evaluateController,
  isSaturated,
} from "./controller_evaluation.ts";
import type { ControllerRecipe } from "./controller_recipes.ts";
import {
  ControllerTraining,
  type ControllerTrainingState,
  startControllerTraining,
} from "./controller_training.ts";
import { metricColumn } from "@/runs/metric_column.ts";
import type { Metrics, Outcome, Run } from "@/runs/run.ts";

/** The state from which a run can be resumed. */
export interface ControllerRunState extends ControllerTrainingState {
  readonly random: RandomState;
}

/** The settings of a run, and its criterion of success. */
export interface ControllerRunPlan {
  readonly recipe: ControllerRecipe;
  /** Maximum number of training strings. */
  readonly iterations: number;
  /** Number of symbols of the held-out strings. */
  readonly evaluatedLength: number;
  /** Tells whether the training has succeeded. */
  isTrainingSuccessful(training: ControllerTraining): boolean;
}

/** Creates a run with random initial weights. */
export function startControllerRun(
  plan: ControllerRunPlan,
  seed: number,
): Run<ControllerRunState> {
  const random = seededRandom(seed), state = startControllerTraining(plan.recipe, random);
  return resumeControllerRun(plan, { ...state, random: random.state() });
}

/** Creates a run from a state. */
export function resumeControllerRun(
  plan: ControllerRunPlan,
  state: ControllerRunState,
): Run<ControllerRunState> {
  const random = restoreRandom(state.random);
  const training = new ControllerTraining(plan.recipe, state, random);
  const finished = () => training.sharpened || training.iteration >= plan.iterations;
  return {
    iterations: plan.iterations,
    get iteration() {
      return training.iteration;
    },
    get finished() {
      return finished();
    },
    advance(count) {
      for (; count > 0 && !finished(); count--) training.advance(1);
    },
    metrics: () => measure(plan, training),
    state: () => ({ ...training.state(), random: random.state() }),
    outcome: (history) => summarize(plan, training, history),
  };
}

/** Evaluates the controller on the held-out strings of the plan. */
function evaluate(
  { recipe, evaluatedLength }: ControllerRunPlan,
  { controller }: ControllerTraining,
) {
  return evaluateController(controller, recipe.task, evaluatedLength);
}

function measure(plan: ControllerRunPlan, training: ControllerTraining): Metrics {
  const { right, live, meanPush, meanPop } = evaluate(plan, training);
  return {
    iteration: training.iteration,
    error: meanError(training),
    length: plan.recipe.curriculum.shortest + training.level - 1,
    right,
    live,
    push: meanPush,
    pop: meanPop,
  };
}

/** Σ |o_t − y_t| of a string, averaged over the last full window. */
function meanError({ lastWindow, recipe, controller }: ControllerTraining): number {
  // Before the first window is full: the error of a network whose outputs are all one half.
  const { outputs } = controller.design.sizes, { shortest, window } = recipe.curriculum;
  return lastWindow === null ? shortest * outputs : lastWindow.output / window;
}

/** Runs the controller on an example string, which is the same in every run. */
function runExample(
  { recipe, evaluatedLength }: ControllerRunPlan,
  { controller }: ControllerTraining,
) {
  const copy = new RnnController(
    { ...controller.design, longest: evaluatedLength },
    controller.parameters,
  );
  const draws = seededRandom("controller: example");
  const string = createRandomReversalString(recipe.task, evaluatedLength, draws);
  return {
    ...measureControls(copy, string),
    written: decodeOutput(copy),
    symbols: [...string.symbols].map((symbol) => symbol + recipe.task.marks),
  };
}

function summarize(
  plan: ControllerRunPlan,
  training: ControllerTraining,
  history: readonly Metrics[],
): Outcome {
  const { symbols, written, pushes, pops } = runExample(plan, training);
  const evaluation = evaluate(plan, training);
  const row = (name: string, numbers: number[]) =>
    name.padEnd(10) + numbers.map((x) => x.toFixed(2).padStart(5)).join("");
  return {
    lines: [
      `string    ${symbols.join(" ")}`,
      `reversed  ${symbols.toReversed().join(" ")}`,
      `written   ${written.join(" ")}`,
      row("push d", pushes),
      row("pop u", pops),
      ...evaluationLines(plan, training, evaluation),
    ],
    success: plan.isTrainingSuccessful(training),
    figures: drawFigures(history, { symbols, pushes, pops }),
    parameters: namedParameters(training),
  };
}

function evaluationLines(
  plan: ControllerRunPlan,
  training: ControllerTraining,
  found: ControllerEvaluation,
): string[] {
  const { curriculum } = plan.recipe, percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `trained on strings of up to ${curriculum.shortest + training.level - 1} symbols`,
    `right on new strings of ${plan.evaluatedLength} symbols: ${percent(found.right)}`,
    `minimum push while reading ${found.minReadingPush.toFixed(3)}, ` +
    `minimum pop while writing ${found.minWritingPop.toFixed(3)}`,
    `steps in the trainable region: ${percent(found.live)}`,
  ];
}

function namedParameters({ controller }: ControllerTraining): object {
  const { flat: _, ...named } = controller.parameters;
  return named;
}

function drawFigures(
  history: readonly Metrics[],
  example: { symbols: number[]; pushes: number[]; pops: number[] },
): Figure[] {
  const { symbols, pushes, pops } = example;
  const column = (name: string) => metricColumn(history, name);
  const last = history[history.length - 1];
  return [
    lineChart({
      title: `The error of a string ends at ${last.error.toPrecision(2)}`,
      lines: [{
        name: "error",
        x: column("iteration"),
        y: column("error").map((e) => Math.max(e, 1e-9)),
      }],
      xTitle: "training strings",
      yTitle: "error of a string, Σ |o − y|",
      yScale: "log",
    }),
    controlRows({
      title: "Pushes and pops on one string",
      rows: [{ name: "push d", values: pushes }, { name: "pop u", values: pops }],
      steps: pushes.map((_, t) => t < symbols.length ? String(symbols[t]) : "·"),
      xTitle: "input (· while writing)",
    }),
    trainableRegion({
      title: "Mean push and pop on new strings, over the training",
      paths: [{ name: "training", pushes: column("push"), pops: column("pop") }],
    }),
  ];
}

/**
 * Tells whether a training has succeeded: its curriculum is at the last level, push and pop are saturated, and every
 * string of 10 symbols is right.
 *
 * @param training The training.
 * @param set On which strings; what decides when to stop must not look at the held-out ones.
 */
export function isTrainingSuccessful(
  { controller, level, recipe }: ControllerTraining,
  set: ControllerSet = "held out",
): boolean {
  if (level < recipe.curriculum.lastLevel) return false;
  const evaluation = evaluateController(controller, recipe.task, 10, set);
  return isSaturated(evaluation) && evaluation.right === 1;
}
