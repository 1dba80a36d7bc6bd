/**
 * The task of remembering one symbol over a gap, and small recurrent networks that learn it.
 *
 * A string begins with the symbol to remember. Then comes noise, and a question mark, where the symbol is wanted:
 *
 * | step   | 1         | 2 … gap + 1  | gap + 2    |
 * | ------ | --------- | ------------ | ---------- |
 * | input  | x, 0 … 3  | noise, 4 … 7 | 8          |
 * | target | none      | none         | x          |
 *
 * A network that knows the four possible answers, and nothing of the string, has a loss of ln 4.
 *
 * `H` = 16 hidden units, `E` = 8 numbers for each of `K` = 9 symbols.
 *
 * Source: Bengio et al. 1994, "Learning Long-Term Dependencies with Gradient Descent is Difficult", for a class that is
 * told at the beginning and asked for after noise; there with two classes.
 *
 * @module
 */
import { createEngine, type Engine } from "@/engine/engine.ts";
import type { Figure } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { mean, range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import type { SequenceString } from "@/models/sequence_batch.ts";
import {
  copyAsFloat64,
  initialParameters,
  type SequenceParameters,
  type SequenceWeights,
  sequenceWeights,
} from "@/models/sequence_parameters.ts";
import type { CellName, SequenceModelShape } from "@/models/sequence_shape.ts";
import { product, sum as addVectors } from "@/network/affine.ts";
import {
  type CellState,
  type CellStep,
  type CellWeights,
  startCell,
  stepCell,
} from "@/network/cell.ts";
import { embed } from "@/network/embedding.ts";

/** Number of symbols to remember, and of those that are noise. */
const CHOICES = 4;
/** The last input of a string. */
export const QUESTION = 2 * CHOICES;
/** `H`, the number of hidden units. */
export const HIDDEN = 16;
/** Strings in an update. */
export const BATCH = 16;
/** The most updates of a training, if no other number is given. */
export const BUDGET = 600;

/** Adam's learning rate, if no other is given, and the length at which the gradient is clipped. */
const RATE = 0.01;
const CLIP = 1;
/** A network has learned if the mean loss of so many updates is below a threshold. */
const LAST_UPDATES = 20;
const LEARNED_LOSS = 0.05;
/** Strings in an examination, which are the same for every network. */
const EXAM_STRINGS = 100;

/** How a vanilla network starts. */
export interface RnnStart {
  /** What it is called in charts and tables. */
  readonly name: string;
  readonly cell: "rnn";
  /** Whether W_h starts as the identity, so that each unit keeps itself; if left out, it is drawn. */
  readonly identityLoop?: boolean;
}

/** How an LSTM starts. */
export interface LstmStart {
  /** What it is called in charts and tables. */
  readonly name: string;
  readonly cell: "lstm";
  /** The bias of the forget gates, 0 if left out. */
  readonly forgetBias?: number;
  /** The bias of the input gates, 0 if left out. */
  readonly inputBias?: number;
  /** The factor on the candidates' weights, 1 if left out. */
  readonly candidateScale?: number;
}

/** How a network starts. */
export type Start = RnnStart | LstmStart;

/** A network that is being trained. */
export interface Learner {
  readonly start: Start;
  /** The network. */
  readonly engine: Engine;
  /** The loss of each update so far. */
  readonly losses: readonly number[];
  /** Makes one update, on new strings, and returns their number; it can be called without its object. */
  learn(): number;
}

/** How long and how fast a network is trained. */
export interface LearningOptions {
  /** The most updates; {@linkcode BUDGET} if left out. */
  readonly budget?: number;
  /** Adam's learning rate; 0.01 if left out. */
  readonly rate?: number;
}

/**
 * Describes the network: one layer, without a memory.
 *
 * @example Its sizes.
 * ```ts
 * import { networkShape } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { hidden, embedding, symbols } = networkShape("lstm");
 * assertEquals([hidden, embedding, symbols], [16, 8, 9]);
 * ```
 * @param cell The kind of its hidden units.
 * @returns The shape of the sequence model.
 */
export function networkShape(cell: CellName): SequenceModelShape {
  const sizes = { layers: 1, hidden: HIDDEN, embedding: 8, valueWidth: 0, symbols: QUESTION + 1 };
  return { cell, memory: "none", ...sizes };
}

/**
 * Draws a string: the symbol to remember, noise, and the question mark.
 *
 * @example Only the last step has a target, and that is the first symbol.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { drawString } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { inputs, targets } = drawString(3, seededRandom(1));
 * assertEquals(targets, [-1, -1, -1, -1, inputs[0]]);
 * assertEquals(inputs[4], 8); // the question mark
 * ```
 * @param gap Number of noise symbols, a whole number of at least 0.
 * @param draws Source of the random symbols, drawn in order.
 * @returns gap + 2 inputs and as many targets.
 * @throws {RangeError} If the gap is not a whole number of at least 0.
 */
export function drawString(gap: number, draws: Pick<RandomSource, "integer">): SequenceString {
  if (!(Number.isInteger(gap) && gap >= 0)) {
    throw new RangeError(`Cannot draw a string: wanted a gap of at least 0, got ${gap}`);
  }
  const symbol = draws.integer(0, CHOICES);
  const noise = range(gap).map(() => draws.integer(CHOICES, QUESTION));
  const none = new Array<number>(gap + 1).fill(-1);
  return { inputs: [symbol, ...noise, QUESTION], targets: [...none, symbol] };
}

/**
 * Draws a network's parameters before training.
 *
 * Weights are uniform from −1/√n to 1/√n with n the inputs of each sum, and all biases 0 but those that the start names.
 *
 * @example An LSTM with open forget gates; the gates lie in the order i, f, g, o.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { drawParameters } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const start = { name: "open", cell: "lstm", forgetBias: 5 } as const;
 * const bias = drawParameters(start, seededRandom(1))["cells.0.bias"];
 * assertEquals([0, 16, 32, 48].map((k) => bias[k]), [0, 5, 0, 0]);
 * ```
 * @param start How the network starts.
 * @param draws Source of the random weights.
 * @returns The parameters by name.
 * @throws {RangeError} If the forget gates' bias is NaN or infinite.
 */
export function drawParameters(start: Start, draws: RandomSource): SequenceParameters {
  const shape = networkShape(start.cell);
  if (start.cell === "rnn") {
    const parameters = initialParameters(shape, draws);
    if (start.identityLoop) setIdentity(parameters["cells.0.weight_hh"]);
    return parameters;
  }
  const { forgetBias = 0, inputBias = 0, candidateScale = 1 } = start;
  const parameters = initialParameters(shape, draws, { forgetBias });
  parameters["cells.0.bias"].fill(inputBias, 0, HIDDEN);
  scaleCandidates(parameters["cells.0.weight_ih"], candidateScale);
  scaleCandidates(parameters["cells.0.weight_hh"], candidateScale);
  return parameters;
}

/** Overwrites a matrix of `H` × `H`. */
function setIdentity(W: Float64Array): void {
  W.fill(0);
  for (let k = 0; k < HIDDEN; k++) W[k * HIDDEN + k] = 1;
}

/** Multiplies the third of four blocks of rows. */
function scaleCandidates(W: Float64Array, factor: number): void {
  const block = W.length / 4; // i, f, g, o
  for (let k = 2 * block; k < 3 * block; k++) W[k] *= factor;
}

/**
 * Creates a network that has learned nothing yet.
 *
 * An update follows the mean gradient of 16 new strings, clipped at 1, with Adam. The engine's strict build computes the
 * same bits on every machine.
 *
 * @example The first loss is about that of knowing nothing.
 * ```ts
 * import { createLearner } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const learner = createLearner({ name: "vanilla", cell: "rnn" }, 5, 1);
 * learner.learn();
 * assertAlmostEquals(learner.losses[0], Math.log(9), 0.5); // the model has nine symbols to choose from
 * ```
 * @param start How it starts.
 * @param gap Number of noise symbols in its strings, a whole number of at least 0.
 * @param seed Of its parameters and its strings.
 * @param rate Adam's learning rate.
 * @returns The network.
 * @throws {TypeError} If the seed is neither a number nor a text.
 * @throws {RangeError} If the seed or the forget gates' bias is NaN or infinite; when it learns, if the gap is not a whole
 *   number of at least 0, or the rate negative, NaN or infinite.
 */
export function createLearner(
  start: Start,
  gap: number,
  seed: number | string,
  rate: number = RATE,
): Learner {
  const draws = seededRandom(seed);
  const engine = createEngine(networkShape(start.cell), { build: "strict" });
  engine.setParameters(drawParameters(start, draws));
  const losses: number[] = [];
  const learn = () => {
    const strings = range(BATCH).map(() => drawString(gap, draws));
    const batch = { strings, outputWeight: 1 / BATCH };
    losses.push(engine.update(batch, { rule: "adam", rate, clip: CLIP }).loss);
    return BATCH;
  };
  return { start, engine, losses, learn };
}

/**
 * Decides whether a network has learned its gap: the mean loss of its last 20 updates is below 0.05.
 *
 * @example Before the first update it has not.
 * ```ts
 * import { createLearner, hasLearned } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasLearned(createLearner({ name: "vanilla", cell: "rnn" }, 5, 1)), false);
 * ```
 * @param learner Its losses.
 * @returns Whether it has; false before the 20th update.
 */
export function hasLearned({ losses }: Pick<Learner, "losses">): boolean {
  return losses.length >= LAST_UPDATES && mean(losses.slice(-LAST_UPDATES)) < LEARNED_LOSS;
}

/**
 * Trains a network until it has learned its gap or its updates are spent.
 *
 * @example One symbol of noise is soon learned.
 * ```ts
 * import { hasLearned, trainLearner } from "@/tutorial/remembering_a_symbol.ts";
 * import { assert } from "@std/assert";
 *
 * assert(hasLearned(trainLearner({ name: "vanilla", cell: "rnn" }, 1, 1)));
 * ```
 * @param start How it starts.
 * @param gap Number of noise symbols in its strings, a whole number of at least 0.
 * @param seed Of its parameters and its strings.
 * @param options How long and how fast.
 * @returns The network after training.
 * @throws {TypeError} If the seed is neither a number nor a text.
 * @throws {RangeError} If the gap is not a whole number of at least 0, the rate is negative, or a number is NaN or
 *   infinite.
 */
export function trainLearner(
  start: Start,
  gap: number,
  seed: number | string,
  { budget = BUDGET, rate = RATE }: LearningOptions = {},
): Learner {
  const learner = createLearner(start, gap, seed, rate);
  while (learner.losses.length < budget && !hasLearned(learner)) learner.learn();
  return learner;
}

/**
 * Counts how many of a hundred new strings a network answers right; for each gap they are the same for all networks.
 *
 * @example After training on a gap of 1 it answers all right.
 * ```ts
 * import { countRightAnswers, trainLearner } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const learner = trainLearner({ name: "vanilla", cell: "rnn" }, 1, 1);
 * assertEquals(countRightAnswers(learner, 1), 100);
 * ```
 * @param learner The network.
 * @param gap Number of noise symbols in the strings, which may differ from that of its training.
 * @returns A number from 0 to 100.
 * @throws {RangeError} If the gap is not a whole number of at least 0.
 */
export function countRightAnswers({ engine }: Pick<Learner, "engine">, gap: number): number {
  const draws = seededRandom("exam");
  const strings = range(EXAM_STRINGS).map(() => drawString(gap, draws));
  const logits = engine.logits({ strings, outputWeight: 1 });
  return strings.filter(({ targets }, k) => {
    const answers = logits[k].subarray(-engine.shape.symbols); // at the last step
    return answers.indexOf(Math.max(...answers)) === targets.at(-1);
  }).length;
}

/**
 * Averages losses over ten updates each; what is left at the end does not count.
 *
 * @example Three updates are too few for another mean.
 * ```ts
 * import { meansOfTen } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(meansOfTen([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 99, 99]), [5.5]);
 * ```
 * @param losses The loss of each update.
 * @returns A mean for every ten of them.
 */
export function meansOfTen(losses: readonly number[]): Vector {
  return range(Math.floor(losses.length / 10))
    .map((k) => mean(losses.slice(10 * k, 10 * k + 10)));
}

/**
 * Draws the losses of networks over their updates, as means of ten; the first point of each line is ln 4, the loss of
 * knowing nothing of the string.
 *
 * @example The claim becomes the title when the updates are spent.
 * ```ts
 * import { createLearner, lossChart } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const learner = createLearner({ name: "vanilla", cell: "rnn" }, 5, 1);
 * const { layout } = lossChart("It learns", [learner]);
 * assertEquals(layout.title?.text, "Learning to remember a symbol");
 * ```
 * @param claim The title when all have spent their {@linkcode BUDGET}.
 * @param learners The networks, at least one.
 * @returns The figure.
 */
export function lossChart(claim: string, learners: readonly Learner[]): Figure {
  const areDone = learners.every(({ losses }) => losses.length >= BUDGET);
  return lineChart({
    title: areDone ? claim : "Learning to remember a symbol",
    lines: learners.map(({ start: { name }, losses }) => {
      const y = [Math.log(CHOICES), ...meansOfTen(losses)];
      return { name, x: y.map((_, k) => 10 * k), y };
    }),
    xTitle: "updates",
    yTitle: "loss, mean of ten updates",
    levels: [{ name: `guess: ln ${CHOICES}`, y: Math.log(CHOICES) }],
  });
}

/**
 * Copies a network's parameters out, for the Float64 reference.
 *
 * @example Four blocks of 16 biases, those of the forget gates second.
 * ```ts
 * import { createLearner, readWeights } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const learner = createLearner({ name: "open", cell: "lstm", forgetBias: 5 }, 20, 1);
 * const { cells: [{ b }] } = readWeights(learner);
 * assertEquals([b.length, b[16]], [64, 5]);
 * ```
 * @param learner The network.
 * @returns The weights by the part of the model to which they belong; they share nothing with the network.
 */
export function readWeights({ engine }: Pick<Learner, "engine">): SequenceWeights {
  return sequenceWeights(engine.shape, copyAsFloat64(engine.parameters()));
}

/**
 * Reads symbols with the Float64 reference, from the network's own start or from another state.
 *
 * @example Reading in two parts is the same as reading at once.
 * ```ts
 * import { createLearner, readSymbols, readWeights } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = readWeights(createLearner({ name: "LSTM", cell: "lstm" }, 5, 1));
 * const [first, second] = readSymbols(weights, [2, 7]);
 * assertEquals(readSymbols(weights, [7], first), [second]);
 * ```
 * @param weights The network's.
 * @param symbols The inputs, each from 0 to 8.
 * @param state The state before the first of them; if left out, that in which the network starts.
 * @returns A step of the cell for each symbol.
 * @throws {RangeError} If there is no such symbol.
 */
export function readSymbols(
  { cells: [cell], embedding }: SequenceWeights,
  symbols: readonly number[],
  state: CellState = startCell(cell),
): CellStep[] {
  const steps: CellStep[] = [], width = embedding.length / (QUESTION + 1);
  for (const symbol of symbols) {
    steps.push(stepCell(cell, embed(embedding, width, symbol), steps.at(-1) ?? state));
  }
  return steps;
}

/**
 * Lets a network that has learned nothing read a string; both are drawn from seed 1.
 *
 * @example Open forget gates.
 * ```ts
 * import { readBeforeLearning } from "@/tutorial/remembering_a_symbol.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { steps } = readBeforeLearning({ name: "open", cell: "lstm", forgetBias: 5 }, 3);
 * assertEquals(steps.length, 5);
 * assert("f" in steps[4] && steps[4].f.every((f) => f > 0.9));
 * ```
 * @param start How the network starts.
 * @param gap Number of noise symbols in the string, a whole number of at least 0.
 * @returns The network's cell, and its steps, gap + 2.
 * @throws {RangeError} If the gap is not a whole number of at least 0, or the forget gates' bias is NaN or infinite.
 */
export function readBeforeLearning(
  start: Start,
  gap: number,
): { readonly cell: CellWeights; readonly steps: CellStep[] } {
  const draws = seededRandom(1), parameters = drawParameters(start, draws);
  const weights = sequenceWeights(networkShape(start.cell), parameters);
  const steps = readSymbols(weights, drawString(gap, draws).inputs);
  return { cell: weights.cells[0], steps };
}

/**
 * Tells which symbol a network gives as its answer.
 *
 * answer = argmax_k (W_l h + b_l)_k
 *
 * @example All parameters 0 but one bias.
 * ```ts
 * import { zeroParameters, sequenceWeights } from "@/models/sequence_parameters.ts";
 * import { answerOf, networkShape } from "@/tutorial/remembering_a_symbol.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = networkShape("rnn"), parameters = zeroParameters(shape);
 * parameters["logits.bias"][3] = 1;
 * assertEquals(answerOf(sequenceWeights(shape, parameters), new Array(16).fill(0)), 3);
 * ```
 * @param weights The network's.
 * @param h What its cell shows, `H`.
 * @returns A symbol, from 0 to 8; of equally likely ones the first.
 */
export function answerOf({ Wl, bl }: SequenceWeights, h: Vector): number {
  const logits = addVectors(product(Wl, h), bl);
  return logits.indexOf(Math.max(...logits));
}
