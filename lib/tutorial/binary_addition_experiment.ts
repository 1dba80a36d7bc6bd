/**
 * The experiment `binary-addition`: a recurrent network learns to add, digit by digit.
 *
 * It trains on random sums of `bits` digits and is evaluated on held-out sums of `bits` and of 8 `bits` digits;
 * it succeeds if every digit of both sets is right.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @module
 */
import { lineChart } from "@/figures/line_chart.ts";
import { type RandomSource, type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { BinaryAdder, createAdder, isRight } from "./binary_adder.ts";
import { type BinaryAddition, createAddition, drawAddition, fromBits } from "./binary_addition.ts";
import { metricColumn } from "@/runs/metric_column.ts";
import type { Experiment, Metrics, Outcome, Run, SettingsOf } from "@/runs/run.ts";
import { choice, integer, number } from "@/options/option.ts";

/** Sums in the held-out set, which is the same for every seed. */
const HELD_OUT = 200;
/** The numbers of the final test are this many times as long as those of training. */
const LENGTH_FACTOR = 8;

const options = {
  hidden: integer({ default: 16, minimum: 1, maximum: 1024, description: "hidden units" }),
  bits: integer({
    default: 8,
    minimum: 2,
    maximum: 1000,
    description: "binary digits of a number",
  }),
  recurrence: choice({
    choices: ["hidden", "input"],
    default: "hidden",
    description: "what a step passes to the next one: its hidden layer, or only its input",
  }),
  iterations: integer({ default: 10_000, minimum: 1, maximum: 1e9, description: "training sums" }),
  learningRate: number({
    default: 0.1,
    above: 0,
    maximum: 1000,
    description: "step size of gradient descent",
  }),
};

/** The state from which a run can be resumed. */
export interface BinaryAdditionState {
  readonly iteration: number;
  /** W_x, W_y and W_h, row by row. */
  readonly weights: Float64Array;
  readonly random: RandomState;
}

type BinaryAdditionSettings = SettingsOf<typeof options>;

/** An adder's scores on the held-out sums. */
interface AdderEvaluation {
  /** Mean of Σ_t |target_t − y_t| over the sums. */
  readonly error: number;
  /** Share of sums right in every digit. */
  readonly right: number;
  /** The first few sums with the network's answers, one a line. */
  readonly lines: string[];
}

function evaluateAdder(
  adder: BinaryAdder,
  addition: BinaryAddition,
  random: RandomSource,
): AdderEvaluation {
  let [error, right] = [0, 0];
  const lines: string[] = [];
  for (let k = 0; k < HELD_OUT; k++) {
    drawAddition(addition, random);
    const answer = adder.add(addition);
    for (let t = 0; t < addition.bits; t++) error += Math.abs(answer[t] - addition.targets[t]);
    if (isRight(answer, addition)) right++;
    if (k < 5) lines.push(formatSum(addition, answer));
  }
  return { error: error / HELD_OUT, right: right / HELD_OUT, lines };
}

/** Formats a sum in decimal, or in binary if it has more than 53 digits. */
function formatSum({ bits, inputs, targets }: BinaryAddition, answer: Float64Array): string {
  const format = (digits: Float64Array) =>
    bits <= 53
      ? String(fromBits(digits))
      : [...digits].map((digit) => +(digit > 0.5)).reverse().join("");
  const [a, b] = [0, 1].map((which) => format(inputs.filter((_, i) => i % 2 === which)));
  const [got, wanted] = [format(answer), format(targets)];
  return `${a} + ${b} = ${got}${got === wanted ? "" : `, not ${wanted}`}`;
}

/** A run of the experiment. */
class BinaryAdditionRun implements Run<BinaryAdditionState> {
  readonly iterations: number;
  readonly #settings: BinaryAdditionSettings;
  readonly #random: RandomSource;
  readonly #adder: BinaryAdder;
  readonly #addition: BinaryAddition;
  #iteration: number;

  constructor(settings: BinaryAdditionSettings, state: BinaryAdditionState) {
    this.iterations = settings.iterations;
    this.#settings = settings;
    this.#random = restoreRandom(state.random);
    this.#adder = createAdder(settings, { uniform: () => 0 });
    this.#adder.network.weights.flat.set(state.weights);
    this.#addition = createAddition(settings.bits);
    this.#iteration = state.iteration;
  }

  get iteration(): number {
    return this.#iteration;
  }

  get finished(): boolean {
    return this.#iteration >= this.iterations;
  }

  advance(count: number): void {
    for (; count > 0 && !this.finished; count--, this.#iteration++) {
      drawAddition(this.#addition, this.#random);
      this.#adder.learn(this.#addition, this.#settings.learningRate);
    }
  }

  #evaluate(bits: number): AdderEvaluation {
    const adder = new BinaryAdder({ ...this.#adder.design, bits }, this.#adder.network.weights);
    return evaluateAdder(adder, createAddition(bits), seededRandom("binary addition: held out"));
  }

  metrics(): Metrics {
    const { error, right } = this.#evaluate(this.#settings.bits);
    return { iteration: this.#iteration, error, right };
  }

  state(): BinaryAdditionState {
    return {
      iteration: this.#iteration,
      weights: this.#adder.network.weights.flat,
      random: this.#random.state(),
    };
  }

  outcome(history: readonly Metrics[]): Outcome {
    const { bits } = this.#settings, { flat: _, ...matrices } = this.#adder.network.weights;
    const { right, lines } = this.#evaluate(bits), longer = this.#evaluate(LENGTH_FACTOR * bits);
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    return {
      lines: [
        ...lines,
        `right on ${HELD_OUT} new sums of ${bits} digits: ${percent(right)}`,
        `right on ${HELD_OUT} new sums of ${LENGTH_FACTOR * bits} digits: ${percent(longer.right)}`,
      ],
      success: right === 1 && longer.right === 1,
      figures: [accuracyChart(history, right)],
      parameters: matrices,
    };
  }
}

function accuracyChart(history: readonly Metrics[], right: number) {
  return lineChart({
    title: right === 1 ? "The network learns to add" : "The network has not learned to add",
    lines: [
      {
        name: "sums right",
        x: history.map(({ iteration }) => iteration),
        y: metricColumn(history, "right"),
      },
    ],
    xTitle: "iterations",
    yTitle: "share of sums right in every digit",
  });
}

/**
 * Trains a recurrent network of three weight matrices to add, by backpropagation through time.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @example A run that was stopped and resumed ends with the same weights as an uninterrupted one.
 * ```ts
 * import { binaryAddition } from "@/tutorial/binary_addition_experiment.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = {
 *   seed: 1,
 *   hidden: 4,
 *   bits: 8,
 *   recurrence: "hidden",
 *   iterations: 20,
 *   learningRate: 0.1,
 * } as const;
 * const [whole, half] = [binaryAddition.start(settings), binaryAddition.start(settings)];
 * whole.advance(20);
 * half.advance(7);
 * const resumed = binaryAddition.resume(settings, half.state());
 * resumed.advance(13);
 * assertEquals(resumed.state(), whole.state());
 * ```
 */
export const binaryAddition: Experiment<typeof options, BinaryAdditionState> = {
  name: "binary-addition",
  summary: "a recurrent network learns to add, digit by digit",
  options,
  start(settings) {
    const random = seededRandom(settings.seed);
    const { flat } = createAdder(settings, random).network.weights;
    return new BinaryAdditionRun(settings, { iteration: 0, weights: flat, random: random.state() });
  },
  resume: (settings, state) => new BinaryAdditionRun(settings, state),
};
