/**
 * The Mersenne Twister MT19937: the 32-bit words under numpy's legacy generator.
 *
 * Source: Matsumoto and Nishimura 1998, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8(1).
 *
 * @module
 */

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
   * import { MersenneTwister } from "@/math/mersenne_twister.ts";
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
