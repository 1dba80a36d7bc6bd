/** Encoder–decoders of every kind, their parameters and pairs, at random. */
import type { RandomSource } from "@/math/random.ts";
import { ATTENTION_NAMES } from "@/models/decoder_shape.ts";
import {
  type EncoderDecoderShape,
  encoderDecoderShapes,
  type PairString,
} from "@/models/encoder_decoder.ts";
import { type NamedTensors, zeroTensors } from "@/models/named_tensors.ts";

/** Every kind, of one or two layers. */
export const PAIR_KINDS = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  ATTENTION_NAMES.flatMap((attention) =>
    [false, true].flatMap((bidirectional) =>
      [1, 2].map((layers) => ({ cell, attention, bidirectional, layers }))
    )
  )
);

export type PairKind = (typeof PAIR_KINDS)[number];

/** A small model of a kind; no two of its sizes are always the same. */
export function randomPairShape(random: RandomSource, kind: PairKind): EncoderDecoderShape {
  return {
    ...kind,
    hidden: random.integer(1, 4),
    embedding: random.integer(1, 4),
    symbols: random.integer(2, 6),
    attentionWidth: kind.attention === "none" ? 0 : random.integer(1, 4),
  };
}

/** Parameters at large, for shapes of tensors. */
export function randomTensors(
  random: RandomSource,
  shapes: Parameters<typeof zeroTensors>[0],
): NamedTensors {
  const tensors = zeroTensors(shapes);
  for (const tensor of Object.values(tensors)) {
    tensor.forEach((_, i) => tensor[i] = Math.fround(random.normal(0, 0.8)));
  }
  return tensors;
}

export function randomPairParameters(random: RandomSource, shape: EncoderDecoderShape) {
  return randomTensors(random, encoderDecoderShapes(shape));
}

/** A pair with targets at most of its steps. */
export function randomPair(
  random: RandomSource,
  { symbols: K }: Pick<EncoderDecoderShape, "symbols">,
  [S, T]: readonly [number, number],
): PairString {
  const symbols = (length: number) => Array.from({ length }, () => random.integer(0, K));
  const targets = symbols(T).map((target, t) => t > 0 && random.uniform() < 0.3 ? -1 : target);
  return { source: symbols(S), inputs: symbols(T), targets };
}
