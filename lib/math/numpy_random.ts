/**
 * numpy's legacy random numbers: what `np.random.seed(n)` makes of `rand`, `randn` and `randint`.
 *
 * It is here to reproduce published runs. For anything else take `random.ts`, which is faster.
 *
 * The stream is numpy's bit for bit, and so are `rand`, `uniform` and `randint`. A normal number takes a
 * logarithm, and numpy takes that of the C library it runs on: beside numpy on glibc 2.36, 3 of every
 * 10,000 normals differ, in the last bit or the one before. There it is glibc that rounds the wrong way
 * (its logarithm errs for 7 of 10,000 numbers, the one in Deno's V8 for none of 20,000).
 *
 * @module
 */
import { MersenneTwister, type TwisterState } from "./mersenne_twister.ts";
import { PolarNormals } from "./polar_normals.ts";
import { checkIntegerRange, drawUpTo, unitFromWords } from "./random_words.ts";
import type { Matrix, Vector } from "./shapes.ts";

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
