/**
 * Greedy answers of an encoder–decoder on the engine, of many sources at once: what `models/greedy_writing.ts` does with one.
 *
 * `B` strings side by side, `K` symbols.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { decoderShapeOf } from "@/models/encoder_decoder.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import type { ReadingOrder } from "@/tasks/source_and_target.ts";
import type { AutoregressiveVocabulary } from "@/tasks/task.ts";
import type { EncoderDecoderEngine } from "./encoder_decoder_engine.ts";
import type { EncodedSource } from "./encoder_engine.ts";

/**
 * Makes an encoder–decoder look like a network that reads and writes symbol by symbol, so that `decodeGreedily` can ask it.
 *
 * Symbols between the start and the separator are kept; at the separator they are read, and START is fed to the decoder.
 *
 * @example Two sources of different lengths, side by side.
 * ```ts
 * import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
 * import { engineSourceStepper } from "@/engine/greedy_answers.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialEncoderDecoder } from "@/models/encoder_decoder.ts";
 * import { copyTask } from "@/tasks/copy.ts";
 * import { decodeGreedily } from "@/tasks/decoding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { size: symbols } = task.vocabulary;
 * const sizes = { layers: 1, hidden: 8, embedding: 4, symbols, attentionWidth: 0 };
 * const shape = { cell: "gru", attention: "none", ...sizes } as const;
 * const engine = createEncoderDecoderEngine(shape);
 * engine.setParameters(initialEncoderDecoder(shape, seededRandom(1)));
 * const network = engineSourceStepper(engine, task.vocabulary);
 * assertEquals(decodeGreedily(network, task, [[0, 1, 1], [1]]).length, 2);
 * ```
 * @param engine The encoder–decoder.
 * @param vocabulary The task's symbols.
 * @param order Whether the source is read from its end; a reversed target is written as it is.
 * @returns The network. Its logits are 0 while a source is fed.
 */
export function engineSourceStepper(
  engine: EncoderDecoderEngine,
  { start, separator, size }: AutoregressiveVocabulary,
  { reverseSource = false }: ReadingOrder = {},
): SymbolStepper {
  let sources: number[][] = [], encoded: (EncodedSource | undefined)[] = [];

  /** Reads the sources of the strings at their separator, and lets the others go on from where they are. */
  function startWriting(ready: readonly number[]): void {
    const writing = range(sources.length).filter((b) => encoded[b] !== undefined);
    const states = writing.length > 0 ? engine.decoder().states() : [];
    for (const b of writing) encoded[b] = { ...encoded[b]!, start: states[b] };
    const order = reverseSource ? (list: number[]) => list.toReversed() : (list: number[]) => list;
    const found = engine.encode(ready.map((b) => order(sources[b])));
    ready.forEach((b, n) => encoded[b] = found[n]);
    const { attention, placeWidth } = decoderShapeOf(engine.shape);
    const places = encoded.map((string) => string?.places ?? new Float32Array(placeWidth));
    const starts = encoded.map((string) => string?.start);
    engine.decoder().start(sources.length, starts, attention === "none" ? undefined : places);
  }

  return {
    start(count) {
      sources = range(count).map(() => []);
      encoded = range(count).map(() => undefined);
    },
    step(symbols) {
      const ready: number[] = [];
      symbols.forEach((symbol, b) => {
        if (encoded[b]) return;
        if (symbol === separator) ready.push(b);
        else if (symbol !== start) sources[b].push(symbol);
      });
      if (ready.length > 0) startWriting(ready);
      if (encoded.every((string) => string === undefined)) {
        return new Float32Array(sources.length * size);
      }
      const fed = symbols.map((symbol, b) => ready.includes(b) ? start : symbol);
      const logits = engine.decoder().step(fed);
      encoded.forEach((string, b) => string ?? logits.fill(0, b * size, (b + 1) * size));
      return logits;
    },
  };
}
