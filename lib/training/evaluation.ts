/**
 * What a network for string reversal is worth: its answers to strings of a named stream, decoded greedily
 * and scored.
 *
 * Strings go through the network in groups of like length, so that little is computed for those that have
 * ended; between two steps the caller may show how far it is, listen for a Ctrl-C, or stop. Groups depend
 * on the strings alone, so that the same strings always give the same scores to the last digit.
 *
 * @module
 */
import { decodingSteps, type SequenceStepper } from "@/tasks/decoding.ts";
import { publishedScores, type ReversalScores, strictScores } from "@/tasks/scores.ts";
import { firstStrings, type LengthRange, type ReversalPurpose } from "@/tasks/streams.ts";
import { checkCharacters, type ReversalSymbols, reversalTarget } from "@/tasks/reversal.ts";
import type { ReversalPlan } from "./plan.ts";

/** The most strings side by side. */
const MOST_TOGETHER = 64;
/** As many characters as a group of more than one string may have: all of them may lie on its stacks. */
const GROUP_CHARACTERS = 100_000;

/** The share of a group that is done at most, as long as not every answer has ended. */
const NOT_YET = 0.99;

/** Which strings: the first of a stream. */
export interface EvaluationSet {
  /** How many. */
  readonly strings: number;
  /** Of how many characters. */
  readonly lengths: LengthRange;
  /** What they are drawn for. */
  readonly purpose: ReversalPurpose;
  readonly seed: number;
}

/** Strings of one stream; the seed is the run's. */
export interface StringSet {
  readonly purpose: ReversalPurpose;
  readonly strings: number;
  readonly lengths: LengthRange;
}

/** The scores of one set of answers. */
export interface ReversalEvaluation {
  /** As this project counts. */
  readonly strict: ReversalScores;
  /** As published code counts, for comparison with published figures only. */
  readonly published: ReversalScores;
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** Strings that have been answered, their whole groups included. */
  readonly answered: number;
  /** The share of the work that is done, from 0 to 1; exact where the network ends its answers in time. */
  readonly share: number;
}

/**
 * Scores a network on the first strings of a stream.
 *
 * @example A network that writes its terminator whatever it has read.
 * ```ts
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { evaluateReversal } from "@/training/evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * const lengths = { shortest: 8, longest: 64 };
 * const set = { strings: 10, lengths, purpose: "validation", seed: 1 } as const;
 * const { strict, published } = evaluateReversal(silent, symbols, set);
 * assertEquals([strict.coarse, strict.fine, published.coarse], [0, 0, 0]);
 * ```
 * @param network The network.
 * @param symbols The symbols of the task.
 * @param set Which strings.
 * @param onProgress Called after every step of the network, thousands of times a second.
 * @returns The scores.
 * @throws {RangeError} If there are no strings to draw, or the network gives a NaN.
 */
export function evaluateReversal(
  network: SequenceStepper,
  symbols: ReversalSymbols,
  { strings, lengths, purpose, seed }: EvaluationSet,
  onProgress: (progress: EvaluationProgress) => void = () => {},
): ReversalEvaluation {
  const drawn = firstStrings(strings, seed, purpose, symbols, lengths);
  const steps = evaluationSteps(network, symbols, drawn);
  for (let next = steps.next();; next = steps.next()) {
    if (next.done) return next.value;
    onProgress(next.value);
  }
}

/**
 * Scores a network on given strings, a step at a time.
 *
 * @example Stopped half-way, as by someone who has seen enough.
 * ```ts
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { evaluationSteps } from "@/training/evaluation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * const strings = Array.from({ length: 128 }, () => [0, 1]);
 * for (const { answered, share } of evaluationSteps(silent, symbols, strings)) {
 *   if (share < 0.5) continue;
 *   assertEquals(answered, 64);
 *   break;
 * }
 * ```
 * @param network The network.
 * @param symbols The symbols of the task.
 * @param strings The strings, each of at least one character.
 * @returns A generator that yields after each step of the network, and returns the scores.
 * @throws {RangeError} If there are no strings, one is empty or holds anything but characters, or the
 * network gives a NaN.
 */
