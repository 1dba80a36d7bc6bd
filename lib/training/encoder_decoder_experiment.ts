/**
 * The experiment `encoder-decoder`: an encoder reads a string to its end, then a decoder writes the answer.
 *
 * @module
 */
import { threadsThatPay } from "@/engine/worker_pool.ts";
import { asUserError } from "@/options/settings.ts";
import type { Experiment } from "@/runs/run.ts";
import { ENCODER_DECODER_OPTIONS } from "./encoder_decoder_options.ts";
import { encoderDecoderPlan, SMALLER_PAIR_SIZES } from "./encoder_decoder_plan.ts";
import {
  type EncoderDecoderRunState,
  resumeEncoderDecoderRun,
  STANDARD_PAIR_SETS,
  startEncoderDecoderRun,
} from "./encoder_decoder_run.ts";
import type { ValidationSets } from "./validation.ts";

/** An experiment on a task, with an encoder and a decoder. */
export type EncoderDecoderExperiment = Experiment<
  typeof ENCODER_DECODER_OPTIONS,
  EncoderDecoderRunState
>;

/**
 * Makes the experiment with validation and final sets of one's own, such as short ones for a test.
 *
 * @param sets The sets.
 * @returns The experiment.
 */
export function encoderDecoderExperimentOn(sets: ValidationSets): EncoderDecoderExperiment {
  return {
    name: "encoder-decoder",
    summary: "an encoder reads a string, then a decoder writes the answer; attention is optional",
    options: ENCODER_DECODER_OPTIONS,
    resolve: (settings) => encoderDecoderPlan(settings).settings,
    label({ task, architecture, reverseSource, reverseTarget, bidirectional }) {
      const flags = Object.entries({
        "reversed-source": reverseSource,
        "reversed-target": reverseTarget,
        bidirectional,
      });
      return [task, architecture, ...flags.flatMap(([name, set]) => set ? name : [])].join("-");
    },
    threadsFor: ({ hidden }, cores) => threadsThatPay(hidden, cores),
    start: (settings, resources) =>
      asUserError(
        "train",
        () => startEncoderDecoderRun(encoderDecoderPlan(settings), sets, resources),
        SMALLER_PAIR_SIZES,
      ),
    resume: (settings, state, resources) =>
      resumeEncoderDecoderRun(encoderDecoderPlan(settings), sets, state, resources),
  };
}

/** The experiment. */
export const encoderDecoderExperiment: EncoderDecoderExperiment = encoderDecoderExperimentOn(
  STANDARD_PAIR_SETS,
);
