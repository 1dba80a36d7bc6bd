/**
 * What a task is: a vocabulary, a sampler of pairs, and the layout of a pair into inputs and targets.
 *
 * A pair is a source and the target that belongs to it; the target's length is the pair's own. Most tasks are
 * autoregressive: the network reads the source to its end, then writes the target, fed at each step the symbol before.
 *
 * | step   | 1     | 2   | … | k + 1 | k + 2     | k + 3 | … | k + m + 2  |
 * | ------ | ----- | --- | - | ----- | --------- | ----- | - | ---------- |
 * | input  | start | a_1 | … | a_k   | separator | b_1   | … | b_m        |
 * | target |       |     |   |       | b_1       | b_2   | … | terminator |
 *
 * The others answer in place: all their inputs are given, and some of their steps have a target. Many have blanks after the
 * source, and a target at every blank (`blanks.ts`); others have targets among the symbols of the source.
 *
 * k symbols in a source, m in a target, `T` steps, `K` symbols in a vocabulary.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";

/** The target of a step that has none. */
export const NO_TARGET = -1;

/** The symbols of a task: n characters (or words), 0 … n − 1, then its marks. */
export interface Vocabulary {
  /** n. */
  readonly characters: number;
  /** In a task on characters of its own, the character of each symbol below n. */
  readonly alphabet?: string;
  /** In a task on words, the word of each symbol below n. */
  readonly words?: readonly string[];
  /** The name of each symbol from n on. */
  readonly marks: readonly string[];
  /** The mark that ends an answer, where the network has to say where that is. */
  readonly terminator?: number;
  /** `K`, characters and marks. */
  readonly size: number;
}

/** The symbols of an autoregressive task: `K` = n + 3. */
export interface AutoregressiveVocabulary extends Vocabulary {
  /** Comes before the source. */
  readonly start: number;
  /** Comes after the source, and asks for the target. */
  readonly separator: number;
  /** Ends the target. */
  readonly terminator: number;
}

/** A source and its target, both without marks. */
export interface Pair {
  /** a_1 … a_k. */
  readonly source: Int32Array;
  /** b_1 … b_m. */
  readonly target: Int32Array;
}

/** A pair as a network is trained on it, `T` entries in each list. */
export interface LaidOutPair {
  readonly inputs: number[];
  /** {@linkcode NO_TARGET} where no output is asked for. */
  readonly targets: number[];
  /** The symbol that the pushed value should stand for (auxiliary loss); {@linkcode NO_TARGET} elsewhere. */
  readonly valueTargets: number[];
  /** Whether each step should take something off the memory (anchor); left out by tasks that do not say. */
  readonly popping?: boolean[];
}

/** Lengths of sources, in symbols; every length is equally likely. */
export interface LengthRange {
  readonly shortest: number;
  readonly longest: number;
}

/** The lengths of a task's sources in training and afterwards, as its source has them. */
export interface TaskLengths {
  /** Of training strings. */
  readonly training: LengthRange;
  /** Of the test strings of a network that was trained on those. */
  readonly test: LengthRange;
  /** Lengths that early stopping looks at, beyond twice the longest of the training; none where that is left to the test. */
  readonly validation: readonly number[];
}

/** The lengths of Grefenstette et al. 2015, section 4; the validation's are this project's. */
export const PAPER_LENGTHS: TaskLengths = {
  training: { shortest: 8, longest: 64 },
  test: { shortest: 65, longest: 128 },
  validation: [1000, 10_000],
};

/** Strings that are as deep as is asked for. */
export interface DeepStrings {
  /** What a depth counts, in the plural, such as "undos in a row". */
  readonly noun: string;
  /** Draws a pair of a depth of at least 1. */
  sample(random: Pick<RandomSource, "integer">, depth: number): Pair;
}

/** What every task has: its symbols, how pairs are drawn, and how a pair is laid out. */
interface TaskCommon {
  /** Its name on the command line. */
  readonly name: string;
  /** Its name in sentences and in weights files, such as "string copying". */
  readonly title: string;
  readonly vocabulary: Vocabulary;
  readonly lengths: TaskLengths;
  /**
   * Draws a pair.
   *
   * @throws {RangeError} If the lengths are no range.
   */
  sample(random: Pick<RandomSource, "integer" | "uniform">, lengths: LengthRange): Pair;
  /**
   * The pair of a source; left out by a task in which a source alone does not say its target.
   *
   * @throws {NoTargetError} If the task has no target for the source.
   * @throws {RangeError} If the source is empty or holds anything but characters.
   */
  pairOf?(source: ArrayLike<number>): Pair;
  /** Lays out a pair into inputs and targets. */
  layOut(pair: Pair): LaidOutPair;
  /** Strings that are hard for their depth; left out by tasks whose strings have none. */
  readonly deep?: DeepStrings;
}

