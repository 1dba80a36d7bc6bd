/**
 * Greedy captions of a captioner on the engine, of many images at once.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { likeliestSymbol } from "@/tasks/decoding.ts";
import type { AutoregressiveVocabulary } from "@/tasks/task.ts";
import type { CaptionerEngine } from "./captioner_engine.ts";

/** A caption as a network has written it. */
export interface WrittenCaption {
  /** Its words, and END if it came to one. */
  readonly symbols: number[];
  /** Of each step, α: the distribution over the cells whose mean entered the step; none without attention. */
  readonly looks: Float32Array[];
}

/** Images side by side. */
const TOGETHER = 64;

/**
 * Writes captions: each word is the likeliest, and is fed to the next step; a caption ends with END.
 *
 * @param engine The captioner.
 * @param images x of each.
 * @param vocabulary Its words.
 * @param most The most symbols of a caption; one that has not ended is cut off.
 * @param onShareDone Receives the share of the images that is done. It may throw in order to stop.
 * @returns A caption of each image.
 */
export function writeCaptions(
  engine: CaptionerEngine,
  images: readonly ArrayLike<number>[],
  vocabulary: Pick<AutoregressiveVocabulary, "start" | "terminator">,
  most: number,
  onShareDone: (share: number) => void = () => {},
): WrittenCaption[] {
  return range(Math.ceil(images.length / TOGETHER)).flatMap((group) => {
    const own = images.slice(group * TOGETHER, (group + 1) * TOGETHER);
    const written = writeTogether(engine, own, vocabulary, most);
    onShareDone((group * TOGETHER + own.length) / images.length);
    return written;
  });
}

function writeTogether(
  engine: CaptionerEngine,
  images: readonly ArrayLike<number>[],
  { start, terminator }: Pick<AutoregressiveVocabulary, "start" | "terminator">,
  most: number,
): WrittenCaption[] {
  const { attention, symbols: K } = engine.shape, attends = attention !== "none";
  const seen = engine.look(images), decoder = engine.decoder();
  decoder.start(
    seen.length,
    undefined,
    attends ? seen.map(({ places }) => places!) : undefined,
    seen.map(({ firstSums }) => firstSums),
  );
  const written = seen.map((): WrittenCaption => ({ symbols: [], looks: [] }));
  const isWriting = ({ symbols }: WrittenCaption) =>
    symbols.at(-1) !== terminator && symbols.length < most;
  let fed: Int32Array = new Int32Array(seen.length).fill(start);
  while (written.some(isWriting)) {
    const logits = decoder.step(fed);
    fed = fed.map((_, i) => likeliestSymbol(logits, i * K, K));
    const looks = attends ? decoder.placeWeights() : [];
    written.forEach((caption, i) => {
      if (!isWriting(caption)) return;
      caption.symbols.push(fed[i]);
      if (attends) caption.looks.push(looks[i]);
    });
  }
  return written;
}
