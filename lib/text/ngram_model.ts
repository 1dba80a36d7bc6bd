/**
 * n-gram models of symbols, with interpolated Witten–Bell smoothing.
 *
 * A model of order n predicts a symbol w from the n − 1 symbols before it. With h the last ℓ of them, c counts in the
 * training text, and N(h) the number of different symbols that follow h there:
 *
 * | ℓ    | p_ℓ(w)                                                              |
 * | ---- | ------------------------------------------------------------------- |
 * | 0    | (c(w) + N · 1/K) / (c + N), with all symbols for the empty h         |
 * | ℓ    | (c(h w) + N(h) · p_{ℓ−1}(w)) / (c(h) + N(h)); p_{ℓ−1}(w) if c(h) = 0 |
 *
 * N(h) / (c(h) + N(h)) is the share that goes to the shorter context: how often something new has followed h.
 *
 * `K` symbols; n the order; t a position in a text.
 *
 * Source: Witten and Bell 1991, "The Zero-Frequency Problem", method C; Chen and Goodman 1999, "An Empirical Study of
 * Smoothing Techniques for Language Modeling", section 2.5, for its interpolated form.
 *
 * @module
 */

/** The highest order. */
export const MOST_ORDER = 8;

/** An n-gram model, and those of lower orders. */
export interface NgramModel {
  /** `K`. */
  readonly symbols: number;
  /** The highest n. */
  readonly order: number;
  /**
   * Computes p of one symbol.
   *
   * @param text The text that the symbol follows; only its last n − 1 symbols before `end` count.
   * @param end The position of the symbol: `text.length`, or less to take the context from the middle of a text.
   * @param symbol w.
   * @returns p for the orders 1 … n.
   */
  probabilities(text: ArrayLike<number>, end: number, symbol: number): number[];
}

/**
 * Counts the n-grams of a text.
 *
 * @example After "ab" comes "a" twice out of three times; every other probability goes to shorter contexts.
 * ```ts
 * import { countNgrams } from "@/text/ngram_model.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const model = countNgrams([0, 1, 0, 1, 0], { symbols: 2, order: 2 });
 * const [unigram, bigram] = model.probabilities([1], 1, 0);
 * assertAlmostEquals(unigram, (3 + 2 * 1 / 2) / (5 + 2));
 * assertAlmostEquals(bigram, (2 + 1 * unigram) / (2 + 1));
 * ```
 * @param text The training text, symbols 0 … K − 1.
 * @param sizes `K`, and the highest order, from 1 to {@linkcode MOST_ORDER}.
 * @returns The model.
 * @throws {RangeError} If the order is out of range, the text is empty, or a symbol is not one of `K`.
 */
export function countNgrams(
  text: ArrayLike<number>,
  { symbols: K, order }: { readonly symbols: number; readonly order: number },
): NgramModel {
  checkCounting(text, K, order);
  const contexts = new ContextTree(K);
  for (let t = 0; t < text.length; t++) {
    let h = EMPTY_CONTEXT;
    for (let l = 0;; l++) {
      contexts.count(h, text[t]);
      if (l === order - 1 || l === t) break;
      h = contexts.longer(h, text[t - 1 - l]) ?? contexts.addLonger(h, text[t - 1 - l]);
    }
  }
  return { symbols: K, order, probabilities: (...what) => probabilities(contexts, order, ...what) };
}

/** p_0 … p_{n−1}, from the empty context to the longest. */
function probabilities(
  contexts: ContextTree,
  order: number,
  text: ArrayLike<number>,
  end: number,
  w: number,
): number[] {
  const all = new Array<number>(order);
  let p = 1 / contexts.symbols, h: number | undefined = EMPTY_CONTEXT;
  for (let l = 0; l < order; l++) {
    if (h !== undefined) {
      const { c, N } = contexts.totals(h);
      p = (contexts.countOf(h, w) + N * p) / (c + N);
      h = l < end ? contexts.longer(h, text[end - 1 - l]) : undefined;
    }
    all[l] = p; // a context that the training text lacks changes nothing
  }
  return all;
}

const EMPTY_CONTEXT = 0;

/** All contexts h of a text as the nodes of a tree: a child has one symbol more, in front of the others. */
class ContextTree {
  /** The child of node h by symbol, under h·K + symbol. */
  readonly #children = new Map<number, number>();
  /** c(h w), under h·K + w. */
  readonly #counts = new Map<number, number>();
  /** c(h) and N(h) of each node. */
  readonly #c = [0];
  readonly #N = [0];

  constructor(readonly symbols: number) {}

  longer(h: number, before: number): number | undefined {
    return this.#children.get(h * this.symbols + before);
  }

  addLonger(h: number, before: number): number {
    const node = this.#c.push(0) - 1;
    this.#N.push(0);
    this.#children.set(h * this.symbols + before, node);
    return node;
  }

  count(h: number, w: number): void {
    const before = this.countOf(h, w);
    this.#counts.set(h * this.symbols + w, before + 1);
    this.#c[h]++;
    if (before === 0) this.#N[h]++;
  }

  countOf(h: number, w: number): number {
    return this.#counts.get(h * this.symbols + w) ?? 0;
  }

  totals(h: number): { readonly c: number; readonly N: number } {
    return { c: this.#c[h], N: this.#N[h] };
  }
}

function checkCounting(text: ArrayLike<number>, K: number, order: number): void {
  const action = "count n-grams";
  if (!(Number.isSafeInteger(order) && order >= 1 && order <= MOST_ORDER)) {
    throw new RangeError(`Cannot ${action}: wanted an order from 1 to ${MOST_ORDER}, got ${order}`);
  }
  if (text.length === 0) throw new RangeError(`Cannot ${action}: wanted a text, got none`);
  for (let t = 0; t < text.length; t++) {
    if (Number.isInteger(text[t]) && text[t] >= 0 && text[t] < K) continue;
    throw new RangeError(
      `Cannot ${action}: wanted symbols from 0 to ${K - 1}, got ${text[t]} at ${t}`,
    );
  }
}

/**
 * Measures models of the orders 1 … n on a text, by its cross-entropy.
 *
 * bits = −1/(T − 1) Σ_{t=2}^{T} log₂ p(w_t | the symbols before)
 *
 * The first symbol is context only, as for a network that reads it first.
 *
 * @example A text that repeats has few bits.
 * ```ts
 * import { countNgrams, ngramBits } from "@/text/ngram_model.ts";
 * import { assert } from "@std/assert";
 *
 * const text = Int32Array.from({ length: 300 }, (_, t) => t % 3);
 * const bits = ngramBits(countNgrams(text, { symbols: 3, order: 2 }), text);
 * assert(bits[0] > 1.58 && bits[1] < 0.05);
 * ```
 * @param model The model.
 * @param text The text, at least two symbols.
 * @returns Bits per symbol of the orders 1 … n.
 * @throws {RangeError} If the text is too short.
 */
export function ngramBits(model: NgramModel, text: ArrayLike<number>): number[] {
  const targets = text.length - 1;
  if (targets < 1) {
    throw new RangeError(`Cannot measure n-grams: wanted at least 2 symbols, got ${text.length}`);
  }
  const bits = new Array<number>(model.order).fill(0);
  for (let t = 1; t < text.length; t++) {
    model.probabilities(text, t, text[t]).forEach((p, l) => bits[l] -= Math.log2(p) / targets);
  }
  return bits;
}
