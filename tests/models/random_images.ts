/** Captioners of every kind, and captioned images, at random. */
import type { RandomSource } from "@/math/random.ts";
import type { CaptionedImage, CaptionerShape } from "@/models/captioner.ts";
import { ATTENTION_NAMES } from "@/models/decoder_shape.ts";
import { pixelCount } from "@/network/convolution.ts";
import { randomPair } from "./random_pairs.ts";

/** Every kind. */
export const CAPTIONER_KINDS = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  ATTENTION_NAMES.map((attention) => ({ cell, attention }))
);

/** A small captioner of images of two cells by one, with one or two blocks. */
export function randomCaptionerShape(
  random: RandomSource,
  kind: (typeof CAPTIONER_KINDS)[number],
): CaptionerShape {
  const channels = () => random.integer(1, 4), blocks = random.integer(1, 3);
  const pools = blocks === 1 ? [2] : [1, 2];
  return {
    ...kind,
    image: { channels: channels(), height: 4, width: 2 },
    blocks: pools.map((pool, b) => ({ channels: channels(), kernel: b === 0 ? 3 : 1, pool })),
    layers: random.integer(1, 3),
    hidden: random.integer(1, 3),
    embedding: random.integer(1, 4),
    symbols: random.integer(2, 6),
    attentionWidth: kind.attention === "none" ? 0 : random.integer(1, 4),
  };
}

/** An image of noise with a caption of `T` symbols. */
export function randomCaption(
  random: RandomSource,
  shape: CaptionerShape,
  T: number,
): CaptionedImage {
  const { inputs, targets } = randomPair(random, shape, [1, T]);
  const image = Float64Array.from({ length: pixelCount(shape.image) }, () => random.normal());
  return { image, inputs, targets };
}
