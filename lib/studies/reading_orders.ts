/**
 * The trainings of notebook 19: an encoder–decoder learns a substitution, with its source and its target in one order or
 * another, and is measured position by position.
 *
 * Before the first update, early and at the end the gradient of the first target's loss is followed back to the source symbol
 * that it is a function of. Reversed, that symbol is read last; otherwise first.
 *
 * `S` symbols in a source.
 *
 * @module
 */
import {
  createEncoderDecoderEngine,
  type EncoderDecoderEngine,
} from "@/engine/encoder_decoder_engine.ts";
import type { Tensors } from "@/engine/engine.ts";
import { mean, range } from "@/math/lists.ts";
import {
  encoderDecoderBackward,
  type EncoderDecoderShape,
  encoderDecoderShapes,
  type PairString,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import { targetLoss } from "@/models/decoder.ts";
import { type NamedTensors, zeroTensors } from "@/models/named_tensors.ts";
import { copyAsFloat64 } from "@/models/sequence_parameters.ts";
import { averagePredictions } from "@/network/averaged_predictions.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { firstPairs, type Purpose } from "@/tasks/streams.ts";
import type { AutoregressiveTask } from "@/tasks/task.ts";
import { defaultEncoderDecoderSettings } from "@/training/encoder_decoder_options.ts";
import { type EncoderDecoderPlan, encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
import { startEncoderDecoderTrainer } from "@/training/encoder_decoder_trainer.ts";
import { forcedScores } from "./forced_scores.ts";

/** Lengths of the training strings. */
export const TRAINED_LENGTHS = "5..20";
/** Lengths of the sources on which the networks are scored at the end. */
export const SCORED_LENGTHS = [5, 7, 10, 14, 20, 28, 40] as const;
/** Lengths on which they are scored while they learn. */
export const COURSE_LENGTHS = [5, 10, 20] as const;
/** Lengths at which the gradient is measured. */
export const GRADIENT_LENGTHS = [5, 10, 20, 40] as const;

/** What is different about a network. */
export interface NetworkSetup {
  /** Its name in the table. */
  readonly name: string;
  readonly reverseSource?: boolean;
  readonly reverseTarget?: boolean;
  readonly bidirectional?: boolean;
  /** Hidden units, of a direction; those of the budget if left out. */
  readonly hidden?: number;
  /** How many symbols that say nothing the encoder reads after the source; 0 if left out. */
  readonly pause?: number;
  /** Lengths of the training strings; {@linkcode TRAINED_LENGTHS} if left out. */
  readonly lengths?: string;
}

/** How much is trained and measured. */
export interface StudyBudget {
  readonly symbols: number;
  readonly hidden: number;
  readonly embedding: number;
  readonly updates: number;
  /** Strings in an update. */
  readonly batch: number;
  /** Updates between two measurements of the course. */
  readonly every: number;
  /** Validation strings of each length of the course. */
  readonly courseStrings: number;
  /** Test strings of each length. */
  readonly testStrings: number;
  /** Test strings of each length whose gradient is followed. */
  readonly gradientStrings: number;
}

/** The scores of a network on test strings of one length. */
export interface LengthScores {
  /** The mean cross-entropy at each position of the target, in nats; the last one is the terminator's. */
  readonly nats: readonly number[];
  /** How many strings are right in full. */
  readonly exact: number;
  /** The mean share of a target before the first mistake. */
  readonly fine: number;
}

/** The record of one training. */
export interface NetworkRecord {
  readonly seed: number;
  /** By the number of updates: nats per symbol on validation strings of each of {@linkcode COURSE_LENGTHS}. */
  readonly course?: Readonly<Record<string, readonly number[]>>;
  /** By the number of updates: the gradient's norm at each of {@linkcode GRADIENT_LENGTHS}. */
  readonly gradient?: Readonly<Record<string, readonly number[]>>;
  /** By the length of the source. */
  readonly scores: Readonly<Record<string, LengthScores>>;
}

/** A network, trained, and what was measured. */
export interface TrainedSetup {
  readonly record: NetworkRecord;
  /** Its logits on the test strings of each of {@linkcode SCORED_LENGTHS}, for the same pairs as every other network of the seed. */
  readonly logits: readonly Float32Array[][];
}

const round = (x: number) => Number(x.toPrecision(4));

/**
 * Resolves a setup to a plan.
 *
 * @example The command that trains the same network, if there is no pause.
 * ```ts
 * import { networkPlan, STUDY_BUDGET } from "@/studies/reading_orders.ts";
 * import { encoderDecoderCommand } from "@/training/encoder_decoder_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = networkPlan({ name: "source reversed", reverseSource: true }, STUDY_BUDGET, 1);
 * assertEquals(
 *   encoderDecoderCommand(plan.settings),
 *   "deno task train --task substitution --architecture encoder-decoder --reverse-source --hidden 32 --embedding 16 " +
 *     "--symbols 8 --lengths 5..20 --strings 64000 --batch 32 --learning-rate 0.008 --build strict --seed 1",
 * );
 * ```
 * @param setup What is different.
 * @param budget Sizes.
 * @param seed Of its parameters and strings.
 * @returns The plan.
 */
export function networkPlan(
  setup: NetworkSetup,
  budget: Pick<StudyBudget, "symbols" | "hidden" | "embedding" | "updates" | "batch">,
  seed: number,
): EncoderDecoderPlan {
  const { reverseSource = false, reverseTarget = false, bidirectional = false, pause = 0 } = setup;
  const { symbols, embedding, updates, batch } = budget;
  const { hidden = budget.hidden, lengths = TRAINED_LENGTHS } = setup;
  const plan = encoderDecoderPlan({
    ...defaultEncoderDecoderSettings(seed),
    ...{ task: "substitution", symbols, embedding, lengths, build: "strict" },
    ...{ reverseSource, reverseTarget, bidirectional, hidden },
    ...{ strings: updates * batch, batch, learningRate: 0.008 },
  });
  return pause === 0 ? plan : { ...plan, task: addPause(plan.task, pause, reverseSource) };
}

/** The budget of the study. */
export const STUDY_BUDGET: StudyBudget = {
  symbols: 8,
  hidden: 32,
  embedding: 16,
  updates: 2000,
  batch: 32,
  every: 200,
  courseStrings: 50,
  testStrings: 200,
  gradientStrings: 10,
};

/**
 * Makes of a task one in which the encoder reads symbols that say nothing, the separator's, after each source.
 *
 * @param task The task; its sources are turned round afterwards if `reverseSource` says so.
 * @param pause How many.
 * @param reverseSource Whether the source is read from its end.
 * @returns The task; it can no longer be decoded by `decodeGreedily`, for which a separator ends the source.
 */
function addPause(
  task: AutoregressiveTask,
  pause: number,
  reverseSource: boolean,
): AutoregressiveTask {
  const silence = new Array<number>(pause).fill(task.vocabulary.separator);
  return {
    ...task,
    sample(random, lengths) {
      const { source, target } = task.sample(random, lengths);
      const read = reverseSource ? [...silence, ...source] : [...source, ...silence];
      return { source: Int32Array.from(read), target };
    },
  };
}

/** The first strings of a length, laid out as a network reads them; the task has reversed their targets, if they are. */
function stringsOf(
  { task, order, seed }: EncoderDecoderPlan,
  purpose: Purpose,
  length: number,
  strings: number,
): PairString[] {
  const lengths = { shortest: length, longest: length };
  return firstPairs(task, { strings, purpose, seed, lengths })
    .map((pair) =>
      layOutSourceAndTarget(task.vocabulary, pair, { ...order, reverseTarget: false })
    );
}

/**
 * Follows the loss of one target back to the source.
 *
 * ‖∂L_t/∂e_s‖ for each symbol of the source, over both directions of the encoder
 *
 * @example Before training most of it comes from the symbols that were read last.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialEncoderDecoder } from "@/models/encoder_decoder.ts";
 * import { sourceGradients } from "@/studies/reading_orders.ts";
 * import { assertLess } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, symbols: 5, attentionWidth: 0 };
 * const shape = { cell: "lstm", attention: "none", ...sizes } as const;
 * const parameters = initialEncoderDecoder(shape, seededRandom(1));
 * const string = { source: [0, 1, 2, 0, 1, 2], inputs: [3, 1], targets: [1, 4] };
 * const norms = sourceGradients(shape, parameters, string, 0);
 * assertLess(norms[0], norms[5]);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param string A pair.
 * @param t Which target, from 0.
 * @returns A norm for each symbol of the source, in the order in which it is read, `S`.
 */
export function sourceGradients(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  { source, inputs, targets }: PairString,
  t: number,
): number[] {
  const string = { source, inputs: inputs.slice(0, t + 1), targets: targets.slice(0, t + 1) };
  const trace = runEncoderDecoder(shape, parameters, string);
  const only = string.targets.map((target, k) => k === t ? target : -1);
  const { gLogits } = targetLoss(trace.logits, only, 1);
  const unused = zeroTensors(encoderDecoderShapes(shape));
  const gEmbedded = encoderDecoderBackward(shape, parameters, unused, string, trace, gLogits);
  return source.map((_, s) => Math.hypot(...gEmbedded.flatMap((rows) => rows[s])));
}

/** The gradient's norm at the source symbol of the first target, at each length. */
function measureGradient(
  plan: EncoderDecoderPlan,
  parameters: Tensors,
  strings: number,
): number[] {
  const { shape, order: { reverseSource, reverseTarget } } = plan,
    exact = copyAsFloat64(parameters);
  return GRADIENT_LENGTHS.map((length) => {
    const own = reverseSource && !reverseTarget ? length - 1 : 0;
    const norms = stringsOf(plan, "test", length, strings)
      .map((string) => sourceGradients(shape, exact, string, 0)[own]);
    return round(mean(norms));
  });
}

/** The logits on strings, of as many at a time as one update has. */
function logitsOf(engine: EncoderDecoderEngine, strings: readonly PairString[]): Float32Array[] {
  const size = 50, parts = range(Math.ceil(strings.length / size));
  return parts.flatMap((n) =>
    engine.logits({ strings: strings.slice(n * size, (n + 1) * size), outputWeight: 1 })
  );
}

function scoresOf(
  logits: readonly ArrayLike<number>[],
  strings: readonly PairString[],
): LengthScores {
  const { nats, exact, fine } = forcedScores(logits, strings.map(({ targets }) => targets));
  return { nats: nats.map(round), exact, fine: round(fine) };
}

/**
 * Trains a network and measures it.
 *
 * @param setup What is different about it.
 * @param budget How much.
 * @param seed Of its parameters and strings.
 * @returns Its record, the same on every machine, and its logits on the test strings.
 */
export function trainNetwork(setup: NetworkSetup, budget: StudyBudget, seed: number): TrainedSetup {
  const plan = networkPlan(setup, budget, seed), { updates, every } = budget;
  const trainer = startEncoderDecoderTrainer(plan);
  const engine = createEncoderDecoderEngine(plan.shape, { build: "strict" });
  const test = SCORED_LENGTHS.map((length) => stringsOf(plan, "test", length, budget.testStrings));
  const validation = COURSE_LENGTHS.map((length) =>
    stringsOf(plan, "validation", length, budget.courseStrings)
  );
  const course: Record<string, number[]> = {}, gradient: Record<string, number[]> = {};
  for (;;) {
    const done = trainer.updates, isMeasured = done % every === 0 || done === updates;
    if (isMeasured) {
      engine.setParameters(trainer.parameters());
      course[done] = validation.map((strings) =>
        round(mean(scoresOf(logitsOf(engine, strings), strings).nats))
      );
    }
    if ([0, every, updates].includes(done)) {
      gradient[done] = measureGradient(plan, trainer.parameters(), budget.gradientStrings);
    }
    if (done === updates) break;
    trainer.update();
  }
  const logits = test.map((strings) => logitsOf(engine, strings));
  const scores = SCORED_LENGTHS.map((length, n) => [length, scoresOf(logits[n], test[n])]);
  trainer.close();
  engine.close();
  return { record: { seed, course, gradient, scores: Object.fromEntries(scores) }, logits };
}

/**
 * Averages the predictions of two networks that write the same targets.
 *
 * ln (½ p + ½ p')
 *
 * @param setup Of either of them, for the strings.
 * @param budget The budget of both.
 * @param seed Of both.
 * @param logits Of both, as {@linkcode trainNetwork} returned them.
 * @returns The record of the averages.
 */
export function averagedRecord(
  setup: NetworkSetup,
  budget: StudyBudget,
  seed: number,
  logits: readonly TrainedSetup["logits"][],
): NetworkRecord {
  const plan = networkPlan(setup, budget, seed), K = plan.shape.symbols;
  const scores = SCORED_LENGTHS.map((length, n) => {
    const strings = stringsOf(plan, "test", length, budget.testStrings);
    const averages = strings.map(({ targets }, i) =>
      targets.flatMap((_, t) =>
        averagePredictions(logits.map((of) => [...of[n][i].subarray(t * K, (t + 1) * K)]))
      )
    );
    return [length, scoresOf(averages, strings)];
  });
  return { seed, scores: Object.fromEntries(scores) };
}
