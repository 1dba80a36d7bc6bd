/**
 * Vectors and matrices of the literal reference, and the checks that every public function makes of them.
 *
 * @module
 */

/** A list of numbers. */
export type Vector = number[];

/** Rows of numbers, all of one width; row 0 is the bottom of a memory, or step 1 of a sequence. */
export type Matrix = number[][];

/**
 * Checks that `vector` holds `length` finite numbers.
 *
 * @example A vector of the wrong length is refused with what was wanted and what was got.
 * ```ts
 * import { checkVector } from "@/math/shapes.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkVector("add books", "weights", [1, 2], 3),
 *   TypeError,
 *   "Cannot add books: wanted 3 weights, got 2",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param name What the vector holds, in the plural.
 * @param vector The numbers to check.
 * @param length How many there must be; any number of them if left out.
 * @throws {TypeError} If there are more or fewer than `length`.
 * @throws {RangeError} If one is NaN or infinite.
 */
export function checkVector(
  action: string,
  name: string,
  vector: ArrayLike<number>,
  length: number = vector.length,
): void {
  if (vector.length !== length) {
    throw new TypeError(`Cannot ${action}: wanted ${length} ${name}, got ${vector.length}`);
  }
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(vector[i])) {
      throw new RangeError(`Cannot ${action}: wanted finite ${name}, got ${vector[i]} at ${i}`);
    }
  }
}

/**
 * Checks that `vector` holds `length` finite numbers, none of them negative.
 *
 * @example A negative strength is refused.
 * ```ts
 * import { checkNonNegative } from "@/math/shapes.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkNonNegative("read the stack", "strengths", [0.5, -0.1]),
 *   RangeError,
 *   "Cannot read the stack: wanted strengths of at least 0, got -0.1 at 1",
 * );
 * ```
 * @param action What the caller cannot do if the check fails.
 * @param name What the vector holds, in the plural.
 * @param vector The numbers to check.
 * @param length How many there must be; any number of them if left out.
 * @throws {TypeError} If there are more or fewer than `length`.
 * @throws {RangeError} If one is NaN, infinite or negative.
 */
export function checkNonNegative(
  action: string,
  name: string,
  vector: ArrayLike<number>,
  length: number = vector.length,
): void {
  checkVector(action, name, vector, length);
  for (let i = 0; i < length; i++) {
    if (vector[i] < 0) {
      throw new RangeError(
        `Cannot ${action}: wanted ${name} of at least 0, got ${vector[i]} at ${i}`,
      );
    }
  }
}

/**
 * Checks that `matrix` holds `rows` rows of one width, all finite.
 *
 * @example Rows of different widths are refused.
 * ```ts
 * import { checkMatrix } from "@/math/shapes.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkMatrix("read the stack", "values", [[1, 0], [1]]),
 *   TypeError,
 *   "Cannot read the stack: wanted 2 values in row 1, got 1",
 * );
 * ```
 * @param action What the caller cannot do if the check fails.
 * @param name What the rows hold, in the plural.
 * @param matrix The rows to check.
 * @param rows How many there must be; any number of them if left out.
 * @param width Numbers in each row; that of the first row if left out.
 * @throws {TypeError} If the number of rows or a row's width differs.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkMatrix(
  action: string,
  name: string,
  matrix: readonly ArrayLike<number>[],
  rows: number = matrix.length,
  width: number = matrix[0]?.length ?? 0,
): void {
  if (matrix.length !== rows) {
    throw new TypeError(`Cannot ${action}: wanted ${rows} rows of ${name}, got ${matrix.length}`);
  }
  for (let i = 0; i < rows; i++) {
    const row = matrix[i];
    if (row.length !== width) {
      throw new TypeError(
        `Cannot ${action}: wanted ${width} ${name} in row ${i}, got ${row.length}`,
      );
    }
    // No message is put together before it is needed: this runs at every step of a memory.
    if (!allFinite(row)) checkVector(action, `${name} in row ${i}`, row);
  }
}

function allFinite(row: ArrayLike<number>): boolean {
  for (let m = 0; m < row.length; m++) if (!Number.isFinite(row[m])) return false;
  return true;
}
