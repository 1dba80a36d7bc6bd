/**
 * Reversing strings, as the paper sets the task: read a string to its end, then write it backwards.
 *
 * | step   | 1     | 2   | … | k + 1 | k + 2     | k + 3 | … | 2k + 2     |
 * | ------ | ----- | --- | - | ----- | --------- | ----- | - | ---------- |
 * | input  | start | a_1 | … | a_k   | separator | b_1   | … | b_k        |
 * | target |       |     |   |       | b_1       | b_2   | … | terminator |
 *
 * b_i = a_{k+1−i}. A string of k characters takes T = 2k + 2 steps and has k + 1 targets. `K` = n + 3
 * symbols: the n characters are 0 … n − 1, then come start, separator and terminator. With n = 128
 * the characters are the ASCII codes.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @module
 */

/** What stands where a step has no target. */
export const NO_TARGET = -1;

/** The symbols of the task. */
export interface ReversalSymbols {
  /** n, how many characters there are: 0 … n − 1. */
  readonly characters: number;
  /** Comes before the string. */
  readonly start: number;
  /** Comes after the string, and asks for its reverse. */
  readonly separator: number;
  /** Ends the reverse. */
  readonly terminator: number;
  /** `K` = n + 3. */
  readonly size: number;
}

/** One string as it is trained on: what goes in and what should come out, `T` = 2k + 2 of each. */
export interface TeacherForcedString {
  readonly inputs: number[];
  /** {@linkcode NO_TARGET} while the string is being read. */
  readonly targets: number[];
  /** What the pushed value should tell: a_1 … a_k at their own steps, no target elsewhere. */
  readonly valueTargets: number[];
}

/**
 * Numbers the symbols of the task.
 *
 * @example The three marks come after the characters.
 * ```ts
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, separator, terminator, size } = reversalSymbols(16);
 * assertEquals([start, separator, terminator, size], [16, 17, 18, 19]);
 * assertEquals(reversalSymbols().characters, 128);
 * ```
 * @param characters n, a whole number of at least 1; the 128 of ASCII if left out.
 * @returns The symbols.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function reversalSymbols(characters = 128): ReversalSymbols {
  // Symbols travel in Int32Arrays.
  if (!(Number.isInteger(characters) && characters >= 1 && characters <= 2 ** 31 - 4)) {
    throw new RangeError(`Cannot number symbols: wanted 1 character or more, got ${characters}`);
  }
  return {
    characters,
    start: characters,
    separator: characters + 1,
    terminator: characters + 2,
    size: characters + 3,
  };
}

/**
 * Lays out a string for training with teacher forcing: each step is fed the right symbol, whatever
 * the network would have written.
 *
 * @example Two characters in, their reverse out.
 * ```ts
 * import { layOutReversal, reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [start, separator, terminator] = [3, 4, 5];
 * const { inputs, targets, valueTargets } = layOutReversal(reversalSymbols(3), [0, 2]);
 * assertEquals(inputs, [start, 0, 2, separator, 2, 0]);
 * assertEquals(targets, [-1, -1, -1, 2, 0, terminator]);
 * assertEquals(valueTargets, [-1, 0, 2, -1, -1, -1]);
 * ```
 * @param symbols The symbols of the task.
 * @param string a_1 … a_k, at least one.
 * @returns Inputs and targets.
 * @throws {RangeError} If the string is empty or holds anything but characters.
 */
export function layOutReversal(
  symbols: ReversalSymbols,
  string: ArrayLike<number>,
): TeacherForcedString {
  checkCharacters(symbols, string);
  const k = string.length, T = 2 * k + 2;
  const inputs = new Array<number>(T).fill(symbols.start);
  const targets = new Array<number>(T).fill(NO_TARGET);
  const valueTargets = new Array<number>(T).fill(NO_TARGET);
  for (let i = 0; i < k; i++) {
    const [a, b] = [string[i], string[k - 1 - i]];
    inputs[1 + i] = valueTargets[1 + i] = a;
    inputs[k + 2 + i] = targets[k + 1 + i] = b;
  }
  inputs[k + 1] = symbols.separator;
  targets[T - 1] = symbols.terminator;
  return { inputs, targets, valueTargets };
}

/**
 * What a network should answer to a string: its reverse and the terminator.
 *
 * @example Three characters, four symbols.
 * ```ts
 * import { reversalSymbols, reversalTarget } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...reversalTarget(reversalSymbols(4), [0, 1, 2])], [2, 1, 0, 6]);
 * ```
 * @param symbols The symbols of the task.
 * @param string a_1 … a_k, at least one.
 * @returns b_1 … b_k and the terminator, k + 1.
 * @throws {RangeError} If the string is empty or holds anything but characters.
 */
export function reversalTarget(symbols: ReversalSymbols, string: ArrayLike<number>): Int32Array {
  checkCharacters(symbols, string);
  const k = string.length, target = new Int32Array(k + 1);
  for (let i = 0; i < k; i++) target[i] = string[k - 1 - i];
  target[k] = symbols.terminator;
  return target;
}

/**
 * Checks that a string can be reversed.
 *
 * @example A mark is no character.
 * ```ts
 * import { checkCharacters, reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkCharacters(reversalSymbols(3), [0, 4]),
 *   RangeError,
 *   "Cannot reverse a string: wanted characters from 0 to 2, got 4 at 1",
 * );
 * ```
 * @param symbols The symbols of the task.
 * @param string a_1 … a_k.
 * @throws {RangeError} If the string is empty or holds anything but characters.
 */
export function checkCharacters(symbols: ReversalSymbols, string: ArrayLike<number>): void {
  if (string.length === 0) {
    throw new RangeError("Cannot reverse a string: wanted at least 1 character, got 0");
  }
  for (let i = 0; i < string.length; i++) {
    const a = string[i];
    if (!(Number.isInteger(a) && a >= 0 && a < symbols.characters)) {
      throw new RangeError(
        `Cannot reverse a string: wanted characters from 0 to ${
          symbols.characters - 1
        }, got ${a} at ${i}`,
      );
    }
  }
}
