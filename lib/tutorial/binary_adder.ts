/**
 * A recurrent network that learns to add binary numbers, and a reproduction of the published run.
 *
 * loss = ½ Σ_t (y_t − target_t)², minimised by plain gradient descent after every sum.
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
  createAddition,
  fromBits,
  toBits,
  writeAddition,
} from "./binary_addition.ts";
import {
  drawRecurrentWeights,
  type RecurrentDesign,
  RecurrentNetwork,
  type RecurrentWeights,
} from "./recurrent_network.ts";

/** The size of an adder. */
export interface AdderDesign {
  /** `H`, the number of hidden units. */
  readonly hidden: number;
  /** Maximum number of digits of a sum. */
  readonly bits: number;
  /** What a step passes to the next one; default: its hidden layer. */
  readonly recurrence?: RecurrentDesign["recurrence"];
}

function networkDesign({ hidden, bits, recurrence = "hidden" }: AdderDesign): RecurrentDesign {
  return { inputs: 2, hidden, outputs: 1, recurrence, longest: bits };
}

/**
 * Creates an adder with random weights.
 *
 * @example The same seed gives the same adder.
 * ```ts
 * import { createAdder } from "@/tutorial/binary_adder.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const make = () => createAdder({ hidden: 16, bits: 8 }, seededRandom(1));
 * assertEquals(make().network.weights.flat, make().network.weights.flat);
 * assertEquals(make().network.weights.Wx.length, 16 * 2);
 * ```
 * @param design Its size.
 * @param draws Source of random numbers in [0, 1) for the initial weights.
 * @returns The adder.
 * @throws {RangeError} If `hidden` or `bits` is not a whole number of at least 1.
 */
export function createAdder(design: AdderDesign, draws: { uniform(): number }): BinaryAdder {
  return new BinaryAdder(design, drawRecurrentWeights(networkDesign(design), draws));
}

/**
 * A recurrent network with two inputs and one output that adds and is trained on sums.
 *
 * @example The same weights applied to longer numbers.
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
   * @param design Its size.
   * @param weights Initial weights; the adder keeps and updates these arrays.
   */
  constructor(design: AdderDesign, weights: RecurrentWeights) {
    this.design = design;
    this.network = new RecurrentNetwork(networkDesign(design), weights);
    this.#gOutputs = new Float64Array(design.bits);
  }

  /**
   * Runs the network on a sum.
   *
   * @param addition The sum; its inputs are read.
   * @returns y_1 … y_T, the predicted digits: a view that the next call overwrites.
   */
  add(addition: BinaryAddition): Float64Array {
    this.network.forward(addition.inputs, addition.bits);
    return this.network.outputs();
  }

  /**
   * Runs the network on a sum and takes one step of gradient descent on the loss.
   *
   * @param addition The sum, with its targets.
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
 * Tells whether every digit of an answer is right after rounding.
 *
 * @example Each output is on the right side of ½.
 * ```ts
 * import { isRight } from "@/tutorial/binary_adder.ts";
 * import { createAddition, toBits, writeAddition } from "@/tutorial/binary_addition.ts";
 * import { assert } from "@std/assert";
 *
 * const sum = createAddition(3);
 * writeAddition(sum, toBits(1, 3), toBits(1, 3)); // 2, lowest digit first: 0 1 0
 * assert(isRight([0.4, 0.9, 0.1], sum));
 * assert(!isRight([0.6, 0.9, 0.1], sum));
 * ```
 * @param answer y_1 … y_T, lowest digit first; above ½ counts as 1.
 * @param addition The sum, with its targets.
 * @returns True if all `T` digits equal the target digits.
 */
export function isRight(answer: ArrayLike<number>, { bits, targets }: BinaryAddition): boolean {
  for (let t = 0; t < bits; t++) if (answer[t] > 0.5 !== targets[t] > 0.5) return false;
  return true;
}

/** One iteration of the published run, measured before its update. */
export interface AdditionIteration {
  /** 0 for the first. */
  readonly iteration: number;
  /** Σ_t |target_t − y_t|. */
  readonly error: number;
  readonly a: number;
  readonly b: number;
  /** The network's answer to a + b. */
  readonly predicted: number;
}

/**
 * Reproduces the published run: 16 hidden units, numbers of 8 digits, learning rate 0.1.
 *
 * The weights are U(−1, 1) from numpy's legacy generator; each iteration then draws a and b below 128.
 *
 * @example The first row that the tutorial prints: 9 + 60 = 1.
 * ```ts
 * import { publishedAdditionRun } from "@/tutorial/binary_adder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [{ error, a, b, predicted }] = publishedAdditionRun({ iterations: 1 });
 * assertEquals([error.toFixed(8), a, b, predicted], ["3.45638663", 9, 60, 1]);
 * ```
 * @param settings Changes to the published settings, seed 0 and 10,000 iterations.
 * @returns A generator of iterations; each is trained when it is requested.
 */
export function* publishedAdditionRun(
  { seed = 0, iterations = 10_000 }: { seed?: number; iterations?: number } = {},
): Generator<AdditionIteration> {
  const random = numpyRandom(seed);
  const adder = createAdder({ hidden: 16, bits: 8 }, { uniform: random.rand });
  const addition = createAddition(8);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const [a, b] = [random.randint(128), random.randint(128)];
    writeAddition(addition, toBits(a, 8), toBits(b, 8));
    const error = adder.learn(addition, 0.1);
    yield { iteration, error, a, b, predicted: fromBits(adder.network.outputs()) };
  }
}
