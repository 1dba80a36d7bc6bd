/**
 * The experiments that `deno task train` offers, the first being the default, and how a task or an architecture chooses one.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
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

/**
 * Finds the experiment with architectures that has a task.
 *
 * @param task The task, if one is named.
 * @param experiments The experiments.
 * @returns The experiment; the first with architectures if none of them has the task, undefined if none has architectures.
 */
export function experimentOfArchitecture(
  task: string | undefined,
  experiments: readonly Experiment[],
): Experiment | undefined {
  const all = experiments.filter(({ options }) => options.architecture);
  return all.find(({ options }) => task !== undefined && options.task?.accepts(task)) ?? all[0];
}

/**
 * Finds the first experiment that has a task; another with the same tasks is chosen by `--architecture`.
 *
 * @param task The task.
 * @param experiments The experiments.
 * @returns Its name.
 * @throws {UserError} If none has the task.
 */
export function experimentOfTask(task: string, experiments: readonly Experiment[]): string {
  const all = experiments.filter(({ options }) => options.task);
  const withTasks = all.filter(({ options: { task } }, i) =>
    !all.slice(0, i).some(({ options }) => options.task.accepts(String(task.default)))
  );
  const found = withTasks.find(({ options }) => options.task.accepts(task));
  if (found || withTasks.length === 0) return (found ?? experiments[0]).name;
  const wanted = withTasks.map(({ options }) => options.task.wanted).join(", or ");
  throw new UserError("read --task", wanted, JSON.stringify(task));
}