export function* evaluationSteps(
  network: SequenceStepper,
  symbols: ReversalSymbols,
  strings: readonly ArrayLike<number>[],
): Generator<EvaluationProgress, ReversalEvaluation> {
  for (const string of strings) checkCharacters(symbols, string);
  const sorted = strings.toSorted((a, b) => a.length - b.length), all = charactersIn(sorted);
  let [answered, done] = [0, 0], [strict, published] = [NOTHING, NOTHING];
  for (const group of groupsOf(sorted)) {
    const steps = decodingSteps(network, symbols, group);
    const characters = charactersIn(group), longest = group[group.length - 1].length;
    let next = steps.next();
    for (let t = 1; !next.done; t++, next = steps.next()) {
      const share = Math.min(NOT_YET, t / (2 * longest + 2)); // T = 2k + 2, if answers end in time
      yield { answered, share: (done + share * characters) / all };
    }
    const targets = group.map((string) => reversalTarget(symbols, string));
    strict = together(strict, strictScores(next.value, targets));
    published = together(published, publishedScores(next.value, targets));
    answered += group.length;
    done += characters;
    yield { answered, share: done / all };
  }
  if (answered === 0) throw new RangeError("Cannot score: wanted at least 1 string, got 0");
  return { strict, published };
}

function charactersIn(strings: readonly ArrayLike<number>[]): number {
  return strings.reduce((sum, { length }) => sum + length, 0);
}

const NOTHING: ReversalScores = { strings: 0, exact: 0, coarse: 0, fine: 0 };

/** Strings in their order, as many together as are allowed. */
function groupsOf(sorted: readonly ArrayLike<number>[]): ArrayLike<number>[][] {
  const groups: ArrayLike<number>[][] = [];
  for (const string of sorted) {
    const last = groups.at(-1);
    const fits = last && last.length < MOST_TOGETHER &&
      (last.length + 1) * string.length <= GROUP_CHARACTERS;
    if (fits) last.push(string);
    else groups.push([string]);
  }
  return groups;
}

/** The scores of two sets of answers as one. */
function together(a: ReversalScores, b: ReversalScores): ReversalScores {
  const strings = a.strings + b.strings, exact = a.exact + b.exact;
  const fine = (a.fine * a.strings + b.fine * b.strings) / strings;
  return { strings, exact, coarse: exact / strings, fine };
}

/**
 * Scores a network on one set after another.
 *
 * @example Two sets, of which the second is not asked for.
 * ```ts
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { setScoresSteps } from "@/training/evaluation.ts";
 * import { allAtOnce } from "@/training/steps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * const set = { purpose: "validation", strings: 3, lengths: { shortest: 1, longest: 4 } } as const;
 * const right = ({ coarse }: { coarse: number }) => coarse === 1;
 * const scores = allAtOnce(setScoresSteps(silent, { symbols, seed: 1 }, [set, set], right));
 * assertEquals(scores, [{ strings: 3, exact: 0, coarse: 0, fine: 0 }]);
 * ```
 * @param network The network.
 * @param plan The symbols of the task and the seed of the strings.
 * @param sets The sets, in their order.
 * @param goOn Whether the next set is asked for, after the scores of one; always, if left out.
 * @returns A generator that yields the share of all sets that is done after each step of the network, and
 * returns the scores of each set that was asked for.
 * @throws {RangeError} If the network gives a NaN.
 */
export function* setScoresSteps(
  network: SequenceStepper,
  { symbols, seed }: Pick<ReversalPlan, "symbols" | "seed">,
  sets: readonly StringSet[],
  goOn: (scores: ReversalScores) => boolean = () => true,
): Generator<number, ReversalScores[]> {
  const total = sets.reduce((sum, set) => sum + charactersOf(set), 0);
  const scores: ReversalScores[] = [];
  let done = 0;
  for (const set of sets) {
    const drawn = firstStrings(set.strings, seed, set.purpose, symbols, set.lengths);
    const steps = evaluationSteps(network, symbols, drawn);
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      yield (done + next.value.share * charactersOf(set)) / total;
    }
    scores.push(next.value.strict);
    if (!goOn(next.value.strict)) break;
    done += charactersOf(set);
  }
  return scores;
}

/** About as many as a set has. */
function charactersOf({ strings, lengths: { shortest, longest } }: StringSet): number {
  return strings * (shortest + longest) / 2;
}
