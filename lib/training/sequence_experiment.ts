/**
 * The main experiment of `deno task train`: a network with a memory or without one learns a task on strings, and is
 * tested on far longer ones.
 *
 * @module
 */
import { threadsThatPay } from "@/engine/worker_pool.ts";
import { asUserError } from "@/options/settings.ts";
import type { Experiment } from "@/runs/run.ts";
import { defaultMemory } from "@/tasks/tasks.ts";
import { TRAINING_OPTIONS } from "./training_options.ts";
import { SMALLER_SIZES, trainingPlan } from "./training_plan.ts";
import { resumeSequenceRun, type SequenceRunState, startSequenceRun } from "./sequence_run.ts";
import { STANDARD_SETS, type ValidationSets } from "./validation.ts";

/** An experiment on a task. */
export type SequenceExperiment = Experiment<typeof TRAINING_OPTIONS, SequenceRunState>;

/**
 * Makes the experiment with validation and final sets of one's own, such as short ones for a test.
 *
 * @param sets The sets.
 * @returns The experiment.
 */
export function sequenceExperimentOn(sets: ValidationSets): SequenceExperiment {
  return {
    name: "sequence",
    summary: "a network with a memory learns a task on strings, and is tested on far longer ones",
    options: TRAINING_OPTIONS,
    resolve: (settings) => trainingPlan(settings).settings,
    label: ({ task, memory }) => `${task}-${memory ?? defaultMemory(task)}`,
    threadsFor: ({ hidden }, cores) => threadsThatPay(hidden, cores),
    start: (settings, resources) =>
      asUserError(
        "train",
        () => startSequenceRun(trainingPlan(settings), sets, resources),
        SMALLER_SIZES,
      ),
    resume: (settings, state, resources) =>
      resumeSequenceRun(trainingPlan(settings), sets, state, resources),
  };
}

/** The experiment. */
export const sequenceExperiment: SequenceExperiment = sequenceExperimentOn(STANDARD_SETS);
