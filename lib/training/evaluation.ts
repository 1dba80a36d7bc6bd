/**
 * Evaluation: a network's answers to pairs of a named stream, decoded greedily and scored.
 *
 * Pairs go through the network in groups of like length, so that little is computed for strings that have ended. Groups
 * depend on the pairs alone: the same pairs always give the same scores to the last digit.
 *
 * @module
 */
import { answerPairs, type SymbolStepper } from "@/tasks/decoding.ts";
import {
  perTokenAccuracy,
  publishedScores,
  rightBeforeMistake,
  type Scores,
  strictScores,
} from "@/tasks/scores.ts";
import { firstPairs, type PairSet } from "@/tasks/streams.ts";
import { expectedAnswer, type Pair, type Task } from "@/tasks/task.ts";

/** The most strings side by side. */
const MOST_TOGETHER = 64;
/** The most symbols in the sources of a group of more than one: all of them may lie in its memories. */
const GROUP_SYMBOLS = 100_000;

/** The share of a group that counts as done while not every answer has ended. */
const ALMOST_DONE = 0.99;

/** The scores of one set of answers. */
export interface Evaluation {
  /** As this project counts. */
  readonly strict: Scores;
  /** As published code counts, for comparison with published figures only. */
  readonly published: Scores;
  /** As the length-generalization benchmarks count, see `perTokenAccuracy`. */
  readonly perToken: number;
}

/** How far an evaluation has come. */
export interface EvaluationProgress {
  /** Strings whose whole group has been answered. */
  readonly answered: number;
  /** The share of the work that is done, from 0 to 1; an estimate within a group. */
  readonly share: number;
}

/** Receives an evaluation's progress after every step of the network; it may throw in order to stop it. */
export type OnEvaluation = (progress: EvaluationProgress) => void;

/**
 * Scores a network on the first pairs of a stream.
 *
 * @example A network that writes its terminator whatever it has read.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { evaluateNetwork } from "@/training/evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { size } = task.vocabulary;
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) => Float32Array.from({ length: fed.length * size }, (_, i) => i % size),
 * };
 * const lengths = { shortest: 8, longest: 64 };
 * const set = { strings: 10, lengths, purpose: "validation", seed: 1 } as const;
 * const { strict, published } = evaluateNetwork(silent, task, set);
 * assertEquals([strict.coarse, strict.fine, published.coarse], [0, 0, 0]);
 * ```
 * @param network The network.
 * @param task The task.
 * @param set Which pairs.
 * @param onProgress Receives the progress.
 * @returns The scores.
 * @throws {RangeError} If there are no pairs to draw, or the network gives a NaN.
 */
export function evaluateNetwork(
  network: SymbolStepper,
  task: Task,
  set: PairSet,
  onProgress: OnEvaluation = () => {},
): Evaluation {
  return evaluatePairs(network, task, firstPairs(task, set), onProgress);
}

/**
 * Scores a network on given pairs.
 *
 * @param network The network.
 * @param task The task.
 * @param pairs At least one.
 * @param onProgress Receives the progress.
 * @returns The scores.
 * @throws {RangeError} If there are no pairs, or the network gives a NaN.
 */
export function evaluatePairs(
  network: SymbolStepper,
  task: Task,
  pairs: readonly Pair[],
  onProgress: OnEvaluation = () => {},
): Evaluation {
  if (pairs.length === 0) throw new RangeError("Cannot score: wanted at least 1 string, got 0");
  const all = symbolsIn(pairs);
  let [answered, done] = [0, 0];
  const evaluations = groupPairs(pairs).map((group) => {
    const symbols = symbolsIn(group);
    const steps = Math.max(...group.map((pair) => task.layOut(pair).inputs.length));
    let t = 0;
    const evaluation = evaluateGroup(network, task, group, () => {
      const share = Math.min(ALMOST_DONE, ++t / steps);
      onProgress({ answered, share: (done + share * symbols) / all });
    });
    [answered, done] = [answered + group.length, done + symbols];
    onProgress({ answered, share: done / all });
    return evaluation;
  });
  return uniteEvaluations(evaluations);
}

/**
 * Counts, for each pair, the symbols that a network writes before its first mistake.
 *
 * @example A network that writes nothing but 1.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { countRightSymbols } from "@/training/evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { size } = task.vocabulary;
 * const ones = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * size }, (_, i) => i % size === 1 ? 1 : 0),
 * };
 * const pairs = [[1, 1, 0], [0, 1, 1]].map((source) => task.pairOf!(source));
 * assertEquals(countRightSymbols(ones, task, pairs), [2, 0]);
 * ```
 * @param network The network.
 * @param task The task.
 * @param pairs They go through the network side by side.
 * @returns A count for each pair; a right answer counts its terminator too.
 * @throws {RangeError} If the network gives a NaN.
 */
