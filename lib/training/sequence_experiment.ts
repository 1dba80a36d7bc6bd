/**
 * The experiment `string-reversal`, the main one: a network with a stack learns to reverse any string.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import { REVERSAL_OPTIONS, reversalPlan } from "./plan.ts";
import { resumeReversalRun, type ReversalRunState, startReversalRun } from "./sequence_run.ts";
import { REVERSAL_SETS, type ReversalSets } from "./validation.ts";

/** An experiment on string reversal. */
export type StringReversal = Experiment<typeof REVERSAL_OPTIONS, ReversalRunState>;

/**
 * Makes the experiment with examinations of one's own, such as short ones for a test.
 *
 * @param sets On which strings networks are examined.
 * @returns The experiment.
 */
export function stringReversalOn(sets: ReversalSets): StringReversal {
  return {
    name: "string-reversal",
    summary: "a network with a stack learns to reverse strings, and is tried on far longer ones",
    options: REVERSAL_OPTIONS,
    start: (settings) => startReversalRun(reversalPlan(settings), sets),
    resume: (settings, state) => resumeReversalRun(reversalPlan(settings), sets, state),
  };
}

/** The experiment. */
export const stringReversal: StringReversal = stringReversalOn(REVERSAL_SETS);
