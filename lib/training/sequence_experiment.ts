/**
 * The main experiment of `deno task train`: a network with a memory or without one learns a task on strings, and is
 * tested on far longer ones.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import { TRAINING_OPTIONS, trainingPlan } from "./plan.ts";
import { resumeSequenceRun, type SequenceRunState, startSequenceRun } from "./sequence_run.ts";
import { STANDARD_SETS, type ValidationSets } from "./validation.ts";

/** An experiment on a task. */
export type SequenceExperiment = Experiment<typeof TRAINING_OPTIONS, SequenceRunState>;

/** Hidden units from which on a second thread is worth its start and its barriers. */
const THREADS_PAY_FROM = 128;

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
    label: ({ task, memory }) => `${task}-${memory}`,
    threadsFor: ({ hidden }, cores) => hidden >= THREADS_PAY_FROM ? Math.min(cores, 4) : 1,
    start: (settings, resources) => startSequenceRun(trainingPlan(settings), sets, resources),
    resume: (settings, state, resources) =>
      resumeSequenceRun(trainingPlan(settings), sets, state, resources),
  };
}

/** The experiment. */
export const sequenceExperiment: SequenceExperiment = sequenceExperimentOn(STANDARD_SETS);
