/**
 * The experiments that `deno task train` offers; the first is the default.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import { captionExperiment } from "@/training/caption_experiment.ts";
import { encoderDecoderExperiment } from "@/training/encoder_decoder_experiment.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import { textExperiment } from "@/training/text_experiment.ts";
import { binaryAddition } from "@/tutorial/binary_addition_experiment.ts";
import { autoencoder, rnnController } from "@/tutorial/controller_experiments.ts";
import { learnToPop, learnToPush } from "@/tutorial/learned_controls_experiments.ts";
import { steered } from "@/tutorial/steering_experiment.ts";

/** All experiments, in the order of the help. */
export const EXPERIMENTS: readonly Experiment[] = [
  sequenceExperiment,
  textExperiment,
  encoderDecoderExperiment,
  captionExperiment,
  learnToPush,
  learnToPop,
  steered,
  binaryAddition,
  rnnController,
  autoencoder,
];
