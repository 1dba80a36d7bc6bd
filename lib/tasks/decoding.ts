/**
 * Greedy decoding a step at a time, for those who want to see how far it is, or to stop it.
 *
 * `B` strings side by side, `K` symbols, k characters in a string.
 *
 * @module
 */
import { checkCharacters, type ReversalSymbols } from "./reversal.ts";

/** A network that takes `B` strings forward a step at a time. */
export interface SequenceStepper {
  /**
   * Begins anew: initial state, empty memory.
   *
   * @param strings `B`, how many strings there are side by side.
   */
  start(strings: number): void;
  /**
   * Feeds a symbol to each string.
   *
   * @param symbols `B` symbols, to be read only; other ones stand there after the call.
   * @returns Logits, `B` × `K`, row by row; they need to last only until the next step.
   */
  step(symbols: Int32Array): Float32Array;
}

/**
 * Lets a network answer a group of strings, all of them side by side: at each step it writes the symbol
 * with the largest logit, and is fed it at the next.
 *
 * Of equal logits the first symbol's wins. A network that does not end is stopped after 2k symbols.
 *
 * @example A network that writes its terminator whatever it has read: it takes a step for each character
 * and one for each mark.
 * ```ts
 * import { decodingSteps } from "@/tasks/decoding.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * assertEquals([...decodingSteps(silent, symbols, [[0, 1, 1]])].length, 5);
 * ```
 * @param network The network.
 * @param symbols The symbols of the task.
 * @param strings What to answer, each of at least one character.
 * @returns A generator that yields after each step, and returns for each string what was written, with
 * the terminator if there was one, at most 2k symbols.
 * @throws {RangeError} If a logit is NaN.
 * @throws {TypeError} If the network gives more or fewer than `B` × `K` logits.
 */
export function* decodingSteps(
  network: SequenceStepper,
  symbols: ReversalSymbols,
  strings: readonly ArrayLike<number>[],
): Generator<void, Int32Array[]> {
  const B = strings.length, K = symbols.size;
  const answers = strings.map((string) => new Int32Array(2 * string.length));
  const written = new Int32Array(B);
  const fed = new Int32Array(B).fill(symbols.start);
  network.start(B);
  for (let t = 0, writing = B; writing > 0; t++) {
    const logits = network.step(fed);
    checkLogits(logits, B * K);
    for (let b = 0; b < B; b++) {
      const string = strings[b], answer = answers[b], k = string.length;
      if (t < k) fed[b] = string[t];
      else if (t === k) fed[b] = symbols.separator;
      else if (!hasEnded(answer, written[b], symbols)) {
        fed[b] = answer[written[b]++] = largest(logits, b * K, K);
        if (hasEnded(answer, written[b], symbols)) writing--;
      }
    }
    yield;
  }
  return answers.map((answer, b) => answer.slice(0, written[b]));
}

function hasEnded(answer: Int32Array, written: number, { terminator }: ReversalSymbols): boolean {
  return written === answer.length || written > 0 && answer[written - 1] === terminator;
}

function largest(logits: Float32Array, from: number, K: number): number {
  let best = 0;
  for (let symbol = 0; symbol < K; symbol++) {
    const logit = logits[from + symbol];
    if (Number.isNaN(logit)) {
      throw new RangeError(`Cannot decode: wanted logits, got NaN for symbol ${symbol}`);
    }
    if (logit > logits[from + best]) best = symbol;
  }
  return best;
}

function checkLogits(logits: Float32Array, length: number): void {
  if (logits.length !== length) {
    throw new TypeError(
      `Cannot decode: wanted ${length} logits (strings × symbols), got ${logits.length}`,
    );
  }
}

/** How strings are grouped. */
export interface GreedyOptions {
  /** The most strings side by side, 64 if left out; answers do not depend on it. */
  readonly together?: number;
}

/**
 * Lets a network answer strings: at each step it writes the symbol with the largest logit.
 *
 * Of equal logits the first symbol's wins. A network that does not end is stopped after 2k symbols.
 * Memory grows with the strings' length, and not with its square.
 *
 * @example A network that writes its terminator whatever it has read.
 * ```ts
 * import { decodeGreedily } from "@/tasks/decoding.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * const [answer] = decodeGreedily(silent, symbols, [[0, 1, 1]]);
 * assertEquals([...answer], [symbols.terminator]);
 * ```
 * @param network The network.
 * @param symbols The symbols of the task.
 * @param strings What to answer, each of at least one character.
 * @param options How many go side by side.
 * @returns For each string what was written, with the terminator if there was one, at most 2k symbols.
 * @throws {RangeError} If a string is empty or holds anything but characters, or a logit is NaN.
 * @throws {TypeError} If the network gives more or fewer than `B` × `K` logits.
 */
export function decodeGreedily(
  network: SequenceStepper,
  symbols: ReversalSymbols,
  strings: readonly ArrayLike<number>[],
  { together = 64 }: GreedyOptions = {},
): Int32Array[] {
  if (!(Number.isSafeInteger(together) && together >= 1)) {
    throw new RangeError(`Cannot decode: wanted 1 string or more together, got ${together}`);
  }
  for (const string of strings) checkCharacters(symbols, string);
  // Strings of like length end together, so that little is computed for those that have ended.
  const order = strings.map((_, i) => i).sort((i, j) => strings[i].length - strings[j].length);
  const answers = new Array<Int32Array>(strings.length);
  for (let from = 0; from < order.length; from += together) {
    const group = order.slice(from, from + together);
    const decoded = decodeTogether(network, symbols, group.map((i) => strings[i]));
    group.forEach((i, b) => answers[i] = decoded[b]);
  }
  return answers;
}

function decodeTogether(
  network: SequenceStepper,
  symbols: ReversalSymbols,
  strings: readonly ArrayLike<number>[],
): Int32Array[] {
  const steps = decodingSteps(network, symbols, strings);
  for (let next = steps.next();; next = steps.next()) if (next.done) return next.value;
}
