/**
 * A recurrent network that learns to add binary numbers, and the published run of it.
 *
 * loss = ½ Σ_t (y_t − target_t)²
 *
 * `T` steps, one for each binary digit.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @module
 */
import { numpyRandom } from "@/math/numpy_random.ts";
import {
  type BinaryAddition,
  bitsOf,
  createAddition,
  layOutAddition,
  numberOf,
} from "./binary_addition.ts";
import {
  drawRecurrentWeights,
  type RecurrentDesign,
  RecurrentNetwork,
  type RecurrentWeights,
} from "./recurrent_network.ts";

/** Which network, and how long its numbers are. */
export interface AdderDesign {
  /** `H`. */
  readonly hidden: number;
  /** The most digits that it will add. */
  readonly bits: number;
  /** What a step hands on to the next; its hidden layer, if left out. */
  readonly recurrence?: RecurrentDesign["recurrence"];
}

function networkDesign({ hidden, bits, recurrence = "hidden" }: AdderDesign): RecurrentDesign {
  return { inputs: 2, hidden, outputs: 1, recurrence, longest: bits };
}

/**
 * Makes an adder that has learned nothing yet.
 *
 * @example The same draws make the same adder.
 * ```ts
 * import { createAdder } from "@/tutorial/binary_adder.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const make = () => createAdder({ hidden: 16, bits: 8 }, seededRandom(1));
 * assertEquals(make().network.weights.flat, make().network.weights.flat);
 * assertEquals(make().network.weights.Wx.length, 16 * 2);
 * ```
 * @param design Which network.
 * @param draws Where its starting weights come from: numbers in [0, 1).
 * @returns The adder.
 * @throws {RangeError} If `hidden` or `bits` is not a whole number of at least 1.
 */
export function createAdder(design: AdderDesign, draws: { uniform(): number }): BinaryAdder {
  return new BinaryAdder(design, drawRecurrentWeights(networkDesign(design), draws));
}

/**
 * A network with two inputs and one output, and room for its gradient.
 *
 * @example The same weights, longer numbers.
 * ```ts
 * import { BinaryAdder, createAdder } from "@/tutorial/binary_adder.ts";
 * import { createAddition } from "@/tutorial/binary_addition.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const adder = createAdder({ hidden: 4, bits: 8 }, seededRandom(1));
 * const longer = new BinaryAdder({ ...adder.design, bits: 100 }, adder.network.weights);
 * assertEquals(longer.add(createAddition(100)).slice(0, 8), adder.add(createAddition(8)));
 * ```
 */
export class BinaryAdder {
  readonly design: AdderDesign;
  readonly network: RecurrentNetwork;
  readonly #gOutputs: Float64Array;

  /**
   * @param design Which network.
   * @param weights Where to start; they belong to the adder from now on.
   */
  constructor(design: AdderDesign, weights: RecurrentWeights) {
    this.design = design;
    this.network = new RecurrentNetwork(networkDesign(design), weights);
    this.#gOutputs = new Float64Array(design.bits);
  }

  /**
   * Adds two numbers.
   *
   * @param addition What to add.
   * @returns y_1 … y_T, the digits as the network sees them: a view, overwritten by the next sum.
   */
  add(addition: BinaryAddition): Float64Array {
    this.network.forward(addition.inputs, addition.bits);
    return this.network.outputs();
  }

  /**
   * Adds two numbers and learns from its mistakes: one step of gradient descent on the loss.
   *
   * @param addition What to add.
   * @param learningRate η, above 0.
   * @returns Σ_t |target_t − y_t| before the step.
   */
  learn(addition: BinaryAddition, learningRate: number): number {
    const y = this.add(addition), gY = this.#gOutputs.subarray(0, addition.bits);
    let error = 0;
    for (let t = 0; t < addition.bits; t++) {
      gY[t] = y[t] - addition.targets[t];
      error += Math.abs(gY[t]);
    }
    this.network.backward(gY);
    this.network.descend(learningRate);
    return error;
  }
}

/**
 * Tells whether every digit of an answer is right, once rounded.
 *
 * @example Near enough in every column.
 * ```ts
 * import { isRight } from "@/tutorial/binary_adder.ts";
 * import { bitsOf, createAddition, layOutAddition } from "@/tutorial/binary_addition.ts";
 * import { assert } from "@std/assert";
 *
 * const sum = createAddition(3);
 * layOutAddition(sum, bitsOf(1, 3), bitsOf(1, 3)); // 2, lowest digit first: 0 1 0
 * assert(isRight([0.4, 0.9, 0.1], sum));
 * assert(!isRight([0.6, 0.9, 0.1], sum));
 * ```
 * @param answer y_1 … y_T, lowest digit first; above ½ counts as 1.
 * @param addition The sum that was asked for.
 * @returns Whether all `T` digits are those of its target.
 */
export function isRight(answer: ArrayLike<number>, { bits, targets }: BinaryAddition): boolean {
  for (let t = 0; t < bits; t++) if (answer[t] > 0.5 !== targets[t] > 0.5) return false;
  return true;
}

/** What one iteration of the published run saw, before it changed the weights. */
export interface AdditionIteration {
  /** 0 for the first. */
  readonly iteration: number;
  /** Σ_t |target_t − y_t|. */
  readonly error: number;
  readonly a: number;
  readonly b: number;
  /** What the network took a + b to be. */
  readonly predicted: number;
}

/**
 * Repeats the published run: 16 hidden units, numbers of 8 digits, learning rate 0.1.
 *
 * Weights are U(−1, 1) from numpy's legacy generator; then each iteration draws a and b below 128.
 *
 * @example The first printed row: 9 + 60 = 1.
 * ```ts
 * import { publishedAdditionRun } from "@/tutorial/binary_adder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [{ error, a, b, predicted }] = publishedAdditionRun({ iterations: 1 });
 * assertEquals([error.toFixed(8), a, b, predicted], ["3.45638663", 9, 60, 1]);
 * ```
 * @param settings What to change in the published settings: seed 0, 10,000 iterations.
 * @returns What each iteration saw, as it happens.
 */
export function* publishedAdditionRun(
  { seed = 0, iterations = 10_000 }: { seed?: number; iterations?: number } = {},
): Generator<AdditionIteration> {
  const random = numpyRandom(seed);
  const adder = createAdder({ hidden: 16, bits: 8 }, { uniform: random.rand });
  const addition = createAddition(8);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const [a, b] = [random.randint(128), random.randint(128)];
    layOutAddition(addition, bitsOf(a, 8), bitsOf(b, 8));
    const error = adder.learn(addition, 0.1);
    yield { iteration, error, a, b, predicted: numberOf(adder.network.outputs()) };
  }
}
