/**
 * Scores of a network on a text: bits per symbol and perplexity.
 *
 * `B` streams, `K` symbols, `T` symbols of a text.
 *
 * @module
 */
import { mean } from "@/math/lists.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";

/**
 * Converts bits per symbol to the perplexity: the number of equally likely symbols that are as hard to predict.
 *
 * perplexity = 2^bits
 *
 * Source: Jelinek, Mercer, Bahl and Baker 1977, "Perplexity: a Measure of the Difficulty of Speech Recognition Tasks".
 *
 * @example Three bits are as hard as eight symbols.
 * ```ts
 * import { perplexityOf } from "@/text/text_score.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(perplexityOf(3), 8);
 * ```
 * @param bits Bits per symbol.
 * @returns The perplexity.
 */
export function perplexityOf(bits: number): number {
  return 2 ** bits;
}

/**
 * Converts a cross-entropy in nats to bits.
 *
 * @example The cross-entropy of one of two equally likely symbols.
 * ```ts
 * import { bitsOfNats } from "@/text/text_score.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bitsOfNats(Math.log(2)), 1);
 * ```
 * @param nats The cross-entropy, with natural logarithms.
 * @returns The cross-entropy, with logarithms to base 2.
 */
export function bitsOfNats(nats: number): number {
  return nats / Math.LN2;
}

/** How a text is read. */
export interface ReadingOptions {
  /** `B`: the text is read as so many streams side by side; 1 if left out. */
  readonly streams?: number;
  /** Receives the share that is done. It may throw in order to stop. */
  readonly onShareDone?: (share: number) => void;
}

/**
 * Computes the bits that a network needs for each symbol of a text.
 *
 * bits_t = −log₂ p(w_{t+1} | w_1 … w_t)
 *
 * The state is carried from the start of a stream to its end. The targets are cut into `B` streams of equal length, the
 * last ones shorter; each begins from the network's initial state and reads the symbol before its first target.
 *
 * @example A network that knows nothing needs log₂ K bits for each of the T − 1 symbols after the first.
 * ```ts
 * import { bitsOfSymbols } from "@/text/text_score.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const network = { start() {}, step: (read: Int32Array) => new Float32Array(4 * read.length) };
 * assertEquals([...bitsOfSymbols(network, 4, [0, 3, 1])], [2, 2]);
 * ```
 * @param network The network.
 * @param symbols `K`.
 * @param text The text, at least two symbols.
 * @param options How it is read.
 * @returns bits_1 … bits_{T−1}, in Float64.
 * @throws {RangeError} If the text is too short, there are fewer targets than streams, or a logit is NaN or infinite.
 */
export function bitsOfSymbols(
  network: SymbolStepper,
  symbols: number,
  text: ArrayLike<number>,
  { streams: B = 1, onShareDone = () => {} }: ReadingOptions = {},
): Float64Array {
  const targets = text.length - 1;
  if (!(Number.isSafeInteger(B) && B >= 1 && B <= targets)) {
    const wanted = `1 stream or more, of at least 1 target each`;
    throw new RangeError(`Cannot score a text: wanted ${wanted}, got ${B} for ${targets} targets`);
  }
  const bits = new Float64Array(targets), steps = Math.ceil(targets / B), read = new Int32Array(B);
  network.start(B);
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < B; b++) read[b] = text[Math.min(b * steps + t, targets)];
    const logits = network.step(read);
    for (let b = 0, at = t; b < B && at < targets; b++, at += steps) {
      bits[at] = bitsOfNats(negativeLogProbability(logits, b * symbols, symbols, text[at + 1]));
    }
    onShareDone((t + 1) / steps);
  }
  return bits;
}

/** −ln softmax(x)_target for the logits of one stream: `crossEntropy` without its copies. */
function negativeLogProbability(
  logits: Float32Array,
  from: number,
  K: number,
  target: number,
): number {
  let greatest = -Infinity, sum = 0;
  for (let k = from; k < from + K; k++) greatest = Math.max(greatest, logits[k]);
  for (let k = from; k < from + K; k++) sum += Math.exp(logits[k] - greatest);
  const nats = Math.log(sum) + greatest - logits[from + target];
  if (Number.isFinite(nats)) return nats;
  throw new RangeError(`Cannot score a text: wanted finite logits, got a cross-entropy of ${nats}`);
}

/**
 * Computes the mean of {@linkcode bitsOfSymbols}: bits per character if the symbols are characters.
 *
 * @param network The network.
 * @param symbols `K`.
 * @param text The text, at least two symbols.
 * @param options How it is read.
 * @returns Bits per symbol.
 * @throws {RangeError} As {@linkcode bitsOfSymbols} does.
 */
export function bitsPerSymbol(
  network: SymbolStepper,
  symbols: number,
  text: ArrayLike<number>,
  options: ReadingOptions = {},
): number {
  return mean(bitsOfSymbols(network, symbols, text, options));
}
