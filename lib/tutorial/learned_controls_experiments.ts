/**
 * The experiments `learn-to-pop` and `learn-to-push`: gradient descent on a list of pops and pushes, without a network,
 * until a sequence is read back reversed.
 *
 * They train on points of a half circle (see `value_reversal.ts`) rather than on the values of the sequence, so that no
 * blend of values has a small loss. If a random start fails, the next one is drawn. A start stops early at a loss at
 * which every read is within 10⁻⁶ of its target, and succeeds at its end if every read is within 0.01.
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
  createFixedPushes,
  descendControls,
  descendPops,
  type Descent,
  drawControls,
} from "./learned_controls.ts";
import { halfCircleValues, readLoss, type ValueReversal, valueReversal } from "./value_reversal.ts";
import type { Experiment, Metrics, Outcome, Run } from "@/runs/run.ts";

const DEFAULT_SEQUENCE: Vector = [0.1, 0.2, 0.3];
/** Maximum length; the time of the literal stack grows with its cube. */
const MAX_LENGTH = 100;

/** Options that choose the sequence; at most one of the two may be given. */
const SEQUENCE_OPTIONS = {
  sequence: sequence({
    default: null,
    minimum: -1e6,
    maximum: 1e6,
    longest: MAX_LENGTH,
    defaultText: DEFAULT_SEQUENCE.join(","),
    description: "the values to reverse",
  }),
  length: integer({
    default: null,
    minimum: 1,
    maximum: MAX_LENGTH,
    description: "number of random values between 0 and 1 to reverse, in place of --sequence",
  }),
};

/** The options of both experiments that learn controls without a network. */
const CONTROLS_OPTIONS = {
  ...SEQUENCE_OPTIONS,
  starts: integer({
    default: 20,
    minimum: 1,
    maximum: 1000,
    description: "maximum number of random starts, tried until one succeeds",
  }),
  iterations: integer({
    default: 2000,
    minimum: 1,
    maximum: 1e9,
    description: "steps of gradient descent from each start",
  }),
  learningRate: number({
    default: 0.1,
    above: 0,
    maximum: 1000,
    description: "step size of gradient descent",
  }),
};

/** The settings of a run. */
export interface ControlsSettings {
  readonly starts: number;
  readonly iterations: number;
  readonly learningRate: number;
}

/** The state from which a run can be resumed. */
export interface ControlsState {
  /** Steps of gradient descent, over all starts. */
  readonly iteration: number;
  /** The sequence to reverse, n. */
  readonly sequence: Vector;
  /** u_1 … u_T. */
  readonly pops: Vector;
  /** d_1 … d_T. */
  readonly pushes: Vector;
  /** State of the generator that draws the next start. */
  readonly random: RandomState;
}

/** Which controls are learned, and their distribution at the start. */
export interface ControlsLearner {
  /** Draws initial controls for `steps` steps. */
  readonly draw: (steps: number, random: RandomSource) => Controls;
  /** Takes one step of gradient descent on the learned controls. */
  readonly descend: (task: ValueReversal, controls: Controls, learningRate: number) => Descent;
}

/** An experiment that learns a list of pops and pushes. */
export type ControlsExperiment = Experiment<typeof CONTROLS_OPTIONS, ControlsState>;

/**
 * Creates the experiment of a learner.
 *
 * @param name Its name on the command line.
 * @param summary A description of less than a line.
 * @param learner Which controls are learned, and their initial distribution.
 * @returns The experiment; its seed draws the sequence, if it is random, and then every start.
 */
function createControlsExperiment(
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
      const sequence = chooseSequence(settings, random);
      return createControlsRun(learner, settings, createControlsState(learner, sequence, random));
    },
    resume: (settings, state) => createControlsRun(learner, settings, state),
  };
}

/**
 * Chooses the sequence from the options.
 *
 * @example Two random values, then the given ones.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { chooseSequence } from "@/tutorial/learned_controls_experiments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chooseSequence({ sequence: null, length: 2 }, seededRandom(1)).length, 2);
 * assertEquals(chooseSequence({ sequence: [4, 5], length: null }, seededRandom(1)), [4, 5]);
 * ```
 * @param settings The values, or the number of random values; null for an option that was not given.
 * @param random Source of random values.
 * @returns The sequence, at least one value.
 * @throws {UserError} If both are given.
 */
export function chooseSequence(
  settings: { readonly sequence: readonly number[] | null; readonly length: number | null },
  random: RandomSource,
): Vector {
  const { sequence, length } = settings;
  if (sequence && length !== null) {
    throw new UserError("choose a sequence", "--sequence or --length", "both");
  }
  if (length !== null) return Array.from({ length }, () => random.uniform());
  return sequence ? [...sequence] : [...DEFAULT_SEQUENCE];
}

