/**
 * Truncated backpropagation through time on endless streams, in which symbols are to be recalled after a delay D.
 *
 * A stream is one string of `remembering_a_symbol.ts` after the other: a symbol, D − 1 symbols of noise, and a question
 * mark, D steps after the symbol, where it is wanted; then a pause of 0 to 3 symbols of noise, so that windows end at any
 * place of a string. The streams begin at random places of their first strings.
 *
 * An update reads the next k symbols of each stream, its *window*, and the gradient flows back to the window's beginning
 * and no further. A symbol and the question about it are in one window in max(0, k − D) of k cases. The state at the end of
 * a window is carried to the next one, or the next one starts from h_0, which is trained.
 *
 * Source: Williams and Peng 1990, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
 * Trajectories".
 *
 * @module
 */
import { createEngine, type Engine } from "@/engine/engine.ts";
import { range, sum } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { CellStates, SequenceString } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { CellName } from "@/models/sequence_shape.ts";
import { BATCH, drawString, networkShape, QUESTION } from "./remembering_a_symbol.ts";

/** The most steps that a network reads of each of its streams. */
export const STREAM_LENGTH = 24_576;
/** The least share of right answers of a network that has learned a delay. */
export const LEARNED_SHARE = 0.95;
/** Steps of a stream after which a network is examined. */
export const STEPS_TO_EXAM = 4096;

/** The longest pause between two strings, in steps. */
const LONGEST_PAUSE = 3;
/** Adam's learning rate, and the length at which the gradient is clipped. */
const [RATE, CLIP] = [0.01, 1];
/** Streams of an examination, and questions in each, of which the first does not count. */
const [EXAM_STREAMS, EXAM_QUESTIONS] = [32, 6];
/** Answers that count in an examination of one delay. */
export const EXAM_ANSWERS = EXAM_STREAMS * (EXAM_QUESTIONS - 1);

/** How a network is trained. */
export interface TruncatedTraining {
  /** The delays in its streams, of which one is drawn for each string; whole numbers of at least 1. */
  readonly delays: readonly number[];
  /** k, the steps of a window; at least 1. */
  readonly window: number;
  /** Whether the state at the end of a window is where the next one starts. */
  readonly carry: boolean;
  /** Of the parameters and the streams, which do not depend on the window. */
  readonly seed: number | string;
  /** The kind of its hidden units; a GRU if left out. */
  readonly cell?: CellName;
}

/** A network that learns from windows. */
export interface WindowLearner {
  readonly engine: Engine;
  /** Steps of each stream that it has read. */
  readonly steps: number;
  /** Makes one update, on the next window of each stream, and returns its loss. */
  learn(): number;
}

/** The result of a training. */
export interface WindowResult extends Pick<WindowLearner, "engine" | "steps"> {
  /** The share of right answers at each delay of the examination. */
  readonly right: readonly number[];
}

/** A step of a stream: what is read, and the target, −1 if there is none. */
export type StreamStep = readonly [input: number, target: number];

/** Draws a string and the pause after it. */
function drawPart(delay: number, draws: Pick<RandomSource, "integer">): StreamStep[] {
  const { inputs, targets } = drawString(delay - 1, draws);
  const pause = range(draws.integer(0, LONGEST_PAUSE + 1))
    .map((): StreamStep => [draws.integer(QUESTION / 2, QUESTION), -1]);
  return [...inputs.map((input, t): StreamStep => [input, targets[t]]), ...pause];
}

/** Makes a string of steps. */
function joinSteps(steps: readonly StreamStep[]): SequenceString {
  return { inputs: steps.map(([input]) => input), targets: steps.map(([, target]) => target) };
}

/**
 * Draws a stream without end.
 *
 * @example Two strings with a delay of 2 and pauses of 2; the first one has lost its first two symbols.
 * ```ts
 * import { drawStream } from "@/tutorial/recalling_in_a_stream.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draws = { integer: (low: number, high: number) => (low + high) >> 1 };
 * const stream = drawStream([2], draws);
 * const inputs = [1, 2, 3, 4, 5, 6].map(() => stream.next().value[0]);
 * assertEquals(inputs, [8, 6, 6, 2, 6, 8]);
 * ```
 * @param delays The delays, of which one is drawn for each string.
 * @param draws Source of the random numbers.
 * @returns The steps, one after the other.
 * @throws {RangeError} When a step is taken, if a delay is not a whole number of at least 1.
 */
export function* drawStream(
  delays: readonly number[],
  draws: Pick<RandomSource, "integer">,
): Generator<StreamStep, never> {
  const next = () => drawPart(delays[draws.integer(0, delays.length)], draws);
  const first = next();
  yield* first.slice(draws.integer(0, first.length));
  while (true) yield* next();
}

