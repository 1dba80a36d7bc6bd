/**
 * The options of a training of an encoder–decoder on a task.
 *
 * @module
 */
import { ATTENTION_NAMES, type AttentionName } from "@/models/decoder_shape.ts";
import { choice, flag, integer, number } from "@/options/option.ts";
import { BUILD_OPTION, defaultsOf } from "@/options/settings.ts";
import type { SettingsOf } from "@/runs/run.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import { TEXT_OPTIONS } from "./text_options.ts";
import { FLOAT32_RANGE, TRAINING_OPTIONS } from "./training_options.ts";

/** The tasks whose answers are written after the source. */
const WRITTEN_TASKS = TASK_NAMES.filter((name) => createTask(name, 1).autoregressive);

/** The kinds of attention of a network that has one. */
export type ChosenAttention = Exclude<AttentionName, "none">;

const CHOSEN_ATTENTIONS = ATTENTION_NAMES.filter((name): name is ChosenAttention =>
  name !== "none"
);

/** The options. */
export const ENCODER_DECODER_OPTIONS = {
  task: choice({ choices: WRITTEN_TASKS, default: WRITTEN_TASKS[0], description: "what to learn" }),
  architecture: choice({
    choices: ["encoder-decoder", "attention"],
    default: "encoder-decoder",
    description: "what the decoder knows of the source: the encoder's last state, or all of them",
  }),
  attention: choice({
    choices: CHOSEN_ATTENTIONS,
    default: null,
    defaultText: "additive with --architecture attention",
    description: "how the decoder attends to the encoder's states",
  }),
  attentionWidth: integer({
    default: null,
    defaultText: "that of --hidden",
    minimum: 1,
    maximum: 4096,
    description: "numbers in a projection of the attention",
  }),
  bidirectional: flag({ description: "read the source with a second encoder, from its end" }),
  reverseSource: flag({ description: "read the source from its end" }),
  reverseTarget: flag({ description: "write the target from its end" }),
  cell: TRAINING_OPTIONS.cell,
  hidden: integer({
    default: 128,
    minimum: 1,
    maximum: 4096,
    description: "hidden units in each layer of an encoder; the decoder has those of all encoders",
  }),
  layers: TRAINING_OPTIONS.layers,
  embedding: TRAINING_OPTIONS.embedding,
  symbols: TRAINING_OPTIONS.symbols,
  lengths: TRAINING_OPTIONS.lengths,
  strings: integer({
    default: 384_000,
    minimum: 1,
    maximum: 1e9,
    description: "number of training strings; the best network on validation strings is kept",
  }),
  batch: integer({
    default: 64,
    minimum: 1,
    maximum: 65_536,
    description: "strings in a batch",
  }),
  learningRate: number({
    default: 0.002,
    ...FLOAT32_RANGE,
    description: "the learning rate of Adam",
  }),
  clip: TEXT_OPTIONS.clip,
  forgetBias: TEXT_OPTIONS.forgetBias,
  build: BUILD_OPTION,
};

/** Their values, and the seed. */
export type EncoderDecoderSettings = SettingsOf<typeof ENCODER_DECODER_OPTIONS>;

/** The defaults, with a seed. */
export function defaultEncoderDecoderSettings(seed: number): EncoderDecoderSettings {
  return { ...defaultsOf(ENCODER_DECODER_OPTIONS), seed };
}
