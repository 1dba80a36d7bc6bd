/**
 * The task of adding two binary numbers, one column of digits per step, lowest digit first.
 *
 * carry_t = 1 where a_t + b_t + carry_{t−1} ≥ 2, target_t = (a_t + b_t + carry_{t−1}) mod 2
 *
 * | step              | 1 | 2 | 3 | 4 |                                             |
 * | ----------------- | - | - | - | - | ------------------------------------------- |
 * | first number, 3   | 1 | 1 | 0 | 0 | input                                       |
 * | second number, 5  | 1 | 0 | 1 | 0 | input                                       |
 * | carry out         | 1 | 1 | 1 | 0 | hidden from the network, which remembers it |
 * | their sum, 8      | 0 | 0 | 0 | 1 | target                                      |
 *
 * `T` steps, one for each binary digit.
 *
 * Source: Trask 2015, "Anyone Can Learn To Code an LSTM-RNN in Python (Part 1: RNN)".
 *
 * @module
 */

/** One sum as the inputs and targets of a network; allocated once and refilled for each sum. */
export interface BinaryAddition {
  /** `T`. */
  readonly bits: number;
  /** Both numbers' digits, `T` × 2. */
  readonly inputs: Float64Array;
  /** The sum's digits, `T`. */
  readonly targets: Float64Array;
  /** The carry out of each column, `T`: 1 or 0. */
  readonly carries: Uint8Array;
}

/**
 * Converts a number to binary digits.
 *
 * @example Lowest digit first.
 * ```ts
 * import { toBits } from "@/tutorial/binary_addition.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals([...toBits(6, 4)], [0, 1, 1, 0]);
 * assertThrows(
 *   () => toBits(16, 4),
 *   RangeError,
 *   "Cannot write in binary: wanted a whole number from 0 to 15, got 16",
 * );
 * ```
 * @param number A whole number from 0 to 2^`bits` − 1.
 * @param bits Number of digits, 1 to 53.
 * @returns The digits, lowest first.
 * @throws {RangeError} If `bits` is not from 1 to 53, or `number` is negative, has a fraction or needs more digits.
 */
export function toBits(number: number, bits: number): Uint8Array {
  const limit = 2 ** bits;
  if (!(bits >= 1 && bits <= 53 && Number.isInteger(bits))) {
    throw new RangeError(`Cannot write in binary: wanted 1 to 53 digits, got ${bits}`);
  }
  if (!(Number.isInteger(number) && number >= 0 && number < limit)) {
    throw new RangeError(
      `Cannot write in binary: wanted a whole number from 0 to ${limit - 1}, got ${number}`,
    );
  }
  return Uint8Array.from({ length: bits }, (_, t) => Math.floor(number / 2 ** t) % 2);
}

/**
 * Converts binary digits to a number.
 *
 * @example Outputs of a network, rounded to digits.
 * ```ts
 * import { fromBits } from "@/tutorial/binary_addition.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fromBits([0.02, 0.97, 0.51]), 6);
 * ```
 * @param bits Digits, lowest first; a value above ½ counts as 1.
 * @returns The number, exact up to 53 digits.
 */
export function fromBits(bits: ArrayLike<number>): number {
  let number = 0;
  for (let t = 0; t < bits.length; t++) if (bits[t] > 0.5) number += 2 ** t;
  return number;
}

/**
 * Allocates a sum of two numbers of `bits` digits.
 *
 * @example Two input digits at each step, all 0 at first.
 * ```ts
 * import { createAddition } from "@/tutorial/binary_addition.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { inputs, targets } = createAddition(3);
 * assertEquals([...inputs], [0, 0, 0, 0, 0, 0]);
 * assertEquals([...targets], [0, 0, 0]);
 * ```
 * @param bits `T`, a whole number of at least 1.
 * @returns The sum 0 + 0 = 0.
 * @throws {RangeError} If `bits` is not a whole number of at least 1.
 */
export function createAddition(bits: number): BinaryAddition {
  if (!(Number.isInteger(bits) && bits >= 1)) {
    throw new RangeError(`Cannot lay out a sum: wanted at least 1 digit, got ${bits}`);
  }
  return {
    bits,
    inputs: new Float64Array(2 * bits),
    targets: new Float64Array(bits),
    carries: new Uint8Array(bits),
  };
}

/**
 * Writes a sum as inputs and targets; a carry out of the last column is lost.
 *
 * carry_t = 1 where a_t + b_t + carry_{t−1} ≥ 2, target_t = (a_t + b_t + carry_{t−1}) mod 2
 *
 * @example The sum in the table above.
 * ```ts
 * import { createAddition, fromBits, toBits, writeAddition } from "@/tutorial/binary_addition.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = createAddition(4);
 * writeAddition(sum, toBits(3, 4), toBits(5, 4));
 * assertEquals([...sum.inputs], [1, 1, 1, 0, 0, 1, 0, 0]);
 * assertEquals([...sum.carries], [1, 1, 1, 0]);
 * assertEquals(fromBits(sum.targets), 8);
 * ```
 * @param addition Overwritten with the sum.
 * @param a Digits of the first number, `T`, lowest first.
 * @param b Digits of the second number, `T`.
 * @throws {TypeError} If `a` or `b` does not have `T` digits.
 */
export function writeAddition(
  addition: BinaryAddition,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): void {
  const { bits: T, inputs, targets, carries } = addition;
  if (a.length !== T || b.length !== T) {
    throw new TypeError(
      `Cannot lay out a sum: wanted ${T} digits of each number, got ${a.length} and ${b.length}`,
    );
  }
  for (let t = 0, carry = 0; t < T; t++) {
    const column = a[t] + b[t] + carry;
    carry = column >= 2 ? 1 : 0;
    inputs[2 * t] = a[t];
    inputs[2 * t + 1] = b[t];
    targets[t] = column % 2;
    carries[t] = carry;
  }
}

/**
 * Draws two random numbers below 2^(T − 1), so that their sum has at most `T` digits, and writes their sum.
 *
 * @example The top digits are always 0.
 * ```ts
 * import { createAddition, drawAddition } from "@/tutorial/binary_addition.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = createAddition(100);
 * drawAddition(sum, seededRandom(1));
 * assertEquals([...sum.inputs.slice(-2)], [0, 0]);
 * ```
 * @param addition Overwritten with the sum.
 * @param draws Source of the random digits.
 */
export function drawAddition(
  addition: BinaryAddition,
  draws: { integer(low: number, high: number): number },
): void {
  const digits = () =>
    Uint8Array.from(
      { length: addition.bits },
      (_, t) => t === addition.bits - 1 ? 0 : draws.integer(0, 2),
    );
  writeAddition(addition, digits(), digits());
}
