/**
 * Adding two numbers in binary, one column of digits after another, lowest digit first.
 *
 * | step              | 1 | 2 | 3 | 4 |                                            |
 * | ----------------- | - | - | - | - | ------------------------------------------ |
 * | first number, 3   | 1 | 1 | 0 | 0 | input                                      |
 * | second number, 5  | 1 | 0 | 1 | 0 | input                                      |
 * | carry out         | 1 | 1 | 1 | 0 | not shown to the network: it must remember |
 * | their sum, 8      | 0 | 0 | 0 | 1 | target                                     |
 *
 * `T` steps, one for each binary digit.
 *
 * @module
 */

/** One sum, laid out for a network; made once and filled again and again. */
export interface BinaryAddition {
  /** `T`. */
  readonly bits: number;
  /** Both numbers' digits, `T` × 2. */
  readonly inputs: Float64Array;
  /** The sum's digits, `T`. */
  readonly targets: Float64Array;
  /** What each column hands on to the next, `T`: 1 or 0. */
  readonly carries: Uint8Array;
}

/**
 * Writes a number in binary.
 *
 * @example Lowest digit first.
 * ```ts
 * import { bitsOf } from "@/tutorial/binary_addition.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals([...bitsOf(6, 4)], [0, 1, 1, 0]);
 * assertThrows(
 *   () => bitsOf(16, 4),
 *   RangeError,
 *   "Cannot write in binary: wanted a whole number from 0 to 15, got 16",
 * );
 * ```
 * @param number A whole number from 0 to 2^`bits` − 1.
 * @param bits How many digits, 1 to 53.
 * @returns The digits.
 * @throws {RangeError} If the number has more digits than that, or a fraction, or is negative.
 */
export function bitsOf(number: number, bits: number): Uint8Array {
  const end = 2 ** bits;
  if (!(bits >= 1 && bits <= 53 && Number.isInteger(bits))) {
    throw new RangeError(`Cannot write in binary: wanted 1 to 53 digits, got ${bits}`);
  }
  if (!(Number.isInteger(number) && number >= 0 && number < end)) {
    throw new RangeError(
      `Cannot write in binary: wanted a whole number from 0 to ${end - 1}, got ${number}`,
    );
  }
  return Uint8Array.from({ length: bits }, (_, t) => Math.floor(number / 2 ** t) % 2);
}

/**
 * Reads a number written in binary.
 *
 * @example What a network answered, rounded.
 * ```ts
 * import { numberOf } from "@/tutorial/binary_addition.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numberOf([0.02, 0.97, 0.51]), 6);
 * ```
 * @param bits Digits, lowest first; above ½ counts as 1.
 * @returns The number, exact up to 53 digits.
 */
export function numberOf(bits: ArrayLike<number>): number {
  let number = 0;
  for (let t = 0; t < bits.length; t++) if (bits[t] > 0.5) number += 2 ** t;
  return number;
}

/**
 * Makes room for sums of `bits` digits.
 *
 * @example Two digits to a step, all of them 0 until a sum is laid out.
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
 * Lays out a sum; a carry out of the last column is lost.
 *
 * carry_t = 1 where a_t + b_t + carry_{t−1} ≥ 2, target_t = (a_t + b_t + carry_{t−1}) mod 2
 *
 * @example The sum in the table above.
 * ```ts
 * import { bitsOf, createAddition, layOutAddition, numberOf } from "@/tutorial/binary_addition.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = createAddition(4);
 * layOutAddition(sum, bitsOf(3, 4), bitsOf(5, 4));
 * assertEquals([...sum.inputs], [1, 1, 1, 0, 0, 1, 0, 0]);
 * assertEquals([...sum.carries], [1, 1, 1, 0]);
 * assertEquals(numberOf(sum.targets), 8);
 * ```
 * @param addition What to fill.
 * @param a Digits of the first number, `T`, lowest first.
 * @param b Digits of the second number, `T`.
 * @throws {TypeError} If one has not `T` digits.
 */
export function layOutAddition(
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
 * Draws two random numbers below 2^(T − 1), so that their sum fits, and lays out their sum.
 *
 * @example The top digits are 0, whatever is drawn.
 * ```ts
 * import { createAddition, drawAddition } from "@/tutorial/binary_addition.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = createAddition(100);
 * drawAddition(sum, seededRandom(1));
 * assertEquals([...sum.inputs.slice(-2)], [0, 0]);
 * ```
 * @param addition What to fill.
 * @param draws Where the digits come from.
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
  layOutAddition(addition, digits(), digits());
}
