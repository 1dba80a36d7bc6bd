/**
 * What both generators make of their 32-bit words: numbers between 0 and 1, and whole numbers in a range.
 *
 * @module
 */
import tychei from "seedrandom/lib/tychei.js";

/**
 * Makes a number between 0 and 1 from the top 27 bits of one word and the top 26 of the next.
 *
 * @example All bits set is the greatest number below 1.
 * ```ts
 * import { unitFromWords } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(unitFromWords(0xffffffff, 0xffffffff), 1 - 2 ** -53);
 * assertEquals(unitFromWords(0x80000000, 0), 0.5);
 * ```
 * @param first A 32-bit word, signed or not.
 * @param second Another.
 * @returns A multiple of 2⁻⁵³ in [0, 1).
 */
export function unitFromWords(first: number, second: number): number {
  return ((first >>> 5) * 0x4000000 + (second >>> 6)) / 0x20000000000000;
}

/**
 * Draws one of the whole numbers 0 … `greatest`, each equally often.
 *
 * Words are cut to as many bits as `greatest` has, and drawn again while they exceed it: no bias, no
 * division, and with `greatest` = 0 no word at all, which is what numpy's stream asks for.
 *
 * @example Of the words 7, 6 and 5 (three bits each), 5 is the first that does not exceed 5.
 * ```ts
 * import { drawUpTo } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [7, 6, 5];
 * assertEquals(drawUpTo(5, () => words.shift()!), 5);
 * ```
 * @param greatest A whole number from 0 to 2³² − 1.
 * @param nextWord Draws a 32-bit word, signed or not.
 * @returns The number.
 */
export function drawUpTo(greatest: number, nextWord: () => number): number {
  if (greatest === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(greatest);
  let word = 0;
  do word = (nextWord() & mask) >>> 0; while (word > greatest);
  return word;
}

/**
 * Checks that there is a whole number in [low, high), and that a 32-bit word can choose it.
 *
 * @example There is nothing from 3 up to, and without, 3.
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
 * @param low The least number.
 * @param high One above the greatest.
 * @throws {RangeError} If a bound is not whole, or there is no number to draw, or more than 2³².
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
   * import { PolarNormals } from "@/math/random.ts";
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

/** All that a {@linkcode RandomSource} remembers, as plain data that survives JSON unchanged. */
export interface RandomState {
  /** Which generator can go on from here. */
  readonly generator: "tychei";
  /** The first of its four 32-bit words, as seedrandom names them. */
  readonly a: number;
  /** The second. */
  readonly b: number;
  /** The third. */
  readonly c: number;
  /** The fourth. */
  readonly d: number;
  /** Normal numbers are made in pairs: the one not handed out yet, if there is one. */
  readonly spareNormal: number | null;
}

type TycheWords = Pick<RandomState, "a" | "b" | "c" | "d">;

/** What is used of seedrandom, which comes without types. */
type NewTyche = (
  seed: string,
  options: { state: true | TycheWords },
) => { int32(): number; state(): TycheWords };
const newTyche: NewTyche = tychei;

/** Anything with items that can be swapped: an array, a typed array. */
export interface MutableItems {
  /** How many items there are. */
  readonly length: number;
  /** Each item, to be read and written. */
  [index: number]: unknown;
}

/** A stream of random numbers; its functions may be taken out of it and called alone. */
export interface RandomSource {
  /**
   * Draws from the flat distribution over [low, high), in steps of (high − low) / 2⁵³.
   *
   * @param low The least number that can come, 0 if left out.
   * @param high Above all that can come (save for rounding), 1 if left out.
   * @throws {RangeError} If `high` is below `low`, or one is NaN or infinite.
   */
  uniform(low?: number, high?: number): number;
  /**
   * Draws from the normal distribution.
   *
   * @param mean Its centre, 0 if left out.
   * @param deviation Its standard deviation, at least 0; 1 if left out.
   * @throws {RangeError} If `deviation` is negative, or one is NaN or infinite.
   */
  normal(mean?: number, deviation?: number): number;
  /**
   * Draws one of the whole numbers low … high − 1, each equally often.
   *
   * @param low The least.
   * @param high One above the greatest; at most 2³² above `low`.
   * @throws {RangeError} If one is not a whole number, or there is no number to draw, or more than 2³².
   */
  integer(low: number, high: number): number;
  /**
   * Puts `items` into a random order, in place; every order is equally likely.
   *
   * @param items What to shuffle.
   * @returns The same `items`.
   */
  shuffle<Items extends MutableItems & object>(items: Items): Items;
  /** Takes a snapshot, from which {@linkcode restoreRandom} continues. */
  state(): RandomState;
}

/**
 * Starts a stream of random numbers; the same seed always gives the same stream.
 *
 * Source: Neves and Araujo 2011, "Fast and Small Nonlinear Pseudorandom Number Generators".
 *
 * @example The same seed, the same numbers.
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
  // As text, because seedrandom would give −1 and 2³² − 1 the same stream.
  return sourceFrom(newTyche(String(seed), { state: true }), null);
}

/**
 * Continues a stream bit for bit where its state was taken.
 *
 * @example A stream goes on from its state in a file.
 * ```ts
 * import { restoreRandom, seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const random = seededRandom("training");
 * random.normal();
 * const file = JSON.stringify(random.state());
 * assertEquals(restoreRandom(JSON.parse(file)).normal(), random.normal());
 * ```
 * @param state What {@linkcode RandomSource.state} gave, perhaps from a file.
 * @returns A source that goes on as the first one did.
 * @throws {TypeError} If `state` is not the state of a random source.
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
      return low + drawUpTo(high - low - 1, int32);
    },
    shuffle(items) {
      const slots: MutableItems = items;
      for (let last = slots.length - 1; last > 0; last--) {
        const chosen = drawUpTo(last, int32);
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