/** Loss below which every read is within 0.01 of its target: the start has succeeded. */
const SUCCESS_LOSS = 0.01 ** 2 / 2;
/** Loss below which every read is within 10⁻⁶ of its target: the start stops early. */
const EARLY_STOPPING_LOSS = 1e-6 ** 2 / 2;

/** Draws the first start and returns the initial state of a run. */
function createControlsState(
  learner: ControlsLearner,
  sequence: Vector,
  random: RandomSource,
): ControlsState {
  const controls = learner.draw(2 * sequence.length, random);
  return { iteration: 0, sequence, ...controls, random: random.state() };
}

/**
 * Creates a run from a state.
 *
 * @param learner Which controls are learned, and their initial distribution.
 * @param settings Number of starts, iterations of each, and learning rate.
 * @param state The initial state, or that of a stopped run.
 * @returns The run.
 */
function createControlsRun(
  learner: ControlsLearner,
  settings: ControlsSettings,
  state: ControlsState,
): Run<ControlsState> {
  const { sequence } = state;
  const iterations = settings.starts * settings.iterations;
  const task = valueReversal(halfCircleValues(sequence.length));
  const random = restoreRandom(state.random);
  let iteration = state.iteration;
  let controls: Controls = { pops: state.pops, pushes: state.pushes };
  const error = () =>
    readLoss(runStack({ values: task.values, ...controls }).reads, task.targets).loss;
  const atEndOfStart = () => iteration > 0 && iteration % settings.iterations === 0;
  const finished = () =>
    iteration >= iterations || error() <= (atEndOfStart() ? SUCCESS_LOSS : EARLY_STOPPING_LOSS);
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
      summarizeControlsRun({ sequence, controls, success: error() <= SUCCESS_LOSS, history }),
  };
}

/** The result of a finished run. */
export interface ControlsResult {
  /** The sequence to reverse, n. */
  readonly sequence: Vector;
  /** The learned controls. */
  readonly controls: Controls;
  /** True if the sequence was read back reversed. */
  readonly success: boolean;
  /** The metrics of the run, which include `pops` and `pushes`. */
  readonly history: readonly Metrics[];
}

/** Lower bound of the plotted error, below squared rounding errors; a logarithm needs a number above 0. */
const MIN_ERROR = 1e-32;
/** Maximum number of steps for which the controls and the stack are drawn. */
const MAX_DRAWN_STEPS = 12;

/**
 * Summarizes a finished run.
 *
 * @param end The learned controls and the history of the run.
 * @returns Summary lines, success, figures and parameters.
 */
function summarizeControlsRun(end: ControlsResult): Outcome {
  const { sequence, controls, success, history } = end;
  const { values, targets } = valueReversal(sequence.map((value) => [value]));
  const trace = runStack({ values, ...controls });
  const learned = trace.reads.slice(-targets.length);
  const isDrawn = trace.pops.length <= MAX_DRAWN_STEPS;
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
    figures: [
      errorCurve(history),
      ...(isDrawn ? [controlPaths(history), finalStack(end, trace)] : []),
    ],
    parameters: { pops: controls.pops, pushes: controls.pushes },
  };
}

function row(name: string, numbers: Vector, digits = 4): string {
  return name.padEnd(16) + numbers.map((number) => number.toFixed(digits).padStart(9)).join("");
}

function errorCurve(history: readonly Metrics[]): Figure {
  const errors = history.map(({ error }) => Math.max(error, MIN_ERROR));
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
    title: "Pops and pushes over the training",
    pops: history.map(({ pops }) => [...pops as Vector]),
    pushes: history.map(({ pushes }) => [...pushes as Vector]),
    iterations: history.map(({ iteration }) => iteration),
  });
}

function finalStack({ sequence, success }: ControlsResult, trace: StackTrace): Figure {
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

/** Learns when to pop so that a sequence is read back reversed. */
export const learnToPop = createControlsExperiment(
  "learn-to-pop",
  "reverses a sequence by learned pops; every value is pushed in full",
  {
    draw(steps, random) {
      const pops = Array.from({ length: steps }, () => random.uniform());
      return { pops, pushes: createFixedPushes(steps / 2) };
    },
    descend: descendPops,
  },
);

/** Learns when to push and when to pop so that a sequence is read back reversed. */
export const learnToPush = createControlsExperiment(
  "learn-to-push",
  "reverses a sequence by learned pushes and pops, from a random start",
  { draw: drawControls, descend: descendControls },
);
