/**
 * Normal numbers from flat ones, two at a time.
 *
 * @module
 */

/** The polar method, with the second number of each pair kept for the next call. */
export class PolarNormals {
  readonly #unit: () => number;

  /** The number of the last pair that was not handed out yet, if there is one. */
  spare: number | null;

  /**
   * Makes a stream of normals out of a stream of flat numbers.
   *
   * A point (x, y) in the unit disc, q = x² + y²: both x √(−2 ln q / q) and y √(−2 ln q / q) are normal.
   *
   * Source: Marsaglia and Bray 1964, "A convenient method for generating normal variables".
   *
   * @example The point (0.6, 0.2) gives both its coordinates, stretched alike; y comes first, as in numpy.
   * ```ts
   * import { PolarNormals } from "@/math/polar_normals.ts";
   * import { assertAlmostEquals } from "@std/assert";
   *
   * const units = [0.8, 0.6];
   * const normals = new PolarNormals(() => units.shift()!);
   * const stretch = Math.sqrt(-2 * Math.log(0.4) / 0.4);
   * assertAlmostEquals(normals.next(), 0.2 * stretch);
   * assertAlmostEquals(normals.next(), 0.6 * stretch);
   * ```
   * @param unit Draws from the flat distribution over [0, 1).
   * @param spare What is left of an earlier pair, when a stream is continued.
   */
  constructor(unit: () => number, spare: number | null = null) {
    this.#unit = unit;
    this.spare = spare;
  }

  /**
   * Draws a number with mean 0 and standard deviation 1.
   *
   * @returns The number.
   */
  next(): number {
    if (this.spare !== null) {
      const normal = this.spare;
      this.spare = null;
      return normal;
    }
    const unit = this.#unit;
    let [x, y, square] = [0, 0, 0];
    do {
      x = 2 * unit() - 1;
      y = 2 * unit() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const stretch = Math.sqrt(-2 * Math.log(square) / square);
    this.spare = stretch * x;
    return stretch * y;
  }
}
