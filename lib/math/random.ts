/**
 * Seeded random numbers: the generator Tyche-i, and the distributions that it shares with `numpy_random.ts`.
 *
 * Both generators produce 32-bit words; uniform numbers, integers and normals are made from these in the same way as in
 * numpy's legacy generator.
 *
 * @module
 */
import tychei from "seedrandom/lib/tychei.js";

/**
 * Converts two 32-bit words to a number in [0, 1): the top 27 bits of the first and the top 26 of the second.
 *
 * @example All bits set gives the greatest number below 1.
 * ```ts
 * import { unitFromWords } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(unitFromWords(0xffffffff, 0xffffffff), 1 - 2 ** -53);
 * assertEquals(unitFromWords(0x80000000, 0), 0.5);
 * ```
 * @param first A 32-bit word, signed or not.
 * @param second The next word.
 * @returns A multiple of 2⁻⁵³ in [0, 1).
 */
export function unitFromWords(first: number, second: number): number {
  return ((first >>> 5) * 0x4000000 + (second >>> 6)) / 0x20000000000000;
}

/**
 * Draws one of the integers 0 … `greatest` with equal probability, by rejection.
 *
 * Words are truncated to the bits of `greatest`, and drawn again while they exceed it: there is no bias and no division.
 * With `greatest` = 0 no word is drawn, as in numpy.
 *
 * @example Of the words 7, 6 and 5 (three bits each), 5 is the first that does not exceed 5.
 * ```ts
 * import { drawIntegerUpTo } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [7, 6, 5];
 * assertEquals(drawIntegerUpTo(5, () => words.shift()!), 5);
 * ```
 * @param greatest An integer from 0 to 2³² − 1.
 * @param nextWord Draws a 32-bit word, signed or not.
 * @returns The number.
 */
export function drawIntegerUpTo(greatest: number, nextWord: () => number): number {
  if (greatest === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(greatest);
  let word = 0;
  do word = (nextWord() & mask) >>> 0; while (word > greatest);
  return word;
}

/**
 * Checks that [low, high) contains an integer, and not more than a 32-bit word can choose from.
 *
 * @example The range [3, 3) is empty.
 * ```ts
 * import { checkIntegerRange } from "@/math/random.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkIntegerRange(3, 3),
 *   RangeError,
 *   "Cannot draw an integer: wanted 1 to 2³² numbers to choose from, got 0",
 * );
 * ```
 * @param low The smallest integer.
 * @param high One more than the largest.
 * @throws {RangeError} If a bound is not an integer, or there are no numbers or more than 2³² to choose from.
 */
export function checkIntegerRange(low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
    throw new RangeError(`Cannot draw an integer: wanted whole bounds, got ${low} and ${high}`);
  }
  if (!(high > low && high - low <= 2 ** 32)) {
    throw new RangeError(
      `Cannot draw an integer: wanted 1 to 2³² numbers to choose from, got ${high - low}`,
    );
  }
}

/** Normal random numbers by the polar method, which makes them in pairs. */
export class PolarNormals {
  readonly #unit: () => number;

  /** The second number of the last pair, if it has not been drawn yet. */
  spare: number | null;