/**
 * Creates a network that has learned nothing yet: one layer of 16 units.
 *
 * An update follows the gradient of the mean loss of a question, on 16 streams side by side, clipped at 1, with Adam and a
 * learning rate of 0.01. The engine's strict build computes the same bits on every machine.
 *
 * @example The first loss is about that of knowing nothing.
 * ```ts
 * import { createWindowLearner } from "@/tutorial/recalling_in_a_stream.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const learner = createWindowLearner({ delays: [1], window: 100, carry: true, seed: 1 });
 * assertAlmostEquals(learner.learn(), Math.log(9), 0.5); // the model has nine symbols to choose from
 * assertEquals(learner.steps, 100);
 * ```
 * @param training How it is trained.
 * @returns The network.
 * @throws {TypeError} If the seed is neither a number nor a text.
 * @throws {RangeError} If the window is not a whole number of at least 1, or the seed NaN or infinite; when it learns, if a
 *   delay is not a whole number of at least 1.
 */
export function createWindowLearner(training: TruncatedTraining): WindowLearner {
  const { delays, window, carry, seed, cell = "gru" } = training;
  if (!(Number.isSafeInteger(window) && window >= 1)) {
    throw new RangeError(`Cannot train: wanted a window of at least 1, got ${window}`);
  }
  const shape = networkShape(cell), engine = createEngine(shape, { build: "strict" });
  engine.setParameters(initialParameters(shape, seededRandom(`parameters, seed ${seed}`)));
  const streams = range(BATCH)
    .map((b) => drawStream(delays, seededRandom(`stream ${b}, seed ${seed}`)));
  const stepsPerQuestion = sum(delays) / delays.length + 1 + LONGEST_PAUSE / 2;
  const outputWeight = stepsPerQuestion / (BATCH * window);
  let steps = 0, carried: readonly CellStates[] = [];
  return {
    engine,
    get steps() {
      return steps;
    },
    learn() {
      const strings = streams.map((stream, b) => ({
        ...joinSteps(range(window).map(() => stream.next().value)),
        start: carried[b], // undefined is h_0
      }));
      const optimizer = { rule: "adam", rate: RATE, clip: CLIP } as const;
      const { loss } = engine.update({ strings, outputWeight }, optimizer);
      if (carry) carried = engine.finalStates();
      steps += window;
      return loss;
    },
  };
}

/**
 * Computes the share of right answers after a delay, on new streams that are read in one piece, without windows; for each
 * delay they are the same for all networks. The first question of each stream does not count.
 *
 * @example A network that has learned nothing guesses, at best, among the four possible answers.
 * ```ts
 * import { createWindowLearner, shareRight } from "@/tutorial/recalling_in_a_stream.ts";
 * import { assertLess } from "@std/assert";
 *
 * const { engine } = createWindowLearner({ delays: [5], window: 10, carry: true, seed: 1 });
 * assertLess(shareRight(engine, 5), 0.5);
 * ```
 * @param engine The network.
 * @param delay The delay of all questions, a whole number of at least 1.
 * @returns The share, from 0 to 1.
 * @throws {RangeError} If the delay is not a whole number of at least 1.
 */
export function shareRight(engine: Engine, delay: number): number {
  const draws = seededRandom("exam");
  const strings = range(EXAM_STREAMS)
    .map(() => joinSteps(range(EXAM_QUESTIONS).flatMap(() => drawPart(delay, draws))));
  const logits = engine.logits({ strings, outputWeight: 1 }), K = engine.shape.symbols;
  const answers = strings.flatMap(({ targets }, b) => {
    const asked = range(targets.length).filter((t) => targets[t] >= 0);
    return asked.slice(1).map((t) => {
      const ofStep = logits[b].subarray(t * K, (t + 1) * K);
      return ofStep.indexOf(Math.max(...ofStep)) === targets[t];
    });
  });
  return answers.filter((isRight) => isRight).length / answers.length;
}

/**
 * Trains a network until it has learned all delays of its examination, or has read as much of its streams as it may.
 *
 * @example Within a window of 8 steps, a delay of 2 is soon learned.
 * ```ts
 * import { trainOnWindows } from "@/tutorial/recalling_in_a_stream.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { right, steps } = trainOnWindows({ delays: [2], window: 8, carry: true, seed: 1 });
 * assertEquals([right, steps], [[1], 4096]);
 * ```
 * @param training How it is trained.
 * @param exam The delays at which it is examined; those of the training if left out.
 * @returns The network, how many steps it has read, and its examination.
 * @throws {TypeError} If the seed is neither a number nor a text.
 * @throws {RangeError} If a number is not what it must be.
 */
export function trainOnWindows(
  training: TruncatedTraining,
  exam: readonly number[] = training.delays,
): WindowResult {
  const learner = createWindowLearner(training), { engine } = learner;
  for (;;) {
    const until = learner.steps + STEPS_TO_EXAM;
    while (learner.steps < until) learner.learn();
    const right = exam.map((delay) => shareRight(engine, delay)), { steps } = learner;
    if (steps >= STREAM_LENGTH || right.every((share) => share >= LEARNED_SHARE)) {
      return { engine, steps, right };
    }
  }
}
