/**
 * Numpy's legacy random generator, bit for bit: the Mersenne Twister MT19937 and the functions of `np.random` on top of it.
 *
 * Published experiments can thus be repeated with their own random numbers.
 *
 * Source: Matsumoto and Nishimura 1998, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8(1).
 *
 * @module
 */
import { checkIntegerRange, drawIntegerUpTo, PolarNormals, unitFromWords } from "./random.ts";
import type { Matrix, Vector } from "./shapes.ts";

/** n, the number of words of the state. */
const SIZE = 624;
/** m, the distance to the word that is mixed in. */
const DISTANCE = 397;
/** The last row of the matrix A. */
const TWIST = 0x9908b0df;

/** A stream of 32-bit words with period 2¹⁹⁹³⁷ − 1. */
export class MersenneTwister {
  readonly #words = new Uint32Array(SIZE);
  #used = SIZE;

  /**
   * Seeds the generator with one word.
   *
   * x_0 = seed, x_k = 1812433253 (x_{k−1} ⊕ (x_{k−1} ≫ 30)) + k
   *
   * @example The default seed of the authors.
   * ```ts
   * import { MersenneTwister } from "@/math/numpy_random.ts";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MersenneTwister(5489).nextWord(), 3499211612);
   * ```
   * @param seed An integer from 0 to 2³² − 1.
   * @throws {RangeError} If it is a different number.
   */
  constructor(seed: number) {
    if (seed !== seed >>> 0) {
      throw new RangeError(`Cannot seed: wanted a whole number from 0 to 2³² − 1, got ${seed}`);
    }
    const x = this.#words;
    x[0] = seed;
    for (let k = 1; k < SIZE; k++) {
      x[k] = Math.imul(1812433253, x[k - 1] ^ (x[k - 1] >>> 30)) + k;
    }
  }

  /**
   * Draws a word.
   *
   * @returns An integer from 0 to 2³² − 1.
   */
  nextWord(): number {
    if (this.#used === SIZE) this.#twist();
    let y = this.#words[this.#used++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** x_{k+n} = x_{k+m} ⊕ (top bit of x_k | low 31 bits of x_{k+1}) A, for the next n words at once. */
  #twist(): void {
    const x = this.#words;
    for (let k = 0; k < SIZE; k++) {
      const y = (x[k] & 0x80000000) | (x[(k + 1) % SIZE] & 0x7fffffff);
      x[k] = x[(k + DISTANCE) % SIZE] ^ (y >>> 1) ^ (y & 1 ? TWIST : 0);
    }
    this.#used = 0;
  }
}

/** Draws one number, or fills a vector or a matrix, row by row. */
export interface NumpyDraw {
  (): number;
  (length: number): Vector;
  (rows: number, columns: number): Matrix;
}

/** The functions of `np.random` that published experiments call; they can be called without their object. */
export interface NumpyRandom {
  /** `np.random.rand`: uniform over [0, 1). */
  readonly rand: NumpyDraw;
  /** `np.random.randn`: normal, mean 0, standard deviation 1. */
  readonly randn: NumpyDraw;
  /**
   * `np.random.uniform(low, high)`: uniform over [low, high).
   *
   * @throws {RangeError} If a bound is NaN or infinite.
   */
  uniform(low?: number, high?: number): number;
  /**
   * `np.random.randint`: an integer in [low, high), or in [0, low) with one argument.
   *
   * @throws {RangeError} If a bound is not an integer, or there are no numbers or more than 2³² to choose from.
   */
  randint(low: number, high?: number): number;
}

/**
 * Creates numpy's legacy generator, seeded like `np.random.seed(seed)`.
 *
 * Source: Matsumoto and Nishimura 1998, MT19937; numpy's `RandomState`, whose stream is frozen.
 *
 * @example The well-known first numbers of seed 0.
 * ```ts
 * import { numpyRandom } from "@/math/numpy_random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numpyRandom(0).rand(2), [0.5488135039273248, 0.7151893663724195]);
 * assertEquals(numpyRandom(0).randn(), 1.764052345967664);
 * ```
 * @param seed An integer from 0 to 2³² − 1.
 * @returns The generator at the start of its stream.
 * @throws {RangeError} If the seed is a different number.
 */
export function numpyRandom(seed: number): NumpyRandom {
  const twister = new MersenneTwister(seed), nextWord = () => twister.nextWord();
  const unit = () => unitFromWords(nextWord(), nextWord());
  const normals = new PolarNormals(unit, null);
  return {
    rand: drawing(unit),
    randn: drawing(() => normals.next()),
    uniform(low = 0, high = 1) {
      if (!Number.isFinite(high - low)) {
        throw new RangeError(
          `Cannot draw a uniform number: wanted finite bounds, got ${low} and ${high}`,
        );
      }
      return low + (high - low) * unit();
    },
    randint(low, high) {
      const [least, end] = high === undefined ? [0, low] : [low, high];
      checkIntegerRange(least, end);
      return least + drawIntegerUpTo(end - least - 1, nextWord);
    },
  };
}

function drawing(draw: () => number): NumpyDraw {
  const vector = (length: number): Vector => Array.from({ length }, draw);
  function drawMany(): number;
  function drawMany(length: number): Vector;
  function drawMany(rows: number, columns: number): Matrix;
  function drawMany(rows?: number, columns?: number): number | Vector | Matrix {
    if (rows === undefined) return draw();
    checkLengths(columns === undefined ? [rows] : [rows, columns]);
    if (columns === undefined) return vector(rows);
    return Array.from({ length: rows }, () => vector(columns));
  }
  return drawMany;
}

function checkLengths(lengths: number[]): void {
  for (const length of lengths) {
    if (!(Number.isSafeInteger(length) && length >= 0)) {
      throw new RangeError(
        `Cannot draw numbers: wanted whole lengths of at least 0, got ${length}`,
      );
    }
  }
}
