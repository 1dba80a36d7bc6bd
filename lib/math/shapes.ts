/**
 * Vectors and matrices of the Float64 reference, and the checks of their shapes and values.
 *
 * @module
 */

/** A list of numbers. */
export type Vector = number[];

/** Rows of numbers, all of the same width; row 0 is the bottom of a memory, or step 1 of a sequence. */
export type Matrix = number[][];

/**
 * Checks that `vector` holds `length` finite numbers.
 *
 * @example A vector of the wrong length.
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
 * @param action The action that fails, as in "Cannot <action>".
 * @param name The name of the numbers, in the plural.
 * @param vector The numbers.
 * @param length The required length; by default any.
 * @throws {TypeError} If the length differs.
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
 * @example A negative strength.
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
 * @param action The action that fails, as in "Cannot <action>".
 * @param name The name of the numbers, in the plural.
 * @param vector The numbers.
 * @param length The required length; by default any.
 * @throws {TypeError} If the length differs.
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
 * Checks that `matrix` holds `rows` rows of the same width, all finite.
 *
 * @example Rows of different widths.
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
 * @param action The action that fails, as in "Cannot <action>".
 * @param name The name of the numbers, in the plural.
 * @param matrix The rows.
 * @param rows The required number of rows; by default any.
 * @param width The required width of the rows; by default that of the first.
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
    // The message is built only if the check fails, because this runs at every step of a memory.
    if (!allFinite(row)) checkVector(action, `${name} in row ${i}`, row);
  }
}

function allFinite(row: ArrayLike<number>): boolean {
  for (let m = 0; m < row.length; m++) if (!Number.isFinite(row[m])) return false;
  return true;
}
