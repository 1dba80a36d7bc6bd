/**
 * The options of a training of a captioner.
 *
 * @module
 */
import { choice, integer, number } from "@/options/option.ts";
import { BUILD_OPTION, defaultsOf } from "@/options/settings.ts";
import type { SettingsOf } from "@/runs/run.ts";
import { ENCODER_DECODER_OPTIONS } from "./encoder_decoder_options.ts";
import { FLOAT32_RANGE, TRAINING_OPTIONS } from "./training_options.ts";

/** The name of the task. */
export const CAPTIONS = "captions";

/** The options. */
export const CAPTION_OPTIONS = {
  task: choice({ choices: [CAPTIONS], default: CAPTIONS, description: "what to learn" }),
  architecture: choice({
    choices: ["encoder-decoder", "attention"],
    default: "attention",
    description: "what the decoder knows of the image: one vector, or the nine cells of a grid too",
  }),
  attention: {
    ...ENCODER_DECODER_OPTIONS.attention,
    description: "how the decoder attends to the cells",
  },
  attentionWidth: ENCODER_DECODER_OPTIONS.attentionWidth,
  cell: TRAINING_OPTIONS.cell,
  hidden: integer({
    default: 64,
    minimum: 1,
    maximum: 4096,
    description: "hidden units in each layer of the decoder",
  }),
  layers: TRAINING_OPTIONS.layers,
  embedding: integer({
    default: 32,
    minimum: 1,
    maximum: 4096,
    description: "width of a word's embedding",
  }),
  images: integer({
    default: 48_000,
    minimum: 1,
    maximum: 1e9,
    description:
      "number of training images, in whole batches; the best network on validation images is kept",
  }),
  batch: integer({
    default: 8,
    minimum: 1,
    maximum: 4096,
    description: "images in a batch",
  }),
  learningRate: number({
    default: 0.002,
    ...FLOAT32_RANGE,
    description: "the learning rate of Adam; it falls to 0 over the second half",
  }),
  clip: ENCODER_DECODER_OPTIONS.clip,
  forgetBias: ENCODER_DECODER_OPTIONS.forgetBias,
  build: BUILD_OPTION,
};

/** Their values, and the seed. */
export type CaptionSettings = SettingsOf<typeof CAPTION_OPTIONS>;

/** The defaults, with a seed. */
export function defaultCaptionSettings(seed: number): CaptionSettings {
  return { ...defaultsOf(CAPTION_OPTIONS), seed };
}
