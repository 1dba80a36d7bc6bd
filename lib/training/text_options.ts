/**
 * The options of a training on text.
 *
 * @module
 */
import { choice, flag, integer, number, text } from "@/options/option.ts";
import { BUILD_OPTION, defaultsOf } from "@/options/settings.ts";
import type { SettingsOf } from "@/runs/run.ts";
import { TEXT_UNITS } from "@/text/alphabet.ts";
import { CORPUS_NAMES } from "@/text/corpus.ts";
import { BIAS_RANGE, FLOAT32_RANGE, TRAINING_OPTIONS } from "./training_options.ts";

const size = (value: number, description: string) =>
  integer({ default: value, minimum: 1, maximum: 4096, description });

/** The options. */
export const TEXT_OPTIONS = {
  task: choice({ choices: ["text"], default: "text", description: "what to learn" }),
  corpus: text({
    default: CORPUS_NAMES[0],
    placeholder: "NAME|FILE",
    description: `the text: ${CORPUS_NAMES.join(", ")}, or a file in UTF-8`,
  }),
  unit: choice({ choices: TEXT_UNITS, default: "characters", description: "what a symbol is" }),
  wrap: integer({
    default: null,
    defaultText: "as they are",
    minimum: 1,
    maximum: 10_000,
    description: "columns at which the lines of the text are wrapped",
  }),
  heldOut: number({
    default: 0.1,
    minimum: 0.001,
    maximum: 0.999,
    description: "share of the text, at its end, that is held out for validation",
  }),
  cell: TRAINING_OPTIONS.cell,
  hidden: size(128, "hidden units in each layer"),
  layers: TRAINING_OPTIONS.layers,
  embedding: size(32, "width of a symbol's embedding"),
  batch: integer({
    default: 32,
    minimum: 1,
    maximum: 65_536,
    description: "streams of the text side by side in a batch",
  }),
  truncate: integer({
    default: 100,
    minimum: 1,
    maximum: 100_000,
    description: "steps in an update: gradients flow back over so many at most",
  }),
  resetState: flag({
    description:
      "begin every update with the initial state, not with that at the end of the one before",
  }),
  characters: integer({
    default: 6_000_000,
    minimum: 1,
    maximum: 1e12,
    description: "characters, or bytes, to train on; the text is read again and again",
  }),
  learningRate: number({
    default: 0.003,
    ...FLOAT32_RANGE,
    description: "the learning rate of Adam",
  }),
  clip: number({
    default: 1,
    ...FLOAT32_RANGE,
    description: "the largest norm of the gradient, all parameters together",
  }),
  forgetBias: number({
    default: null,
    defaultText: "1",
    ...BIAS_RANGE,
    description: "initial bias of an LSTM's forget gates",
  }),
  build: BUILD_OPTION,
};

/** Their values, and the seed. */
export type TextSettings = SettingsOf<typeof TEXT_OPTIONS>;

/** The defaults, with a seed. */
export function defaultTextSettings(seed: number): TextSettings {
  return { ...defaultsOf(TEXT_OPTIONS), seed };
}
