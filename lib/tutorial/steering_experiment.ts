/**
 * The experiment `steered`: weights learn to steer a stack until it reverses any sequence of its length.
 *
 * Each iteration trains on a new random sequence of numbers in [0, 1). The run succeeds if the root mean square error of
 * the reads on held-out sequences is below 0.05.
 *
 * @module
 */
import { lineChart } from "@/figures/line_chart.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { type RandomSource, type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { publishedSteeringGradient } from "./published_steering.ts";
import {
  descendSteering,
  oneHotSteps,
  steer,
  steeringGradient,
  type SteeringWeights,
} from "./steered_stack.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import { readLoss, type ValueReversal, valueReversal } from "./value_reversal.ts";
import type { Experiment, Metrics, Outcome, Run, SettingsOf } from "@/runs/run.ts";
import { choice, integer, number } from "@/options/option.ts";

/** Sequences in the held-out set, which is the same for every seed. */
const HELD_OUT = 50;
/** Root mean square of the read errors below which the run succeeds. */
const SUCCESS_ERROR = 0.05;

const options = {
  length: integer({ default: 3, minimum: 1, maximum: 20, description: "numbers in a sequence" }),
  iterations: integer({
    default: 10_000,
    minimum: 1,
    maximum: 1e9,
    description: "training sequences",
  }),
  learningRate: number({
    default: 0.5,
    above: 0,
    maximum: 1000,
    description: "step size of gradient descent",
  }),
  gradient: choice({
    choices: ["exact", "published"],
    default: "exact",
    description: "which gradient to follow; the published one is the tutorial's",
  }),
  popBias: number({
    default: -2,
    minimum: -1000,
    maximum: 1000,
    description: "initial bias of the pop: 0 as published, −2 well inside the trainable region",
  }),
};

/** The state from which a run can be resumed. */
export interface SteeredState {
  readonly iteration: number;
  readonly weights: SteeringWeights;
  readonly random: RandomState;
}

type SteeredSettings = SettingsOf<typeof options>;

function drawTask(length: number, random: RandomSource): ValueReversal {
  return valueReversal(Array.from({ length }, () => [random.uniform()]));
}

/** Draws weights from the tutorial's distribution, 0.2 N(0, 1) − 0.2. */
function drawWeights(length: number, popBias: number, random: RandomSource): SteeringWeights {
  const column = () => Array.from({ length: 2 * length }, () => random.normal(-0.2, 0.2));
  return { pushWeights: column(), pushBias: 0, popWeights: column(), popBias };
}

/** A run of the experiment. */
class SteeredRun implements Run<SteeredState> {
  readonly iterations: number;
  readonly #settings: SteeredSettings;
  readonly #oPrimes: number[][];
  readonly #heldOut: ValueReversal[];
  readonly #random: RandomSource;
  #iteration: number;
  #weights: SteeringWeights;

  constructor(settings: SteeredSettings, { iteration, weights, random }: SteeredState) {
    const heldOut = seededRandom("steered: held out");
    this.iterations = settings.iterations;
    this.#settings = settings;
    this.#oPrimes = oneHotSteps(2 * settings.length);
    this.#heldOut = Array.from({ length: HELD_OUT }, () => drawTask(settings.length, heldOut));
    this.#random = restoreRandom(random);
    this.#iteration = iteration;
    this.#weights = weights;
  }

  get iteration(): number {
    return this.#iteration;
  }

  get finished(): boolean {
    return this.#iteration >= this.iterations;
  }

  advance(count: number): void {
    const { length, gradient, learningRate } = this.#settings;
    const gradientOf = gradient === "exact" ? steeringGradient : publishedSteeringGradient;
    for (; count > 0 && !this.finished; count--, this.#iteration++) {
      const task = drawTask(length, this.#random);
      const found = gradientOf(task, this.#weights, this.#oPrimes);
      this.#weights = descendSteering(this.#weights, found, learningRate);
    }
  }

  #run(task: ValueReversal): StackTrace {
    return runStack({ values: task.values, ...steer(this.#weights, this.#oPrimes) });
  }

  metrics(): Metrics {
    const losses = this.#heldOut.map((task) => readLoss(this.#run(task).reads, task.targets).loss);
    const squares = losses.reduce((sum, loss) => sum + 2 * loss, 0);
    const error = Math.sqrt(squares / (HELD_OUT * this.#settings.length));
    return { iteration: this.#iteration, error };
  }

  state(): SteeredState {
    return {
      iteration: this.#iteration,
      weights: this.#weights,
      random: this.#random.state(),
    };
  }

  outcome(history: readonly Metrics[]): Outcome {
    const [task] = this.#heldOut, { length } = this.#settings;
    const trace = this.#run(task), { error } = this.metrics();
    const row = (numbers: readonly number[]) => numbers.map((x) => x.toFixed(3)).join("  ");
    const success = error < SUCCESS_ERROR;
    return {
      lines: [
        `sequence  ${row(task.targets.map(([x]) => x).toReversed())}`,
        `reversed  ${row(task.targets.map(([x]) => x))}`,
        `read      ${row(trace.reads.slice(length).map(([x]) => x))}`,
        `pops      ${row(trace.pops)}`,
        `pushes    ${row(trace.pushes)}`,
        `error on ${HELD_OUT} new sequences: ${error.toFixed(4)} (reversed below ${SUCCESS_ERROR})`,
      ],
      success,
      figures: [
        errorChart(history, success),
        stackPicture({
          title: success
            ? "The stack reverses the sequence"
            : "The stack does not reverse the sequence",
          trace,
          names: task.values.map(([x], t) => t < length ? x.toFixed(2) : "0"),
        }),
      ],
      parameters: this.#weights,
    };
  }
}

function errorChart(history: readonly Metrics[], success: boolean) {
  return lineChart({
    title: success ? "The read error falls" : "The read error has not fallen far enough",
    lines: [{
      name: "error",
      x: history.map(({ iteration }) => iteration),
      y: history.map(({ error }) => error),
    }],
    xTitle: "iterations",
    yTitle: "root mean square error of a read",
    yScale: "log",
  });
}

/**
 * Trains two weight vectors and their biases to steer a stack, on a new random sequence in each iteration.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 5, with a correct gradient.
 *
 * @example A run that was stopped and resumed ends with the same weights as an uninterrupted one.
 * ```ts
 * import { steered } from "@/tutorial/steering_experiment.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = {
 *   seed: 1,
 *   length: 3,
 *   iterations: 20,
 *   learningRate: 0.5,
 *   gradient: "exact",
 *   popBias: -2,
 * } as const;
 * const [whole, half] = [steered.start(settings), steered.start(settings)];
 * whole.advance(20);
 * half.advance(7);
 * const resumed = steered.resume(settings, half.state());
 * resumed.advance(13);
 * assertEquals(resumed.state(), whole.state());
 * ```
 */
export const steered: Experiment<typeof options, SteeredState> = {
  name: "steered",
  summary: "weights learn to steer a stack until it reverses any sequence",
  options,
  start(settings) {
    const random = seededRandom(settings.seed);
    const weights = drawWeights(settings.length, settings.popBias, random);
    return new SteeredRun(settings, { iteration: 0, weights, random: random.state() });
  },
  resume: (settings, state) => new SteeredRun(settings, state),
};
