/**
 * What `deno task train` can train: one line each; the first is the default.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import { autoencoder, rnnController } from "@/tutorial/controller_experiments.ts";
import { binaryAddition } from "@/tutorial/binary_addition_experiment.ts";
import { learnToPop, learnToPush } from "@/tutorial/controls_experiments.ts";
import { steered } from "@/tutorial/steering_experiment.ts";
import { stringReversal } from "@/training/sequence_experiment.ts";

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
