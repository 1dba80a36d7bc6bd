/**
 * Lists of numbers: ranges, sums, means, medians, and how far two lists are apart.
 *
 * @module
 */

/**
 * Counts up, as Python's `range` does.
 *
 * @example From 0, or from another number; the end is not included.
 * ```ts
 * import { range } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(range(3), [0, 1, 2]);
 * assertEquals(range(1, 4), [1, 2, 3]);
 * ```
 * @param startOrEnd The first number if an end is given, otherwise the end.
 * @param end The number at which it stops.
 * @returns The numbers before the end, in steps of 1; none if the end is not above the start.
 */
export function range(startOrEnd: number, end?: number): number[] {
  const [start, stop] = end === undefined ? [0, startOrEnd] : [startOrEnd, end];
  return Array.from({ length: Math.max(0, stop - start) }, (_, i) => start + i);
}

/**
 * Adds numbers up, in their order.
 *
 * @example Three numbers, and none.
 * ```ts
 * import { sum } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([sum([1, 2, 4]), sum([])], [7, 0]);
 * ```
 * @param numbers The numbers.
 * @returns Their sum.
 */
export function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i];
  return total;
}

/**
 * Computes the arithmetic mean.
 *
 * @example Three numbers.
 * ```ts
 * import { mean } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mean([1, 2, 6]), 3);
 * ```
 * @param numbers The numbers.
 * @returns Their mean; NaN if there are none.
 */
export function mean(numbers: ArrayLike<number>): number {
  return sum(numbers) / numbers.length;
}

/**
 * Computes the median: the middle one of the sorted numbers, or the mean of the two in the middle.
 *
 * @example An odd and an even count.
 * ```ts
 * import { median } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([median([9, 1, 2]), median([4, 1, 9, 2])], [2, 3]);
 * ```
 * @param numbers The numbers, in any order.
 * @returns Their median; NaN if there are none.
 */
export function median(numbers: Iterable<number>): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** A number, or a list of such, to any depth. */
export type NestedNumbers = number | {
  readonly length: number;
  readonly [i: number]: NestedNumbers;
};

/**
 * Computes the largest absolute difference between corresponding numbers.
 *
 * @example Two matrices that differ in one number.
 * ```ts
 * import { largestDifference } from "@/math/lists.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(largestDifference([[1, 2], [3, 4]], [[1, 2], [3, 4.5]]), 0.5);
 * ```
 * @param x A number or nested lists of numbers.
 * @param y The same shape.
 * @returns max |x − y|; NaN if a number is, and 0 for empty lists.
 * @throws {TypeError} If the shapes differ.
 */
export function largestDifference(x: NestedNumbers, y: NestedNumbers): number {
  if (typeof x === "number" && typeof y === "number") return Math.abs(x - y);
  if (typeof x === "number" || typeof y === "number" || x.length !== y.length) {
    const shape = (z: NestedNumbers) =>
      typeof z === "number" ? "a number" : `a list of ${z.length}`;
    throw new TypeError(`Cannot compare numbers: wanted ${shape(x)}, got ${shape(y)}`);
  }
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, largestDifference(x[i], y[i]));
  return largest;
}
