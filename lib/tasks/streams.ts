/**
 * Streams of random pairs, one for each purpose.
 *
 * What decides when to stop training or which network to keep may look at validation pairs, and at further ones,
 * most of them longer, of a stream of their own; test pairs are for the final scores alone. So each purpose has its stream, and no stream is part
 * of another.
 *
 * @module
 */
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { checkLengths, type DeepStrings, type LengthRange, type Pair } from "./task.ts";

/** What pairs are drawn for. */
export type Purpose = "training" | "validation" | "longer validation" | "test";

/**
 * Opens the stream of a seed, a purpose and a range of lengths.
 *
 * Its state can be kept, and continued by `restoreRandom`. Streams of different lengths differ too, so that test strings
 * of 1,000 characters do not begin as those of 100 do.
 *
 * @example The same seed, other numbers for another purpose.
 * ```ts
 * import { openStream } from "@/tasks/streams.ts";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const lengths = { shortest: 8, longest: 8 };
 * const first = (purpose: "training" | "test") => openStream(7, purpose, lengths).integer(0, 1e9);
 * assertEquals(first("test"), first("test"));
 * assertNotEquals(first("test"), first("training"));
 * ```
 * @param seed A finite number.
 * @param purpose What the pairs are for.
 * @param lengths Of the sources that will be drawn.
 * @returns A stream at its start.
 * @throws {RangeError} If the seed is not finite, or the lengths are no range.
 */
export function openStream(
  seed: number,
  purpose: Purpose,
  { shortest, longest }: LengthRange,
): RandomSource {
  checkLengths({ shortest, longest });
  if (!Number.isFinite(seed)) {
    throw new RangeError(`Cannot open a stream of strings: wanted a finite seed, got ${seed}`);
  }
  return seededRandom(`${purpose} strings of ${shortest} to ${longest} characters, seed ${seed}`);
}

/**
 * Draws test pairs of a depth, the same ones every time, from a stream of their own.
 *
 * @example Three undos in a row.
 * ```ts
 * import { deepPairs } from "@/tasks/streams.ts";
 * import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = undoFlipFlopTask(), undo = 4;
 * const [{ source }] = deepPairs(task.deep!, { strings: 1, seed: 7, depth: 3 });
 * assertEquals(source.filter((symbol) => symbol === undo).length, 3);
 * ```
 * @param deep The task's deep strings.
 * @param set How many pairs, of which depth and which seed.
 * @returns The pairs.
 */
export function deepPairs(
  deep: DeepStrings,
  { strings, seed, depth }: {
    readonly strings: number;
    readonly seed: number;
    readonly depth: number;
  },
): Pair[] {
  const random = seededRandom(`test strings of depth ${depth}, seed ${seed}`);
  return Array.from({ length: strings }, () => deep.sample(random, depth));
}

/** What draws pairs: a task, or what draws its pairs with more about them. */
export interface PairSampler<Drawn extends Pair> {
  sample(random: RandomSource, lengths: LengthRange): Drawn;
}

/** The first pairs of a stream: a set to validate or to test on. */
export interface PairSet {
  /** How many, at least 1. */
  readonly strings: number;
  /** Of the sources. */
  readonly lengths: LengthRange;
  readonly purpose: Purpose;
  readonly seed: number;
}

/**
 * Draws the first pairs of a stream, the same ones every time.
 *
 * @example A thousand test pairs.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { firstPairs } from "@/tasks/streams.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = { shortest: 65, longest: 128 };
 * const set = { strings: 1000, seed: 7, purpose: "test", lengths } as const;
 * assertEquals(firstPairs(copyTask(), set).length, 1000);
 * ```
 * @example With their alignment.
 * ```ts
 * import { firstPairs } from "@/tasks/streams.ts";
 * import { svoSovTask } from "@/tasks/svo_sov.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = { shortest: 3, longest: 3 };
 * const set = { strings: 1, seed: 7, purpose: "test", lengths } as const;
 * const [{ alignment }] = firstPairs({ sample: svoSovTask().sampleAligned }, set);
 * assertEquals([...alignment], [0, 2, 1]); // subject, object, verb
 * ```
 * @param task Which task.
 * @param set Which stream, and how many.
 * @returns The pairs.
 * @throws {RangeError} If there are none to draw, the seed is not finite or the lengths are no range.
 */
export function firstPairs<Drawn extends Pair = Pair>(
  task: PairSampler<Drawn>,
  { strings, seed, purpose, lengths }: PairSet,
): Drawn[] {
  if (!(Number.isSafeInteger(strings) && strings >= 1)) {
    throw new RangeError(`Cannot draw strings: wanted 1 string or more, got ${strings}`);
  }
  const random = openStream(seed, purpose, lengths);
  return Array.from({ length: strings }, () => task.sample(random, lengths));
}

/**
 * Says whether a task has strings of some length of a range. If it has none, it draws strings of the nearest length.
 *
 * @example Brackets that are all closed are an even number.
 * ```ts
 * import { createTask } from "@/tasks/tasks.ts";
 * import { hasLengths } from "@/tasks/streams.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const brackets = createTask("dyck-2");
 * assertEquals(hasLengths(brackets, { shortest: 3, longest: 3 }), false);
 * assertEquals(hasLengths(brackets, { shortest: 3, longest: 4 }), true);
 * ```
 * @param task The task.
 * @param lengths The range.
 * @returns Whether it has any.
 */
export function hasLengths(task: PairSampler<Pair>, lengths: LengthRange): boolean {
  const { source } = task.sample(seededRandom("any string"), lengths);
  return source.length >= lengths.shortest && source.length <= lengths.longest;
}
