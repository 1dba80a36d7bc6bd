/**
 * The sequence that an experiment reverses: given value by value, or drawn.
 *
 * @module
 */
import { type RandomSource, type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import { UserError } from "@/io/user_error.ts";
import { integer, number, sequence } from "@/options/option.ts";
import { controlsOverTraining } from "@/figures/controls_over_training.ts";
import type { Figure } from "@/figures/figure.ts";
import { learningCurve } from "@/figures/learning_curve.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import {
  type Controls,
  descendControls,
  descendPops,
  type Descent,
  pushThenRest,
  randomControls,
} from "./learned_controls.ts";
import { halfCircle, readError, type ValueReversal, valueReversal } from "./value_reversal.ts";
import type { Experiment, Metrics, Outcome, Run } from "@/runs/run.ts";

const DEFAULT: Vector = [0.1, 0.2, 0.3];
/** The literal stack takes time in the cube of this. */
const LONGEST = 100;

/** Which sequence: one of the two, or neither. */
export const SEQUENCE_OPTIONS = {
  sequence: sequence({
    default: null,
    longest: LONGEST,
    defaultText: DEFAULT.join(","),
    description: "the values to reverse",
  }),
  length: integer({
    default: null,
    minimum: 1,
    maximum: LONGEST,
    description: "draw so many values between 0 and 1 from the seed, in place of --sequence",
  }),
};

/**
 * Chooses the sequence.
 *
 * @example Two values drawn, then those given.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { chosenSequence } from "@/tutorial/controls_experiments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chosenSequence({ sequence: null, length: 2 }, seededRandom(1)).length, 2);
 * assertEquals(chosenSequence({ sequence: [4, 5], length: null }, seededRandom(1)), [4, 5]);
 * ```
 * @param settings The values, or how many to draw; null for what was not said.
 * @param random Where drawn values come from.
 * @returns One value or more.
 * @throws {UserError} If both are said.
 */
export function chosenSequence(
  settings: { readonly sequence: readonly number[] | null; readonly length: number | null },
  random: RandomSource,
): Vector {
  const { sequence, length } = settings;
  if (sequence && length !== null) {
    throw new UserError("choose a sequence", "--sequence or --length", "both");
  }
  if (length !== null) return Array.from({ length }, () => random.uniform());
  return sequence ? [...sequence] : [...DEFAULT];
}

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

/** An experiment on a list of pops and pushes. */
export type ControlsExperiment = Experiment<typeof CONTROLS_OPTIONS, ControlsState>;

/**
 * Makes the experiment of a learner.
 *
 * @param name Its name on the command line.
 * @param summary What it does, in less than a line.
 * @param learner Which controls learn, and where they set out.
 * @returns The experiment: the seed gives the sequence, if it is drawn, and then every start.
 */
export function controlsExperiment(
  name: string,
  summary: string,
  learner: ControlsLearner,
): ControlsExperiment {
  return {
    name,
    summary,
    options: CONTROLS_OPTIONS,
    start(settings) {
      const random = seededRandom(settings.seed);
      const sequence = chosenSequence(settings, random);
      return controlsRun(learner, settings, firstState(learner, sequence, random));
    },
    resume: (settings, state) => controlsRun(learner, settings, state),
  };
}

/** Learns when to pop so that a sequence comes back reversed. */
export const learnToPop = controlsExperiment(
  "learn-to-pop",
  "reverses a sequence by learned pops; every value is pushed whole",
  {
    draw(steps, random) {
      const pops = Array.from({ length: steps }, () => random.uniform());
      return { pops, pushes: pushThenRest(steps / 2) };
    },
    descend: descendPops,
  },
);

/** Learns when to push and when to pop so that a sequence comes back reversed. */
export const learnToPush = controlsExperiment(
  "learn-to-push",
  "reverses a sequence by learned pushes and pops, from a random start",
  { draw: randomControls, descend: descendControls },
);
