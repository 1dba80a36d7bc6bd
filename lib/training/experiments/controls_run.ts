/**
 * Gradient descent on a list of pops and pushes, as a run that can be stopped and resumed.
 *
 * Descent from one random start may get stuck; then the run draws another, until one has succeeded
 * or there have been enough. When to push and to pop does not depend on what is stored: the run
 * learns from stand-ins, values of which none can be faked by others, and is shown to work on the
 * numbers of the sequence.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import { type RandomSource, type RandomState, restoreRandom } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import { runStack } from "@/memory/stack.ts";
import type { Controls, Descent } from "@/models/controls_gradient.ts";
import {
  halfCircle,
  readError,
  type ValueReversal,
  valueReversal,
} from "@/tasks/value_reversal.ts";
import type { Run } from "../experiment.ts";
import { integer, number } from "../number_option.ts";
import { controlsOutcome } from "./controls_outcome.ts";
import { SEQUENCE_OPTIONS } from "./value_sequence.ts";

/** The options of both experiments that learn controls without a network. */
export const CONTROLS_OPTIONS = {
  ...SEQUENCE_OPTIONS,
  starts: integer({
    default: 20,
    minimum: 1,
    maximum: 1000,
    description: "random starts to try, one after another, until one succeeds",
  }),
  iterations: integer({
    default: 2000,
    minimum: 1,
    description: "steps of gradient descent from each start",
  }),
  learningRate: number({ default: 0.1, above: 0, description: "length of each of them" }),
};

/** The settings that a run needs. */
export interface ControlsSettings {
  readonly starts: number;
  readonly iterations: number;
  readonly learningRate: number;
}

/** All that such a run remembers. */
export interface ControlsState {
  /** Steps of descent from all starts together. */
  readonly iteration: number;
  /** The sequence to reverse, n. */
  readonly sequence: Vector;
  /** u_1 … u_T. */
  readonly pops: Vector;
  /** d_1 … d_T. */
  readonly pushes: Vector;
  /** Where the next start comes from. */
  readonly random: RandomState;
}

/** What learns, and where it sets out. */
export interface ControlsLearner {
  /** Draws controls for `steps` steps. */
  readonly draw: (steps: number, random: RandomSource) => Controls;
  /** One step of descent on some of the controls. */
  readonly descend: (task: ValueReversal, controls: Controls, learningRate: number) => Descent;
}

/** ½ Σ of squared errors at which no read is farther than 0.01 from its place on the circle. */
const REVERSED = 0.01 ** 2 / 2;
/** The same for one in a million: nothing is left to learn. */
const EXACT = 1e-6 ** 2 / 2;

/** Draws the first start. */
export function firstState(
  learner: ControlsLearner,
  sequence: Vector,
  random: RandomSource,
): ControlsState {
  const controls = learner.draw(2 * sequence.length, random);
  return { iteration: 0, sequence, ...controls, random: random.state() };
}

/**
 * Makes the run.
 *
 * @param learner Which controls learn, and where they set out.
 * @param settings How many starts, how long and how fast.
 * @param state Where to set out, or to go on.
 * @returns The run.
 */
export function controlsRun(
  learner: ControlsLearner,
  settings: ControlsSettings,
  state: ControlsState,
): Run<ControlsState> {
  const { sequence } = state;
  const iterations = settings.starts * settings.iterations;
  const task = valueReversal(halfCircle(sequence.length));
  const random = restoreRandom(state.random);
  let iteration = state.iteration;
  let controls: Controls = { pops: state.pops, pushes: state.pushes };
  const error = () =>
    readError(runStack({ values: task.values, ...controls }).reads, task.targets).loss;
  const atEndOfStart = () => iteration > 0 && iteration % settings.iterations === 0;
  const finished = () => iteration >= iterations || error() <= (atEndOfStart() ? REVERSED : EXACT);
  const step = () => {
    if (atEndOfStart()) controls = learner.draw(task.values.length, random);
    ({ controls } = learner.descend(task, controls, settings.learningRate));
    iteration++;
  };
  return {
    get iteration() {
      return iteration;
    },
    iterations,
    get finished() {
      return finished();
    },
    advance(count) {
      for (; count > 0 && !finished(); count--) step();
    },
    metrics: () => ({
      iteration,
      error: error(),
      start: Math.max(1, Math.ceil(iteration / settings.iterations)),
      ...controls,
    }),
    state: () => ({ iteration, sequence, ...controls, random: random.state() }),
    outcome: (history) =>
      controlsOutcome({ sequence, controls, success: error() <= REVERSED, history }),
  };
}
