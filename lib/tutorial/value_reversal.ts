/**
 * The task of reversing a sequence of values with a stack: inputs, targets and loss.
 *
 * Steps 1 … n read the values, steps n + 1 … 2n must read them back from the stack in reverse order:
 * loss = ½ Σ_{t>n} ‖r_t − target_{t−n}‖².
 *
 * `n` values, `M` numbers in each; `T` = 2n steps.
 *
 * @module
 */
import { checkMatrix, type Matrix } from "@/math/shapes.ts";

/** A sequence to reverse, as inputs and targets of a stack. */
export interface ValueReversal {
  /** v_1 … v_T, `T` × `M`: the sequence, then n rows of zeros. */
  readonly values: Matrix;
  /** What the last n reads should be, n × `M`: the sequence, last value first. */
  readonly targets: Matrix;
}

/** The loss of a stack's reads, and its gradient. */
export interface ReadLoss {
  /** ½ Σ (r − target)² over the last n reads. */
  readonly loss: number;
  /** ∂loss/∂r_1 … ∂loss/∂r_T, `T` × `M`; zero while the sequence is still being read. */
  readonly gReads: Matrix;
}

/**
 * Creates values that no blend of other values can equal: points on a half circle, each with a presence mark.
 *
 * v_i = (cos(π i / n), sin(π i / n), 1), i = 1 … n
 *
 * They rule out two ways to read a right number without reversing. If values are plain numbers, a blank pushed over 0.3
 * with strength ⅓ reads as 0.2; here the mark then reads ⅔. And half of 0.1 with half of 0.3 reads as 0.2; here such a
 * blend lies inside the circle, and no value does.
 *
 * @example The mean of two points is not on the circle.
 * ```ts
 * import { halfCircleValues } from "@/tutorial/value_reversal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [a, b, c] = halfCircleValues(3);
 * assertAlmostEquals(Math.hypot(b[0], b[1]), 1);
 * assertAlmostEquals(Math.hypot((a[0] + c[0]) / 2, (a[1] + c[1]) / 2), 0.5);
 * ```
 * @param n Number of values, a whole number of at least 1.
 * @returns n × 3.
 * @throws {RangeError} If `n` is not a whole number of at least 1.
 */
export function halfCircleValues(n: number): Matrix {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot lay out a half circle: wanted 1 value or more, got ${n}`);
  }
  return Array.from({ length: n }, (_, i) => {
    const angle = (Math.PI * (i + 1)) / n;
    return [Math.cos(angle), Math.sin(angle), 1];
  });
}

/**
 * Creates the inputs and targets of a stack that reverses a sequence.
 *
 * @example Two values to read, then two blank steps to read them back.
 * ```ts
 * import { valueReversal } from "@/tutorial/value_reversal.ts";
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
 * Computes the loss of the reads and its gradient; the reads of the first n steps do not count.
 *
 * loss = ½ Σ_{t>n} ‖r_t − target_{t−n}‖², ∂loss/∂r_t = r_t − target_{t−n}
 *
 * @example Only the second of two reads counts.
 * ```ts
 * import { readLoss } from "@/tutorial/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { loss, gReads } = readLoss([[5], [2]], [[1]]);
 * assertEquals(loss, 0.5);
 * assertEquals(gReads, [[0], [1]]);
 * ```
 * @param reads r_1 … r_T, `T` × `M`.
 * @param targets The targets of the last n reads, n × `M`.
 * @returns The loss and its gradient with respect to every read.
 * @throws {TypeError} If there are fewer reads than targets, or they are not equally wide.
 */
export function readLoss(reads: Matrix, targets: Matrix): ReadLoss {
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
