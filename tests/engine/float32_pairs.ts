/** Encoder–decoders and pairs whose numbers are all Float32, so that the reference and the engine are given the same. */
import type { RandomSource } from "@/math/random.ts";
import {
  type EncoderDecoderShape,
  encoderDecoderShapes,
  type PairBatch,
} from "@/models/encoder_decoder.ts";
import type { NamedTensors } from "@/models/named_tensors.ts";
import { type PairKind, randomPair, randomTensors } from "../models/random_pairs.ts";

/** A model of a kind; widths are mostly not divisible by 4 or 8, and some take several panels. */
export function float32PairShape(random: RandomSource, kind: PairKind): EncoderDecoderShape {
  const width = () => random.integer(1, random.uniform() < 0.2 ? 44 : 12);
  return {
    ...kind,
    hidden: width(),
    embedding: width(),
    symbols: random.integer(2, 20),
    attentionWidth: kind.attention === "none" ? 0 : width(),
  };
}

/** Parameters at large, every sum of about the same size. */
export function float32PairParameters(
  random: RandomSource,
  shape: EncoderDecoderShape,
): NamedTensors {
  const shapes = encoderDecoderShapes(shape), parameters = randomTensors(random, shapes);
  for (const [name, [, inputs = 1]] of shapes) {
    const size = name.endsWith("embedding.weight") ? 1 : Math.sqrt(inputs);
    parameters[name].forEach((x, i, tensor) => tensor[i] = Math.fround(x / size));
  }
  return parameters;
}

/** One pair, or some, of sources and targets of lengths of their own. */
export function float32Pairs(
  random: RandomSource,
  shape: EncoderDecoderShape,
  longest = 9,
): PairBatch {
  const count = random.uniform() < 0.2 ? 1 : random.integer(2, 9);
  const length = () => random.uniform() < 0.2 ? 1 : random.integer(1, longest + 1);
  const strings = Array.from({ length: count }, () => {
    return randomPair(random, shape, [length(), length()]);
  });
  return { strings, outputWeight: Math.fround(random.uniform(0.1, 1)) };
}
