/**
 * What `deno task train` can train: one line each; the first is the default.
 *
 * @module
 */
import type { Experiment } from "@/training/experiment.ts";
import { autoencoder } from "@/training/experiments/autoencoder.ts";
import { binaryAddition } from "@/training/experiments/binary_addition.ts";
import { learnToPop } from "@/training/experiments/learn_to_pop.ts";
import { learnToPush } from "@/training/experiments/learn_to_push.ts";
import { rnnController } from "@/training/experiments/rnn_controller.ts";
import { steered } from "@/training/experiments/steered.ts";
import { stringReversal } from "@/training/experiments/string_reversal.ts";

/** Every experiment, by its order in the help. */
export const EXPERIMENTS: readonly Experiment[] = [
  stringReversal,
  learnToPush,
  learnToPop,
  steered,
  binaryAddition,
  rnnController,
  autoencoder,
];
