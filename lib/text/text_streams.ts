/**
 * Parallel streams of a text, cut into strings for truncated backpropagation through time.
 *
 * The text is cut into `B` streams of equal length that lie side by side in a batch. An update reads the next k symbols of
 * each stream; the target of each step is the symbol after it. The network's state at the end of one update can be carried
 * to the next, since stream b goes on where it was. After the last whole string of the streams a new pass begins at their
 * start.
 *
 * | update  | stream 1            | stream 2              | … |
 * | ------- | ------------------- | --------------------- | - |
 * | 0       | w_1 … w_k           | w_{L+1} … w_{L+k}     |   |
 * | 1       | w_{k+1} … w_{2k}    | w_{L+k+1} … w_{L+2k}  |   |
 *
 * `B` streams, k symbols in a string, L = ⌊(T − 1)/B⌋ targets in a stream, `T` symbols in the text.
 *
 * Source: Williams and Peng 1990, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
 * Trajectories", for truncation; Mikolov et al. 2010, "Recurrent neural network based language model".
 *
 * @module
 */

/** The number of streams and the length of a string. */
export interface StreamSizes {
  /** `B`, at least 1. */
  readonly streams: number;
  /** k, at least 1: gradients flow back over so many steps at most. */
  readonly truncation: number;
}

/** A string of a stream: k inputs, and the target of each. */
export interface TextString {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
}

/** The streams of a text. */
export interface TextStreams extends StreamSizes {
  /** ⌊L/k⌋, the updates of one pass. */
  readonly updatesPerPass: number;
  /** Whether an update begins a pass: a state that is carried from the update before does not belong to its strings. */
  startsPass(update: number): boolean;
  /** Returns the strings of an update, counted from 0, stream by stream. */
  stringsOf(update: number): TextString[];
}

/**
 * Computes the length of the shortest text that can be trained on.
 *
 * @example One string in each stream, and the target of the last step.
 * ```ts
 * import { shortestText } from "@/text/text_streams.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shortestText({ streams: 32, truncation: 100 }), 3201);
 * ```
 * @param sizes `B` and k.
 * @returns B·k + 1 symbols.
 */
export function shortestText({ streams, truncation }: StreamSizes): number {
  return streams * truncation + 1;
}

/**
 * Cuts a text into streams.
 *
 * @example Two streams of a text of nine symbols, in strings of two.
 * ```ts
 * import { cutStreams } from "@/text/text_streams.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const streams = cutStreams([0, 1, 2, 3, 4, 5, 6, 7, 8], { streams: 2, truncation: 2 });
 * assertEquals(streams.updatesPerPass, 2);
 * assertEquals(streams.stringsOf(1), [
 *   { inputs: [2, 3], targets: [3, 4] },
 *   { inputs: [6, 7], targets: [7, 8] },
 * ]);
 * assertEquals([0, 1, 2].map(streams.startsPass), [true, false, true]);
 * ```
 * @param text The text, `T` symbols.
 * @param sizes `B` and k.
 * @returns The streams.
 * @throws {RangeError} If a size is not an integer of at least 1, or the text is shorter than {@linkcode shortestText}.
 */
export function cutStreams(text: ArrayLike<number>, sizes: StreamSizes): TextStreams {
  const { streams: B, truncation: k } = sizes, shortest = shortestText(sizes);
  for (const [name, size] of Object.entries({ streams: B, truncation: k })) {
    if (Number.isSafeInteger(size) && size >= 1) continue;
    throw new RangeError(`Cannot cut streams: wanted ${name} of at least 1, got ${size}`);
  }
  if (text.length < shortest) {
    throw new RangeError(
      `Cannot cut streams: wanted a text of at least ${shortest} symbols, got ${text.length}`,
    );
  }
  const L = Math.floor((text.length - 1) / B), updatesPerPass = Math.floor(L / k);
  const piece = (from: number) => Array.from({ length: k }, (_, t) => text[from + t]);
  return {
    streams: B,
    truncation: k,
    updatesPerPass,
    startsPass: (update) => update % updatesPerPass === 0,
    stringsOf(update) {
      const from = (update % updatesPerPass) * k;
      return Array.from({ length: B }, (_, b) => ({
        inputs: piece(b * L + from),
        targets: piece(b * L + from + 1),
      }));
    },
  };
}
