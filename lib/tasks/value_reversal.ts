/**
 * The first thing a stack is asked to learn: read a sequence of values, then give them back reversed.
 *
 * `n` values, `M` numbers in each; `T` = 2n steps.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";

/** A sequence to reverse, as a stack sees it. */
export interface ValueReversal {
  /** v_1 … v_T, `T` × `M`: the sequence, then n rows of zeros. */
  readonly values: Matrix;
  /** What the last n reads should be, n × `M`: the sequence, last value first. */
  readonly targets: Matrix;
}

/** How far reads are from their targets, and in which direction. */
export interface ReadError {
  /** ½ Σ (r − target)² over the last n reads. */
  readonly loss: number;
  /** ∂loss/∂r_1 … ∂loss/∂r_T, `T` × `M`; zero while the sequence is still being read. */
  readonly gReads: Matrix;
}

/**
 * Gives each number a presence mark: a 1 beside it, where a blank has a 0.
 *
 * Without the mark a number can be faked: a blank pushed over 0.3 with strength ⅓ reads as 0.2, as
 * if 0.2 had been found by popping. With it such a read has a mark of ⅔, and is wrong.
 *
 * @example Two numbers, marked.
 * ```ts
 * import { marked } from "@/tasks/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(marked([0.1, 0.2]), [[0.1, 1], [0.2, 1]]);
 * ```
 * @param numbers n numbers.
 * @returns A value for each, n × 2: the number, then 1.
 */
export function marked(numbers: Vector): Matrix {
  return numbers.map((number) => [number, 1]);
}

/**
 * Lays out a sequence as the inputs and targets of a stack.
 *
 * @example Two values in, two blank steps to give them back.
 * ```ts
 * import { valueReversal } from "@/tasks/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { values, targets } = valueReversal([[0.1], [0.2]]);
 * assertEquals(values, [[0.1], [0.2], [0], [0]]);
 * assertEquals(targets, [[0.2], [0.1]]);
 * ```
 * @param sequence The values, n × `M`, at least one.
 * @returns 2n rows of values and n targets.
 * @throws {TypeError} If there is no value, or the values are not equally wide.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function valueReversal(sequence: Matrix): ValueReversal {
  checkMatrix("reverse a sequence", "values", sequence);
  if (sequence.length === 0) {
    throw new TypeError("Cannot reverse a sequence: wanted at least 1 value, got 0");
  }
  const blanks = sequence.map((value) => value.map(() => 0));
  return { values: [...sequence, ...blanks], targets: sequence.toReversed() };
}

/**
 * Measures the reads against the targets; what is read while the sequence comes in does not count.
 *
 * loss = ½ Σ_{t>n} ‖r_t − target_{t−n}‖², ∂loss/∂r_t = r_t − target_{t−n}
 *
 * @example Only the second of two reads counts.
 * ```ts
 * import { readError } from "@/tasks/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { loss, gReads } = readError([[5], [2]], [[1]]);
 * assertEquals(loss, 0.5);
 * assertEquals(gReads, [[0], [1]]);
 * ```
 * @param reads r_1 … r_T, `T` × `M`.
 * @param targets The last n reads as they should be, n × `M`.
 * @returns The loss and its gradient by every read.
 * @throws {TypeError} If there are fewer reads than targets, or they are not equally wide.
 */
export function readError(reads: Matrix, targets: Matrix): ReadError {
  const first = reads.length - targets.length;
  if (first < 0) {
    throw new TypeError(
      `Cannot compare reads: wanted at least ${targets.length} reads, got ${reads.length}`,
    );
  }
  checkMatrix("compare reads", "numbers", reads, reads.length, targets[0].length);
  const gReads = reads.map((r, t) =>
    r.map((r_m, m) => t < first ? 0 : r_m - targets[t - first][m])
  );
  const loss = gReads.flat().reduce((sum, error) => sum + error ** 2 / 2, 0);
  return { loss, gReads };
}