  /**
   * Creates a stream of normals from a stream of uniform numbers.
   *
   * A point (x, y) in the unit disc, q = x² + y²: both x √(−2 ln q / q) and y √(−2 ln q / q) are normal.
   *
   * Source: Marsaglia and Bray 1964, "A convenient method for generating normal variables".
   *
   * @example The point (0.6, 0.2) gives two normals, of which y comes first, as in numpy.
   * ```ts
   * import { PolarNormals } from "@/math/random.ts";
   * import { assertAlmostEquals } from "@std/assert";
   *
   * const units = [0.8, 0.6];
   * const normals = new PolarNormals(() => units.shift()!);
   * const stretch = Math.sqrt(-2 * Math.log(0.4) / 0.4);
   * assertAlmostEquals(normals.next(), 0.2 * stretch);
   * assertAlmostEquals(normals.next(), 0.6 * stretch);
   * ```
   * @param unit Draws from the uniform distribution over [0, 1).
   * @param spare The second number of an earlier pair, when a stream is restored.
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

/** The state of a {@linkcode RandomSource}, as plain data that JSON preserves. */
export interface RandomState {
  /** The kind of generator to which the state belongs. */
  readonly generator: "tychei";
  /** The first of its four 32-bit words, as seedrandom names them. */
  readonly a: number;
  /** The second. */
  readonly b: number;
  /** The third. */
  readonly c: number;
  /** The fourth. */
  readonly d: number;
  /** The second normal of the last pair, if it has not been drawn yet. */
  readonly spareNormal: number | null;
}

type TycheWords = Pick<RandomState, "a" | "b" | "c" | "d">;

/** The part of seedrandom that is used here; it has no types of its own. */
type NewTyche = (
  seed: string,
  options: { state: true | TycheWords },
) => { int32(): number; state(): TycheWords };
const newTyche: NewTyche = tychei;

/** Anything with items that can be swapped, such as an array or a typed array. */
export interface MutableItems {
  /** The number of items. */
  readonly length: number;
  /** Each item. */
  [index: number]: unknown;
}

/** A stream of random numbers; its functions can be called without their object. */
export interface RandomSource {
  /**
   * Draws from the uniform distribution over [low, high), in steps of (high − low) / 2⁵³.
   *
   * @param low The lower bound; 0 by default.
   * @param high The upper bound, excluded except for rounding; 1 by default.
   * @throws {RangeError} If `high` is below `low`, or one is NaN or infinite.
   */
  uniform(low?: number, high?: number): number;
  /**
   * Draws from the normal distribution.
   *
   * @param mean The mean; 0 by default.
   * @param deviation The standard deviation, at least 0; 1 by default.
   * @throws {RangeError} If `deviation` is negative, or one is NaN or infinite.
   */
  normal(mean?: number, deviation?: number): number;
  /**
   * Draws one of the integers low … high − 1 with equal probability.
   *
   * @param low The smallest integer.
   * @param high One more than the largest; at most 2³² above `low`.
   * @throws {RangeError} If a bound is not an integer, or there are no numbers or more than 2³² to choose from.
   */
  integer(low: number, high: number): number;
  /**
   * Shuffles `items` in place; every order is equally likely.
   *
   * @param items The items.
   * @returns The same `items`.
   */
  shuffle<Items extends MutableItems & object>(items: Items): Items;
  /** Returns the state, from which {@linkcode restoreRandom} can restore the stream. */
  state(): RandomState;
}

/**
 * Creates a stream of random numbers; the same seed always gives the same stream.
 *
 * Source: Neves and Araujo 2011, "Fast and Small Nonlinear Pseudorandom Number Generators".
 *
 * @example The same seed gives the same numbers.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [one, another] = [seededRandom(7), seededRandom(7)];
 * assertEquals(one.uniform(), another.uniform());
 * assertEquals(one.shuffle(["a", "b", "c"]), another.shuffle(["a", "b", "c"]));
 * ```
 * @param seed A finite number or a text; 1 and "1" are the same seed.
 * @returns A source at the start of its stream.
 * @throws {TypeError} If the seed is neither a number nor a text.
 * @throws {RangeError} If the seed is NaN or infinite.
 */
export function seededRandom(seed: number | string): RandomSource {
  if (typeof seed !== "number" && typeof seed !== "string") {
    throw new TypeError(`Cannot seed: wanted a number or a text, got ${typeof seed}`);
  }
  if (typeof seed === "number" && !Number.isFinite(seed)) {
    throw new RangeError(`Cannot seed: wanted a finite number, got ${seed}`);
  }
  // Converted to a text, because seedrandom would give −1 and 2³² − 1 the same stream.
  return sourceFrom(newTyche(String(seed), { state: true }), null);
}

/**
 * Restores a stream from a state; it continues bit for bit.
 *
 * @example A stream that continues from a saved state.
 * ```ts
 * import { restoreRandom, seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const random = seededRandom("training");
 * random.normal();
 * const file = JSON.stringify(random.state());
 * assertEquals(restoreRandom(JSON.parse(file)).normal(), random.normal());
 * ```
 * @param state A state from {@linkcode RandomSource.state}, possibly read from a file.
 * @returns The stream.
 * @throws {TypeError} If the state is not valid.
 */
export function restoreRandom(state: RandomState): RandomSource {
  const { generator, a, b, c, d, spareNormal } = state ?? {};
  if (generator !== "tychei") {
    throw new TypeError(`Cannot restore random numbers: wanted generator tychei, got ${generator}`);
  }
  for (const word of [a, b, c, d]) {
    if (word !== (word | 0)) {
      throw new TypeError(`Cannot restore random numbers: wanted four 32-bit words, got ${word}`);
    }
  }
  if (spareNormal !== null && !Number.isFinite(spareNormal)) {
    throw new TypeError(
      `Cannot restore random numbers: wanted a spare normal or null, got ${spareNormal}`,
    );
  }
  return sourceFrom(newTyche("", { state: { a, b, c, d } }), spareNormal);
}

function sourceFrom(tyche: ReturnType<NewTyche>, spareNormal: number | null): RandomSource {
  const { int32 } = tyche;
  const unit = () => unitFromWords(int32(), int32());
  const normals = new PolarNormals(unit, spareNormal);
  return {
    uniform(low = 0, high = 1) {
      checkWidth("draw a uniform number", "high − low", high - low);
      return low + (high - low) * unit();
    },
    normal(mean = 0, deviation = 1) {
      checkWidth("draw a normal number", "deviation", deviation);
      if (!Number.isFinite(mean)) {
        throw new RangeError(`Cannot draw a normal number: wanted a finite mean, got ${mean}`);
      }
      return mean + deviation * normals.next();
    },
    integer(low, high) {
      checkIntegerRange(low, high);
      return low + drawIntegerUpTo(high - low - 1, int32);
    },
    shuffle(items) {
      const slots: MutableItems = items;
      for (let last = slots.length - 1; last > 0; last--) {
        const chosen = drawIntegerUpTo(last, int32);
        [slots[last], slots[chosen]] = [slots[chosen], slots[last]];
      }
      return items;
    },
    state: () => ({ generator: "tychei", ...tyche.state(), spareNormal: normals.spare }),
  };
}

function checkWidth(action: string, name: string, width: number): void {
  if (!(width >= 0 && width < Infinity)) {
    throw new RangeError(`Cannot ${action}: wanted ${name} finite and at least 0, got ${width}`);
  }
}
