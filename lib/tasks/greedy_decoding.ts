/**
 * Asking a network for its answers: it reads a string, then writes by itself, each step fed the symbol
 * that it wrote at the last one, until it writes its own terminator.
 *
 * Many strings go through the network side by side, each at its own place: some may still be read while
 * others are written or have ended.
 *
 * `B` strings side by side, `K` symbols, k characters in a string. The steps are in `decoding_steps.ts`.
 *
 * @module
 */
import { decodingSteps, type SequenceStepper } from "./decoding_steps.ts";
import { checkCharacters, type ReversalSymbols } from "./string_reversal.ts";

export type { SequenceStepper };

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
 * import { decodeGreedily } from "@/tasks/greedy_decoding.ts";
 * import { reversalSymbols } from "@/tasks/string_reversal.ts";
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
