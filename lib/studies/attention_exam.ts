/**
 * The examination of networks with and without attention on SVO–SOV: answers on sentences of fixed lengths, and where attention
 * looks while the right words are fed.
 *
 * | wording       | the words of the sentences                                                         |
 * | ------------- | ---------------------------------------------------------------------------------- |
 * | as drawn      | as the grammar draws them                                                          |
 * | all different | no two subjects, no two verbs and no two objects are the same word                 |
 * | all the same  | all subjects are one word, and so are all verbs and all objects                    |
 *
 * `S` words in a source, `T` steps of the decoder.
 *
 * @module
 */
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { mean, range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { runDecoder } from "@/models/decoder.ts";
import { decoderWeights } from "@/models/decoder_shape.ts";
import { encoderWeights, runEncoder } from "@/models/encoder.ts";
import {
  decoderShapeOf,
  type EncoderDecoderShape,
  type PairString,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import { type NamedTensors, tensorsOfPart } from "@/models/named_tensors.ts";
import type { AlignedPair } from "@/tasks/grammar.ts";
import { layOutSourceAndTarget, layOutTarget } from "@/tasks/source_and_target.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { svoSovTask } from "@/tasks/svo_sov.ts";
import type { Pair } from "@/tasks/task.ts";
import type { EncoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
import { evaluatePairs } from "@/training/evaluation.ts";

/** How the words of an examination are chosen. */
export const WORDINGS = ["as drawn", "all different", "all the same"] as const;
/** One of them. */
export type Wording = typeof WORDINGS[number];

/** What a network is examined on. */
export interface AttentionExam {
  /** Words of the sentences, as lengths that are examined one by one. */
  readonly lengths: readonly number[];
  /** Sentences of each length that are answered. */
  readonly answered: number;
  /** Of those, the first ones that attention is measured on. */
  readonly attended: number;
}

/** How many words are hidden, and how long the sentences are before which they stand. */
export const HIDDEN_WORDS = { counts: [0, 1, 2, 3], length: 10 };

/** The examination of the study. */
export const ATTENTION_EXAM: AttentionExam = {
  lengths: [3, 5, 8, 12, 16, 20, 24, 32],
  answered: 200,
  attended: 20,
};

/** How a network did on sentences of one length and wording. */
export interface AttentionScore {
  readonly length: number;
  /** Sentences that were right in full (exact match), of those that were answered. */
  readonly exact: number;
  /** The mean share of words that were right before the first error (prefix accuracy). */
  readonly fine: number;
  /** The cross-entropy with the right words fed, in nats per word or terminator. */
  readonly loss: number;
  /** With attention: at each word of the target, the mean weight α on the word that it translates. */
  readonly mass?: readonly number[];
}

/** Where a network looks for a word if the encoder has read m further words before the sentence, whose states are hidden. */
export interface HiddenWordsScore {
  /** m. */
  readonly hidden: number;
  /** The mean weight α on the word that is to be translated. */
  readonly onTrue: number;
  /** That on the word m places before it: the one that the encoder has read as the word of that number. */
  readonly onCounted: number;
}

/** What an examination has found. */
export interface AttentionFindings {
  /** By the wording, one for each length. */
  readonly scores: Readonly<Record<Wording, readonly AttentionScore[]>>;
  /** With attention: one for each number of hidden words. */
  readonly hidden?: readonly HiddenWordsScore[];
}

/**
 * Changes the words of a sentence, and nothing else: a subject stays a subject, and its place in the target stays, too.
 *
 * @example Two subjects, which become one word.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { reword } from "@/studies/attention_exam.ts";
 * import { svoSovTask } from "@/tasks/svo_sov.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const task = svoSovTask(), words = task.vocabulary.words!;
 * const pair = task.sampleAligned(seededRandom(5), { shortest: 4, longest: 4 });
 * const { source, alignment } = reword(pair, "all the same", seededRandom(1));
 * const [one, other] = Array.from(source, (symbol) => words[symbol]);
 * assert(one === other && one.startsWith("s"));
 * assertEquals(alignment, pair.alignment);
 * ```
 * @param pair The sentence.
 * @param wording How the new words are chosen; as drawn, it stays as it is.
 * @param random Where they come from.
 * @returns The sentence and its target in the new words.
 * @throws {RangeError} If all are to be different, and there are not as many words.
 */
export function reword(
  pair: AlignedPair,
  wording: Wording,
  random: Pick<RandomSource, "integer">,
): AlignedPair {
  if (wording === "as drawn") return pair;
  const task = svoSovTask(), words = task.vocabulary.words!;
  const kindOf = (symbol: number) => words[symbol].replace(/\d+$/, "");
  const byKind = Map.groupBy(words.keys(), kindOf);
  const choices = new Map<string, () => number>();
  for (const kind of ["si", "vi", "oi"]) {
    const left = [...byKind.get(kind)!],
      draw = () => left.splice(random.integer(0, left.length), 1);
    const [only] = draw();
    choices.set(
      kind,
      wording === "all the same" ? () => only : () => {
        if (left.length > 0) return draw()[0];
        throw new RangeError(`Cannot reword: wanted fewer words that begin with ${kind}`);
      },
    );
  }
  const source = pair.source.map((symbol) => choices.get(kindOf(symbol))?.() ?? symbol);
  return { ...task.pairOf!(source), alignment: pair.alignment };
}

/**
 * Reads off how much of its attention a network has on the word that it is to translate, with the right words fed.
 *
 * @param weights Of each step α_1 … α_S, `T` × `S`; steps after the last word of the target are left out.
 * @param alignment Of each word of the target its position in the source.
 * @returns α at that position, for each word of the target.
 */
export function massOnTrueWords(weights: Matrix, alignment: ArrayLike<number>): number[] {
  return Array.from(alignment, (s, t) => weights[t][s]);
}

/**
 * Runs a network with attention over a pair, the right words being fed.
 *
 * @param shape Its shape.
 * @param parameters Its parameters.
 * @param string The pair.
 * @returns Of each step α_1 … α_S, `T` × `S`: the alignment matrix.
 */
export function alignmentMatrix(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  string: PairString,
): Matrix {
  return runEncoderDecoder(shape, parameters, string).steps.map(({ attention }) =>
    attention!.weights
  );
}

/**
 * Runs a network with attention over a pair, but lets the encoder read further words before the sentence, whose states the
 * decoder does not get to see. The sentence then has other states, and the same words.
 *
 * @param shape Its shape.
 * @param parameters Its parameters.
 * @param before The further words.
 * @param pair The sentence and its target, which is fed to the decoder.
 * @returns Of each step α_1 … α_S over the words of the sentence, `T` × `S`.
 */
export function attendWithHiddenWords(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  before: readonly number[],
  { source, target }: Pair,
): Matrix {
  const words = [...before, ...source];
  const { final, states } = runEncoder(shape, encoderWeights(shape, parameters), words);
  const weights = decoderWeights(decoderShapeOf(shape), tensorsOfPart("decoder", parameters));
  const given = { start: final, places: states.slice(before.length) };
  const { inputs } = layOutTarget(svoSovTask().vocabulary, target);
  return runDecoder(weights, given, inputs).map(({ attention }) => attention!.weights);
}

/** Where a network looks with m subjects hidden; words that have none m places before them are left out. */
function scoreHiddenWords(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  seed: number,
  strings: number,
  m: number,
): HiddenWordsScore {
  const random = seededRandom(`hidden words, seed ${seed}`);
  const subjects = svoSovTask().vocabulary.words!.keys().filter(isSubject).toArray();
  const pairs = sentencesOf(seed, HIDDEN_WORDS.length, "as drawn", strings);
  const found = pairs.flatMap((pair) => {
    const before = range(m).map(() => subjects[random.integer(0, subjects.length)]);
    const weights = attendWithHiddenWords(shape, parameters, before, pair);
    const places = Array.from(pair.alignment, (s, t) => ({ s, t })).filter(({ s }) => s >= m);
    return places.map(({ s, t }) => [weights[t][s], weights[t][s - m]]);
  });
  const [onTrue, onCounted] = [0, 1].map((k) => rounded(mean(found.map((masses) => masses[k]))));
  return { hidden: m, onTrue, onCounted };
}

const isSubject = (symbol: number) => svoSovTask().vocabulary.words![symbol].startsWith("si");

/** The sentences of an examination; every network with the seed gets the same. */
function sentencesOf(seed: number, length: number, wording: Wording, strings: number) {
  const set = { strings, lengths: { shortest: length, longest: length }, purpose: "test" } as const;
  const pairs = firstPairs({ sample: svoSovTask().sampleAligned }, { ...set, seed });
  const random = seededRandom(`words ${wording}, length ${length}, seed ${seed}`);
  return pairs.map((pair) => reword(pair, wording, random));
}

/** A network as it is examined. */
interface ExaminedNetwork {
  readonly plan: Pick<EncoderDecoderPlan, "task" | "shape" | "order">;
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/**
 * Examines a network.
 *
 * @param network The network.
 * @param seed Of the test sentences.
 * @param exam What it is examined on.
 * @returns Its scores, one for each length, by the wording; with attention also those with hidden words.
 */
export function examineAttention(
  { plan: { task, shape, order }, parameters }: ExaminedNetwork,
  seed: number,
  { lengths, answered, attended }: AttentionExam,
): AttentionFindings {
  const engine = createEncoderDecoderEngine(shape, { build: "strict" });
  engine.setParameters(parameters);
  const network = engineSourceStepper(engine, task.vocabulary, order);
  const reference = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, Float64Array.from(tensor)]),
  );

  function scoreOf(length: number, wording: Wording): AttentionScore {
    const pairs = sentencesOf(seed, length, wording, answered);
    const { exact, fine } = evaluatePairs(network, task, pairs).strict;
    const strings = pairs.map((pair) => layOutSourceAndTarget(task.vocabulary, pair));
    const symbols = strings.reduce((sum, { targets }) => sum + targets.length, 0);
    const { loss } = engine.gradient({ strings, outputWeight: 1 / symbols });
    const score = { length, exact, fine: rounded(fine), loss: rounded(loss) };
    if (shape.attention === "none") return score;
    const masses = range(Math.min(attended, answered)).map((k) =>
      massOnTrueWords(alignmentMatrix(shape, reference, strings[k]), pairs[k].alignment)
    );
    return { ...score, mass: range(length).map((t) => rounded(mean(masses.map((m) => m[t])))) };
  }

  const scores = WORDINGS.map((wording) =>
    [wording, lengths.map((length) => scoreOf(length, wording))] as const
  );
  engine.close();
  const found = { scores: Object.fromEntries(scores) as Record<Wording, AttentionScore[]> };
  if (shape.attention === "none") return found;
  const hidden = HIDDEN_WORDS.counts.map((m) =>
    scoreHiddenWords(shape, reference, seed, attended, m)
  );
  return { ...found, hidden };
}

const rounded = (number: number) => Number(number.toFixed(4));
