/**
 * The tutorial's task of string reversal: read n symbols, then write them in reverse order.
 *
 * A string of n symbols has `T` = 2n steps, n of reading and n of writing. There is no separator; marks distinguish the
 * two halves. Each step has `K` inputs and `K` targets, marks first, then one-hot symbols:
 *
 * | marks | input while reading   | input while writing | used by                         |
 * | ----- | --------------------- | ------------------- | ------------------------------- |
 * | 1     | mark 0 and the symbol | nothing             | the controller of part 5        |
 * | 2     | mark 1 and the symbol | mark 0              | the autoencoder fix of part 6   |
 *
 * Targets are all 0 while reading, and the one-hot symbol while writing.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */

/** The source of random strings: a seeded generator, or numpy's. */
export interface StringDraws {
  /** A whole number in [low, high). */
  integer(low: number, high: number): number;
  /** A number in [0, 1). */
  uniform(): number;
}

/** The alphabet and encoding of the strings. */
export interface ReversalTask {
  /** Number of different symbols. */
  readonly symbols: number;
  /** Number of marks, see above. */
  readonly marks: 1 | 2;
}

/** One string as inputs and targets of a network; allocated once and refilled for each string. */
export interface ReversalString {
  /** n, the current number of symbols. */
  length: number;
  /** The symbols, 0 to `symbols` − 1; only the first n are used. */
  readonly symbols: Uint8Array;
  /** T × `K`. */
  readonly inputs: Float64Array;
  /** T × `K`. */
  readonly targets: Float64Array;
}

/**
 * Counts the inputs of a step, which equal its targets in number.
 *
 * K = marks + symbols
 *
 * @example One mark and five symbols.
 * ```ts
 * import { inputWidth } from "@/tutorial/tutorial_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inputWidth({ symbols: 5, marks: 1 }), 6);
 * ```
 * @param task Alphabet and encoding.
 * @returns `K`.
 */
export function inputWidth(task: ReversalTask): number {
  return task.marks + task.symbols;
}

/**
 * Allocates a string of at most `longest` symbols.
 *
 * @example Four steps of K = 4 numbers: two symbols to read, two to write.
 * ```ts
 * import { createReversalString } from "@/tutorial/tutorial_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const string = createReversalString({ symbols: 2, marks: 2 }, 2);
 * assertEquals([string.length, string.inputs.length, string.targets.length], [0, 16, 16]);
 * ```
 * @param task Alphabet and encoding.
 * @param longest Maximum number of symbols, a whole number of at least 1.
 * @returns An empty string, whose inputs and targets are 2 `longest` × `K`.
 */
export function createReversalString(task: ReversalTask, longest: number): ReversalString {
  const size = 2 * longest * inputWidth(task);
  return {
    length: 0,
    symbols: new Uint8Array(longest),
    inputs: new Float64Array(size),
    targets: new Float64Array(size),
  };
}

/**
 * Draws `length` random symbols and writes their inputs and targets.
 *
 * @example Three symbols, then three steps of writing.
 * ```ts
 * import { createReversalString, drawReversalString } from "@/tutorial/tutorial_reversal.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = { symbols: 2, marks: 2 } as const;
 * const string = createReversalString(task, 3);
 * drawReversalString(task, string, 3, seededRandom(1));
 * // The last input while reading, and the first while writing.
 * const last = string.symbols[2];
 * assertEquals([...string.inputs.slice(8, 16)], [0, 1, 1 - last, last, 1, 0, 0, 0]);
 * // The first target is the last symbol.
 * assertEquals([...string.targets.slice(12, 16)], [0, 0, 1 - last, last]);
 * ```
 * @param task Alphabet and encoding.
 * @param string Overwritten.
 * @param length n, from 1 to the maximum of `string`.
 * @param draws Source of the random symbols, drawn in order.
 * @throws {RangeError} If `length` is not from 1 to the maximum of `string`.
 */
export function drawReversalString(
  task: ReversalTask,
  string: ReversalString,
  length: number,
  draws: StringDraws,
): void {
  if (!(length >= 1 && length <= string.symbols.length)) {
    throw new RangeError(
      `Cannot draw a string: wanted 1 to ${string.symbols.length} symbols, got ${length}`,
    );
  }
  for (let i = 0; i < length; i++) string.symbols[i] = Math.floor(draws.uniform() * task.symbols);
  layOut(task, string, length);
}

/**
 * Allocates a string of just the right size and draws its symbols.
 *
 * @example Two symbols with one mark: four steps of K = 3 numbers.
 * ```ts
 * import { createRandomReversalString } from "@/tutorial/tutorial_reversal.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const string = createRandomReversalString({ symbols: 2, marks: 1 }, 2, seededRandom(1));
 * const [first, second] = string.symbols;
 * assertEquals([...string.inputs], [1, 1 - first, first, 1, 1 - second, second, 0, 0, 0, 0, 0, 0]);
 * ```
 * @param task Alphabet and encoding.
 * @param length n, a whole number of at least 1.
 * @param draws Source of the random symbols, drawn in order.
 * @returns The string, whose inputs and targets are 2n × `K`.
 * @throws {RangeError} If `length` is below 1.
 */
export function createRandomReversalString(
  task: ReversalTask,
  length: number,
  draws: StringDraws,
): ReversalString {
  const string = createReversalString(task, length);
  drawReversalString(task, string, length, draws);
  return string;
}

/**
 * Writes the inputs and targets of the first `length` symbols of a string.
 *
 * @example Symbol 1 of two: the mark and the one-hot symbol as input, then the one-hot symbol as target.
 * ```ts
 * import { createReversalString, layOut } from "@/tutorial/tutorial_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = { symbols: 2, marks: 1 } as const;
 * const string = createReversalString(task, 1);
 * string.symbols[0] = 1;
 * layOut(task, string, 1);
 * assertEquals([...string.inputs], [1, 0, 1, 0, 0, 0]);
 * assertEquals([...string.targets], [0, 0, 0, 0, 0, 1]);
 * ```
 * @param task Alphabet and encoding.
 * @param string Its `symbols` are read, its other fields overwritten.
 * @param length n, from 1 to the maximum of `string`; not checked.
 */
export function layOut(task: ReversalTask, string: ReversalString, length: number): void {
  const K = inputWidth(task), n = length, { inputs, targets, symbols } = string;
  string.length = n;
  inputs.fill(0, 0, 2 * n * K);
  targets.fill(0, 0, 2 * n * K);
  for (let i = 0; i < n; i++) {
    const mirror = 2 * n - 1 - i, place = task.marks + symbols[i];
    inputs[i * K + task.marks - 1] = 1;
    inputs[i * K + place] = 1;
    targets[mirror * K + place] = 1;
    if (task.marks === 2) inputs[mirror * K] = 1;
  }
}