/** A task in which the network is fed its own output while it writes. */
export interface AutoregressiveTask extends TaskCommon {
  readonly autoregressive: true;
  readonly vocabulary: AutoregressiveVocabulary;
  /** The most symbols, terminator included, that an answer to a source of k symbols may have; decoding stops there. */
  longestTarget(k: number): number;
}

/** A task in which the network answers in place: at the steps of the layout that have a target. */
export interface InPlaceTask extends TaskCommon {
  readonly autoregressive: false;
}

/** A task on sequences. */
export type Task = AutoregressiveTask | InPlaceTask;

/**
 * Finds the lengths of test strings for a network that was trained on other lengths than the task's: as many times as long.
 *
 * @example The paper tests on lengths up to twice those of the training.
 * ```ts
 * import { PAPER_LENGTHS, testLengths } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(testLengths(PAPER_LENGTHS, { shortest: 8, longest: 64 }), { shortest: 65, longest: 128 });
 * assertEquals(testLengths(PAPER_LENGTHS, { shortest: 2, longest: 12 }), { shortest: 13, longest: 24 });
 * ```
 * @param lengths The task's.
 * @param trained Those that the network was trained on.
 * @returns Lengths from the first beyond the training on.
 */
export function testLengths({ training, test }: TaskLengths, trained: LengthRange): LengthRange {
  const shortest = trained.longest + 1, factor = test.longest / training.longest;
  return { shortest, longest: Math.max(shortest, Math.round(trained.longest * factor)) };
}

/**
 * Numbers the symbols of an autoregressive task.
 *
 * @example The three marks come after the characters.
 * ```ts
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, separator, terminator, size } = createVocabulary(16);
 * assertEquals([start, separator, terminator, size], [16, 17, 18, 19]);
 * assertEquals(createVocabulary().characters, 128);
 * ```
 * @param characters n, a whole number of at least 1; the 128 of ASCII if left out.
 * @returns The vocabulary.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function createVocabulary(characters = 128): AutoregressiveVocabulary {
  // Symbols travel in Int32Arrays.
  if (!(Number.isInteger(characters) && characters >= 1 && characters <= 2 ** 31 - 4)) {
    throw new RangeError(`Cannot number symbols: wanted 1 character or more, got ${characters}`);
  }
  return {
    characters,
    marks: ["start", "separator", "terminator"],
    start: characters,
    separator: characters + 1,
    terminator: characters + 2,
    size: characters + 3,
  };
}

/**
 * Lays out a pair for teacher forcing: each step is fed the right symbol, whatever the network would have written.
 *
 * @example Two symbols in, one out.
 * ```ts
 * import { createVocabulary, teacherForced } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [start, separator, terminator] = [3, 4, 5];
 * const pair = { source: Int32Array.of(0, 2), target: Int32Array.of(1) };
 * const { inputs, targets, valueTargets } = teacherForced(createVocabulary(3), pair);
 * assertEquals(inputs, [start, 0, 2, separator, 1]);
 * assertEquals(targets, [-1, -1, -1, 1, terminator]);
 * assertEquals(valueTargets, [-1, 0, 2, -1, -1]);
 * ```
 * @param vocabulary The task's symbols.
 * @param pair Source and target.
 * @returns Inputs and targets, T = k + m + 2.
 */
export function teacherForced(
  vocabulary: AutoregressiveVocabulary,
  { source, target }: Pair,
): LaidOutPair {
  const k = source.length, m = target.length, T = k + m + 2;
  const inputs = new Array<number>(T).fill(vocabulary.start);
  const targets = new Array<number>(T).fill(NO_TARGET);
  const valueTargets = new Array<number>(T).fill(NO_TARGET);
  for (let i = 0; i < k; i++) inputs[1 + i] = valueTargets[1 + i] = source[i];
  inputs[k + 1] = vocabulary.separator;
  for (let i = 0; i < m; i++) inputs[k + 2 + i] = targets[k + 1 + i] = target[i];
  targets[T - 1] = vocabulary.terminator;
  return { inputs, targets, valueTargets };
}

/**
 * What a network should write for a pair: the targets of its layout, one after the other.
 *
 * @example Of an autoregressive task: the target and the terminator.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { expectedAnswer } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(4);
 * assertEquals([...expectedAnswer(task, task.pairOf!([2, 0]))], [2, 0, task.vocabulary.terminator]);
 * ```
 * @param task The task.
 * @param pair Source and target.
 * @returns Symbols.
 */
export function expectedAnswer(task: Pick<Task, "layOut">, pair: Pair): Int32Array {
  return Int32Array.from(task.layOut(pair).targets.filter((symbol) => symbol !== NO_TARGET));
}

