/**
 * The tutorial's strings: read a few symbols, then write them in reverse order.
 *
 * A string of n symbols takes T = 2n steps, n of reading and n of writing. There is no separator;
 * a mark says which half is which. `K` inputs and targets a step; the first of them are marks:
 *
 * | marks | input while reading          | input while writing | used by                          |
 * | ----- | ---------------------------- | ------------------- | -------------------------------- |
 * | 1     | mark 0 and the symbol        | nothing             | the controller that cheats       |
 * | 2     | mark 1 and the symbol        | mark 0              | its mended form, the autoencoder |
 *
 * Targets are all 0 while reading, and one-hot in the symbol's place while writing.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */

/** Where strings come from: a seeded source, or numpy's. */
export interface StringDraws {
  /** A whole number in [low, high). */
  integer(low: number, high: number): number;
  /** A number in [0, 1). */
  uniform(): number;
}

/** Which strings, and how they are laid out. */
export interface ReversalTask {
  /** How many different symbols. */
  readonly symbols: number;
  /** 1 or 2, see above. */
  readonly marks: 1 | 2;
}

/** One string, laid out for a network; made once and filled again and again. */
export interface ReversalString {
  /** n, the number of symbols in it now. */
  length: number;
  /** The symbols, 0 to `symbols` − 1; the first n count. */
  readonly symbols: Uint8Array;
  /** T × `K`. */
  readonly inputs: Float64Array;
  /** T × `K`. */
  readonly targets: Float64Array;
}

/**
 * Counts the inputs of a step, which are as many as its targets.
 *
 * K = marks + symbols
 *
 * @example One mark before the symbols.
 * ```ts
 * import { inputWidth } from "@/tutorial/tutorial_strings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inputWidth({ symbols: 5, marks: 1 }), 6);
 * ```
 * @param task Which strings.
 * @returns `K`.
 */
export function inputWidth(task: ReversalTask): number {
  return task.marks + task.symbols;
}

/**
 * Makes room for strings of up to `longest` symbols.
 *
 * @example Four steps of K = 4 numbers, for two symbols in and two out.
 * ```ts
 * import { createReversalString } from "@/tutorial/tutorial_strings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const string = createReversalString({ symbols: 2, marks: 2 }, 2);
 * assertEquals([string.length, string.inputs.length, string.targets.length], [0, 16, 16]);
 * ```
 * @param task Which strings.
 * @param longest The most symbols that will be asked for, a whole number of at least 1.
 * @returns A string with nothing in it yet; its inputs and targets have room for 2 `longest` × `K` numbers.
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
 * Draws `length` symbols at random and lays them out.
 *
 * @example Three symbols, then three steps of writing.
 * ```ts
 * import { createReversalString, drawReversalString } from "@/tutorial/tutorial_strings.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = { symbols: 2, marks: 2 } as const;
 * const string = createReversalString(task, 3);
 * drawReversalString(task, string, 3, seededRandom(1));
 * // The last input of the first half, and the first of the second.
 * const last = string.symbols[2];
 * assertEquals([...string.inputs.slice(8, 16)], [0, 1, 1 - last, last, 1, 0, 0, 0]);
 * // Its reverse begins with that symbol.
 * assertEquals([...string.targets.slice(12, 16)], [0, 0, 1 - last, last]);
 * ```
 * @param task Which strings.
 * @param string What to fill.
 * @param length n, at most what `string` has room for.
 * @param draws Where the symbols come from, first symbol first.
 * @throws {RangeError} If `string` has no room for `length` symbols.
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
 * Lays out the first `length` of the symbols that are in `string` already.
 *
 * @example Symbol 1 of two: its mark and its place on the way in, its place alone on the way out.
 * ```ts
 * import { createReversalString, layOut } from "@/tutorial/tutorial_strings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = { symbols: 2, marks: 1 } as const;
 * const string = createReversalString(task, 1);
 * string.symbols[0] = 1;
 * layOut(task, string, 1);
 * assertEquals([...string.inputs], [1, 0, 1, 0, 0, 0]);
 * assertEquals([...string.targets], [0, 0, 0, 0, 0, 1]);
 * ```
 * @param task Which strings.
 * @param string Its `symbols` are read, the rest is written.
 * @param length n, from 1 to what `string` has room for; not checked.
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