export function countRightSymbols(
  network: SymbolStepper,
  task: Task,
  pairs: readonly Pair[],
): number[] {
  const answers = answerPairs(network, task, pairs);
  return answers.map((answer, k) => rightBeforeMistake(answer, expectedAnswer(task, pairs[k])));
}

/** Scores a network on pairs that go through it side by side. */
export function evaluateGroup(
  network: SymbolStepper,
  task: Task,
  group: readonly Pair[],
  onStep: () => void = () => {},
): Evaluation {
  const answers = answerPairs(network, task, group, onStep);
  const targets = group.map((pair) => expectedAnswer(task, pair));
  return {
    strict: strictScores(answers, targets),
    published: publishedScores(answers, targets),
    perToken: perTokenAccuracy(answers, targets),
  };
}

/** The scores of several sets of answers as those of one, added up in their order. */
export function uniteEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const unite = (of: "strict" | "published") =>
    evaluations.map((each) => each[of]).reduce(unitedScores, NO_SCORES);
  const strict = unite("strict");
  const right = evaluations.reduce((sum, each) => sum + each.perToken * each.strict.strings, 0);
  return { strict, published: unite("published"), perToken: right / strict.strings };
}

const NO_SCORES: Scores = { strings: 0, exact: 0, coarse: 0, fine: 0 };

function unitedScores(a: Scores, b: Scores): Scores {
  const strings = a.strings + b.strings, exact = a.exact + b.exact;
  const fine = (a.fine * a.strings + b.fine * b.strings) / strings;
  return { strings, exact, coarse: exact / strings, fine };
}

function symbolsIn(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { source }) => sum + source.length, 0);
}

/** Pairs by the length of their sources, as many together as are allowed. */
export function groupPairs(pairs: readonly Pair[]): Pair[][] {
  const groups: Pair[][] = [];
  for (const pair of pairs.toSorted((a, b) => a.source.length - b.source.length)) {
    const last = groups.at(-1);
    const fits = last && last.length < MOST_TOGETHER &&
      (last.length + 1) * pair.source.length <= GROUP_SYMBOLS;
    if (fits) last.push(pair);
    else groups.push([pair]);
  }
  return groups;
}

/** A set of pairs of a run; the seed is the run's. */
export type RunPairSet = Omit<PairSet, "seed">;

/** Scores one set at a time; {@linkcode evaluateNetwork} with a network in place, or something that spreads the work. */
export type EvaluateSet = (set: PairSet, onProgress: OnEvaluation) => Evaluation;

/**
 * Scores a network on one set after another.
 *
 * @example The second of two sets is not evaluated, since the first was not answered in full.
 * ```ts
 * import { scoreSets } from "@/training/evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = { strings: 3, exact: 2, coarse: 2 / 3, fine: 0.9 };
 * const set = { purpose: "validation", strings: 3, lengths: { shortest: 1, longest: 4 } } as const;
 * const evaluation = { strict: scores, published: scores, perToken: 0.9 };
 * const found = scoreSets(() => evaluation, 1, [set, set], {
 *   continueWhile: ({ coarse }) => coarse === 1,
 * });
 * assertEquals(found, [scores]);
 * ```
 * @param evaluate Scores one set.
 * @param seed Of the pairs.
 * @param sets The sets, in their order.
 * @param options `continueWhile`: whether to evaluate the next set, after the scores of one (always, if left out);
 * `onProgress`: receives the share of all sets that is done after every step of the network.
 * @returns The scores of each set that was evaluated.
 * @throws {RangeError} If the network gives a NaN.
 */
export function scoreSets(
  evaluate: EvaluateSet,
  seed: number,
  sets: readonly RunPairSet[],
  { continueWhile = () => true, onProgress = () => {} }: {
    readonly continueWhile?: (scores: Scores) => boolean;
    readonly onProgress?: (share: number) => void;
  } = {},
): Scores[] {
  const total = sets.reduce((sum, set) => sum + expectedSymbols(set), 0), scores: Scores[] = [];
  let done = 0;
  for (const set of sets) {
    const symbols = expectedSymbols(set);
    const { strict } = evaluate(
      { ...set, seed },
      ({ share }) => onProgress((done + share * symbols) / total),
    );
    scores.push(strict);
    if (!continueWhile(strict)) break;
    done += symbols;
  }
  return scores;
}

/** How many symbols the sources of a set have on average. */
function expectedSymbols({ strings, lengths: { shortest, longest } }: RunPairSet): number {
  return strings * (shortest + longest) / 2;
}