/**
 * Draws a string of characters: first its length, then its characters, with replacement.
 *
 * @example Characters from a small set.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { createVocabulary, drawCharacters } from "@/tasks/task.ts";
 * import { assert } from "@std/assert";
 *
 * const lengths = { shortest: 8, longest: 64 };
 * const string = drawCharacters(seededRandom(1), createVocabulary(2), lengths);
 * assert(string.length >= 8 && string.length <= 64);
 * assert(string.every((character) => character === 0 || character === 1));
 * ```
 * @param random Where numbers come from.
 * @param vocabulary The task's symbols.
 * @param lengths How long the string may be.
 * @param evenLengths Whether k must be even; if the range has no even length, k is the next one.
 * @returns a_1 … a_k.
 * @throws {RangeError} If the lengths are no range.
 */
export function drawCharacters(
  random: Pick<RandomSource, "integer">,
  { characters }: Vocabulary,
  lengths: LengthRange,
  evenLengths = false,
): Int32Array {
  checkLengths(lengths);
  const string = new Int32Array(drawLength(random, lengths, evenLengths));
  for (let i = 0; i < string.length; i++) string[i] = random.integer(0, characters);
  return string;
}

/**
 * Draws a length of a range, each one equally likely.
 *
 * @param random Where numbers come from.
 * @param lengths The range.
 * @param even Whether only even lengths are drawn; if the range has none, it is the next one.
 * @returns The length.
 */
export function drawLength(
  random: Pick<RandomSource, "integer">,
  { shortest, longest }: LengthRange,
  even = false,
): number {
  if (!even) return random.integer(shortest, longest + 1);
  const least = Math.ceil(shortest / 2), most = Math.max(least, Math.floor(longest / 2));
  return 2 * random.integer(least, most + 1);
}

/**
 * Checks a range of lengths; throws a {@linkcode RangeError} unless it is whole numbers of at least 1, shortest first.
 */
export function checkLengths({ shortest, longest }: LengthRange): void {
  const whole = Number.isSafeInteger(shortest) && Number.isSafeInteger(longest);
  if (!(whole && shortest >= 1 && longest >= shortest)) {
    throw new RangeError(
      `Cannot draw strings: wanted lengths of at least 1, shortest first, got ${shortest}..${longest}`,
    );
  }
}

/**
 * Checks that a source can be read.
 *
 * @example A mark is no character.
 * ```ts
 * import { checkSource, createVocabulary } from "@/tasks/task.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkSource(createVocabulary(3), [0, 4]),
 *   RangeError,
 *   "Cannot read a source: wanted characters from 0 to 2, got 4 at 1",
 * );
 * ```
 * @param vocabulary The task's symbols.
 * @param source a_1 … a_k.
 * @throws {RangeError} If the source is empty or holds anything but characters.
 */
export function checkSource({ characters }: Vocabulary, source: ArrayLike<number>): void {
  if (source.length === 0) {
    throw new RangeError("Cannot read a source: wanted at least 1 character, got 0");
  }
  for (let i = 0; i < source.length; i++) {
    const a = source[i];
    if (!(Number.isInteger(a) && a >= 0 && a < characters)) {
      const wanted = `characters from 0 to ${characters - 1}`;
      throw new RangeError(`Cannot read a source: wanted ${wanted}, got ${a} at ${i}`);
    }
  }
}

/** A source that can be read, but has no target: one of odd length, or a sentence outside the task's grammar. */
export class NoTargetError extends RangeError {
  override readonly name = "NoTargetError";

  /**
   * @param wanted What would have a target.
   * @param got What the source is instead.
   */
  constructor(readonly wanted: string, readonly got: string) {
    super(`Cannot find the target: wanted ${wanted}, got ${got}`);
  }
}

/** What distinguishes one task on strings of characters from another. */
export interface CharacterTaskRule {
  readonly name: string;
  readonly title: string;
  /** Whether only sources of even length have a target. */
  readonly evenLengths?: boolean;
  /** Writes the target of a source of k characters into as many places. */
  target(source: ArrayLike<number>): Int32Array;
}

/**
 * Makes an autoregressive task on strings of independent, uniform characters whose target is a function of its source and
 * as long.
 *
 * @param rule Its names and its target.
 * @param characters n.
 * @returns The task; an answer to k characters may have 2k symbols.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function characterTask(
  { name, title, evenLengths = false, target }: CharacterTaskRule,
  characters: number | undefined,
): AutoregressiveTask {
  const vocabulary = createVocabulary(characters);
  return {
    name,
    title,
    vocabulary,
    lengths: PAPER_LENGTHS,
    autoregressive: true,
    sample(random, lengths) {
      const source = drawCharacters(random, vocabulary, lengths, evenLengths);
      return { source, target: target(source) };
    },
    pairOf(source) {
      checkSource(vocabulary, source);
      if (evenLengths && source.length % 2 !== 0) {
        throw new NoTargetError("an even number of characters", String(source.length));
      }
      return { source: Int32Array.from(source), target: target(source) };
    },
    layOut: (pair) => teacherForced(vocabulary, pair),
    longestTarget: (k) => 2 * k,
  };
}
