/**
 * The Mersenne Twister MT19937: the 32-bit words under numpy's legacy generator.
 *
 * Source: Matsumoto and Nishimura 1998, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8(1).
 *
 * @module
 */
import { checkIntegerRange, drawUpTo, PolarNormals, unitFromWords } from "./random.ts";
import type { Matrix, Vector } from "./shapes.ts";

/** n, the words of the state. */
const SIZE = 624;
/** m, how far ahead the word lies that is mixed in. */
const AHEAD = 397;
/** The last row of the matrix A. */
const TWIST = 0x9908b0df;

/** All that a {@linkcode MersenneTwister} remembers, as plain data that survives JSON unchanged. */
export interface TwisterState {
  /** The 624 words of the present batch, before tempering. */
  readonly words: readonly number[];
  /** How many of them were handed out. */
  readonly used: number;
}

/** A stream of 32-bit words with period 2¹⁹⁹³⁷ − 1. */
export class MersenneTwister {
  readonly #words = new Uint32Array(SIZE);
  #used = SIZE;

  /**
   * Seeds the generator with one word, or continues it from a state.
   *
   * x_0 = seed, x_k = 1812433253 (x_{k−1} ⊕ (x_{k−1} ≫ 30)) + k
   *
   * @example The authors' own default seed.
   * ```ts
   * import { MersenneTwister } from "@/math/numpy_random.ts";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MersenneTwister(5489).nextWord(), 3499211612);
   * ```
   * @param start A whole number from 0 to 2³² − 1, or what {@linkcode MersenneTwister.state} gave.
   * @throws {RangeError} If it is a number, but not such a number.
   * @throws {TypeError} If it is neither a number nor 624 words and a count.
   */
  constructor(start: number | TwisterState) {
    if (typeof start === "number") this.#seed(start);
    else this.#restore(start);
  }

  /**
   * Draws a word.
   *
   * @returns A whole number from 0 to 2³² − 1.
   */
  nextWord(): number {
    if (this.#used === SIZE) this.#twist();
    let y = this.#words[this.#used++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /**
   * Takes a snapshot, from which the constructor continues.
   *
   * @returns The snapshot.
   */
  state(): TwisterState {
    return { words: [...this.#words], used: this.#used };
  }

  #seed(seed: number): void {
    if (seed !== seed >>> 0) {
      throw new RangeError(`Cannot seed: wanted a whole number from 0 to 2³² − 1, got ${seed}`);
    }
    const x = this.#words;
    x[0] = seed;
    for (let k = 1; k < SIZE; k++) {
      x[k] = Math.imul(1812433253, x[k - 1] ^ (x[k - 1] >>> 30)) + k;
    }
  }

  #restore({ words, used }: TwisterState): void {
    if (words?.length !== SIZE || words.some((word) => word !== word >>> 0)) {
      throw new TypeError(
        `Cannot restore random numbers: wanted ${SIZE} words of 32 bits, got ${words?.length}`,
      );
    }
    if (!(Number.isInteger(used) && used >= 0 && used <= SIZE)) {
      throw new TypeError(
        `Cannot restore random numbers: wanted 0 to ${SIZE} used words, got ${used}`,
      );
    }
    this.#words.set(words);
    this.#used = used;
  }

  /** x_{k+n} = x_{k+m} ⊕ (top bit of x_k | low 31 bits of x_{k+1}) A, for the next n words at once. */
  #twist(): void {
    const x = this.#words;
    for (let k = 0; k < SIZE; k++) {
      const y = (x[k] & 0x80000000) | (x[(k + 1) % SIZE] & 0x7fffffff);
      x[k] = x[(k + AHEAD) % SIZE] ^ (y >>> 1) ^ (y & 1 ? TWIST : 0);
    }
    this.#used = 0;
  }
}

/** All that a {@linkcode NumpyRandom} remembers, as plain data that survives JSON unchanged. */
export interface NumpyRandomState extends TwisterState {
  /** Which generator can go on from here. */
  readonly generator: "mt19937";
  /** Normal numbers are made in pairs: the one not handed out yet, if there is one. */
  readonly spareNormal: number | null;
}

/** Draws one number, or fills a vector or a matrix, row by row. */
export interface NumpyDraw {
  (): number;
  (length: number): Vector;
  (rows: number, columns: number): Matrix;
}

/** The functions of `np.random` that published runs call; they may be taken out and called alone. */
export interface NumpyRandom {
  /** `np.random.rand`: flat over [0, 1). */
  readonly rand: NumpyDraw;
  /** `np.random.randn`: normal, mean 0, standard deviation 1. */
  readonly randn: NumpyDraw;
  /**
   * `np.random.uniform(low, high)`: flat over [low, high).
   *
   * @throws {RangeError} If a bound is NaN or infinite.
   */
  uniform(low?: number, high?: number): number;
  /**
   * `np.random.randint`: a whole number in [low, high), or in [0, low) with one argument.
   *
   * @throws {RangeError} If a bound is not whole, or there is no number to draw, or more than 2³².
   */
  randint(low: number, high?: number): number;
  /** Takes a snapshot, from which {@linkcode restoreNumpyRandom} continues. */
  state(): NumpyRandomState;
}

/**
 * Starts numpy's legacy generator, as `np.random.seed(seed)` does.
 *
 * Source: Matsumoto and Nishimura 1998, MT19937; numpy's `RandomState`, whose stream is frozen.
 *
 * @example The first numbers of seed 0, known from a thousand tutorials.
 * ```ts
 * import { numpyRandom } from "@/math/numpy_random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numpyRandom(0).rand(2), [0.5488135039273248, 0.7151893663724195]);
 * assertEquals(numpyRandom(0).randn(), 1.764052345967664);
 * ```
 * @param seed A whole number from 0 to 2³² − 1.
 * @returns The generator at the start of its stream.
 * @throws {RangeError} If the seed is not such a number.
 */
export function numpyRandom(seed: number): NumpyRandom {
  return generatorFrom(new MersenneTwister(seed), null);
}

/**
 * Continues numpy's generator bit for bit where its state was taken.
 *
 * @example A stream goes on from its state in a file.
 * ```ts
 * import { numpyRandom, restoreNumpyRandom } from "@/math/numpy_random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const np = numpyRandom(1);
 * np.randn();
 * const file = JSON.stringify(np.state());
 * assertEquals(restoreNumpyRandom(JSON.parse(file)).randn(), np.randn());
 * ```
 * @param state What {@linkcode NumpyRandom.state} gave, perhaps from a file.
 * @returns A generator that goes on as the first one did.
 * @throws {TypeError} If `state` is not the state of such a generator.
 */
export function restoreNumpyRandom(state: NumpyRandomState): NumpyRandom {
  const { generator, words, used, spareNormal } = state ?? {};
  if (generator !== "mt19937") {
    throw new TypeError(
      `Cannot restore random numbers: wanted generator mt19937, got ${generator}`,
    );
  }
  if (spareNormal !== null && !Number.isFinite(spareNormal)) {
    throw new TypeError(
      `Cannot restore random numbers: wanted a spare normal or null, got ${spareNormal}`,
    );
  }
  return generatorFrom(new MersenneTwister({ words, used }), spareNormal);
}

function generatorFrom(twister: MersenneTwister, spareNormal: number | null): NumpyRandom {
  const nextWord = () => twister.nextWord();
  const unit = () => unitFromWords(nextWord(), nextWord());
  const normals = new PolarNormals(unit, spareNormal);
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
      return least + drawUpTo(end - least - 1, nextWord);
    },
    state: () => ({ generator: "mt19937", ...twister.state(), spareNormal: normals.spare }),
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
