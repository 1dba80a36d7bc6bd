/**
 * A training of the recurrent controller as a run that the command can host.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { controlRows } from "@/figures/heat_maps.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { trainableRegion } from "@/figures/trainable_region.ts";
import { type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { RnnController } from "./rnn_controller.ts";
import { written } from "./controller_errors.ts";
import { createReversalString, drawReversalString } from "./tutorial_strings.ts";
import { type Examination, examineController, isCrisp } from "./controller_evaluation.ts";
import type { ControllerRecipe } from "./controller_recipes.ts";
import {
  ControllerTraining,
  type ControllerTrainingState,
  startControllerTraining,
} from "./controller_training.ts";
import type { Metrics, Outcome, Run } from "@/runs/run.ts";

/** All that a run remembers. */
export interface ControllerRunState extends ControllerTrainingState {
  readonly random: RandomState;
}

/** What a host must know of an experiment with the controller. */
export interface ControllerRunPlan {
  readonly recipe: ControllerRecipe;
  /** The most strings to learn from. */
  readonly iterations: number;
  /** Symbols in the strings of the examination. */
  readonly examinedLength: number;
  /** Whether the training has reached what it sets out to reach. */
  hasSucceeded(training: ControllerTraining): boolean;
}

/** Draws a run's starting weights. */
export function startControllerRun(
  plan: ControllerRunPlan,
  seed: number,
): Run<ControllerRunState> {
  const random = seededRandom(seed), state = startControllerTraining(plan.recipe, random);
  return resumeControllerRun(plan, { ...state, random: random.state() });
}

/** Continues a run from its state. */
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
    outcome: (history) => tell(plan, training, history),
  };
}

function examine(
  { recipe, examinedLength }: ControllerRunPlan,
  { controller }: ControllerTraining,
) {
  return examineController(controller, recipe.task, examinedLength);
}

function measure(plan: ControllerRunPlan, training: ControllerTraining): Metrics {
  const { right, live, meanPush, meanPop } = examine(plan, training);
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

/** Σ |mistakes of o| of a string, on average over the last full window. */
function meanError({ lastWindow, recipe, controller }: ControllerTraining): number {
  // Before the first window is full: what a network that puts out one half everywhere would have.
  const { outputs } = controller.design.sizes, { shortest, window } = recipe.curriculum;
  return lastWindow === null ? shortest * outputs : lastWindow.output / window;
}

/** A string to show, always the same one. */
function exampleOf(
  { recipe, examinedLength }: ControllerRunPlan,
  { controller }: ControllerTraining,
) {
  const shown = new RnnController(
    { ...controller.design, longest: examinedLength },
    controller.parameters,
  );
  const string = createReversalString(recipe.task, examinedLength);
  drawReversalString(recipe.task, string, examinedLength, seededRandom("controller: example"));
  shown.forward(string);
  return { shown, symbols: [...string.symbols].map((symbol) => symbol + recipe.task.marks) };
}

function tell(
  plan: ControllerRunPlan,
  training: ControllerTraining,
  history: readonly Metrics[],
): Outcome {
  const { shown, symbols } = exampleOf(plan, training), steps = 2 * symbols.length - 1;
  const [pushes, pops] = [shown.stack.pushes, shown.stack.pops].map((y) => [...y.slice(0, steps)]);
  const examination = examine(plan, training);
  const row = (name: string, numbers: number[]) =>
    name.padEnd(10) + numbers.map((x) => x.toFixed(2).padStart(5)).join("");
  return {
    lines: [
      `string    ${symbols.join(" ")}`,
      `reversed  ${symbols.toReversed().join(" ")}`,
      `written   ${written(shown).join(" ")}`,
      row("push d", pushes),
      row("pop u", pops),
      ...inWords(plan, training, examination),
    ],
    success: plan.hasSucceeded(training),
    figures: pictures(history, { symbols, pushes, pops }),
    parameters: namedParameters(training),
  };
}

function inWords(
  plan: ControllerRunPlan,
  training: ControllerTraining,
  found: Examination,
): string[] {
  const { curriculum } = plan.recipe, percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `learned from strings of up to ${curriculum.shortest + training.level - 1} symbols`,
    `right on new strings of ${plan.examinedLength} symbols: ${percent(found.right)}`,
    `least push while reading ${found.leastReadingPush.toFixed(3)}, ` +
    `least pop while writing ${found.leastWritingPop.toFixed(3)}`,
    `steps in the trainable region: ${percent(found.live)}`,
  ];
}

function namedParameters({ controller }: ControllerTraining): object {
  const { flat: _, ...named } = controller.parameters;
  return named;
}

function pictures(
  history: readonly Metrics[],
  example: { symbols: number[]; pushes: number[]; pops: number[] },
): Figure[] {
  const { symbols, pushes, pops } = example,
    of = (name: string) => history.map((m) => Number(m[name]));
  const last = history[history.length - 1];
  return [
    lineChart({
      title: `The mistakes of a string end at ${last.error.toPrecision(2)}`,
      lines: [{ name: "error", x: of("iteration"), y: of("error").map((e) => Math.max(e, 1e-9)) }],
      xTitle: "strings learned from",
      yTitle: "sum of |mistakes| of a string",
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
      paths: [{ name: "training", pushes: of("push"), pops: of("pop") }],
    }),
  ];
}

/**
 * Whether a training has reached what it sets out to reach: its curriculum is at its end, its controls
 * are crisp, and every held-out string of 10 symbols is right.
 */
export function hasSucceeded({ controller, level, recipe }: ControllerTraining): boolean {
  if (level < recipe.curriculum.lastLevel) return false;
  const examination = examineController(controller, recipe.task, 10);
  return isCrisp(examination) && examination.right === 1;
}
