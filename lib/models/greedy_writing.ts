/**
 * Greedy writing with a decoder: START is fed, then at each step the symbol with the largest logit, until the decoder's own
 * terminator.
 *
 * `K` symbols.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import type { ReadingOrder } from "@/tasks/source_and_target.ts";
import type { AutoregressiveVocabulary } from "@/tasks/task.ts";
import type { FeedSymbol } from "./decoder.ts";

/** A step of whatever writes. */
export interface WritingStep {
  /** `K`. */
  readonly logits: Vector;
}

/** What was written, and how. */
export interface Writing<Step> {
  /** The symbols, with the terminator if there was one. */
  readonly symbols: number[];
  /** The step that wrote each of them. */
  readonly steps: Step[];
}

/**
 * Writes until the terminator.
 *
 * Of equal logits the first symbol's wins.
 *
 * @example A decoder that counts, and ends.
 * ```ts
 * import { writeGreedily } from "@/models/greedy_writing.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [start, terminator] = [3, 2];
 * const feed = (symbol: number) => ({ logits: [0, 1, 2].map((k) => k === (symbol + 1) % 4 ? 1 : 0) });
 * assertEquals(writeGreedily(feed, { start, terminator }, 9).symbols, [0, 1, 2]);
 * ```
 * @param feed Takes a step of the decoder, at its start.
 * @param marks The symbols before the first and after the last.
 * @param longest The most symbols, terminator included; writing stops there.
 * @returns The symbols and the steps.
 */
export function writeGreedily<Step extends WritingStep>(
  feed: FeedSymbol<Step>,
  { start, terminator }: Pick<AutoregressiveVocabulary, "start" | "terminator">,
  longest: number,
): Writing<Step> {
  const symbols: number[] = [], steps: Step[] = [];
  while (symbols.length < longest && symbols.at(-1) !== terminator) {
    const step = feed(symbols.at(-1) ?? start);
    steps.push(step);
    symbols.push(step.logits.reduce((best, x, k, all) => x > all[best] ? k : best, 0));
  }
  return { symbols, steps };
}

/** Reads a source; what is returned writes the target. */
export type ReadSource<Step> = (source: readonly number[]) => FeedSymbol<Step>;

/**
 * Makes an encoder and a decoder look like a network that reads and writes symbol by symbol, so that `decodeGreedily` can
 * ask it.
 *
 * Symbols between the start and the separator are kept; at the separator they are read, and START is fed to the decoder.
 *
 * @param read Reads a source.
 * @param vocabulary The task's symbols.
 * @param order Whether the source is read from its end; a reversed target is written as it is.
 * @returns The network. Its logits are 0 while a source is fed.
 */
export function sourceStepper(
  read: ReadSource<WritingStep>,
  { start, separator, size }: AutoregressiveVocabulary,
  { reverseSource = false }: ReadingOrder = {},
): SymbolStepper {
  let strings: { source: number[]; feed?: FeedSymbol<WritingStep> }[] = [];
  return {
    start(count) {
      strings = Array.from({ length: count }, () => ({ source: [] }));
    },
    step(symbols) {
      const logits = new Float32Array(strings.length * size);
      strings.forEach((string, b) => {
        const { source } = string, symbol = symbols[b];
        if (string.feed) logits.set(string.feed(symbol).logits, b * size);
        else if (symbol === separator) {
          string.feed = read(reverseSource ? source.toReversed() : source);
          logits.set(string.feed(start).logits, b * size);
        } else if (symbol !== start) source.push(symbol);
      });
      return logits;
    },
  };
}
