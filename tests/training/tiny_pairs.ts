/** Training of an encoder–decoder made small: two characters, short strings, validations that take no time. */
import {
  type EncoderDecoderExperiment,
  encoderDecoderExperimentOn,
} from "@/training/encoder_decoder_experiment.ts";
import {
  defaultEncoderDecoderSettings,
  type EncoderDecoderSettings,
} from "@/training/encoder_decoder_options.ts";
import { type EncoderDecoderPlan, encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";

import { TINY_SETS } from "./tiny_training.ts";

/** Settings of a small network: the defaults, but for its sizes and `changes`. */
export function tinyPairSettings(
  changes: Partial<EncoderDecoderSettings> = {},
): EncoderDecoderSettings {
  const sizes = { hidden: 4, embedding: 3, symbols: 2, lengths: "1..4", strings: 40, batch: 4 };
  return { ...defaultEncoderDecoderSettings(1), ...sizes, ...changes };
}

/** Their plan. */
export function tinyPairPlan(changes: Partial<EncoderDecoderSettings> = {}): EncoderDecoderPlan {
  return encoderDecoderPlan(tinyPairSettings(changes));
}

/** The experiment with validations every 16 strings, on a few short strings. */
export function tinyPairExperiment(): EncoderDecoderExperiment {
  return encoderDecoderExperimentOn({ ...TINY_SETS, further: () => [] });
}
