/**
 * What the experiments that learn controls without a network have in common.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import type { Experiment } from "../experiment.ts";
import {
  CONTROLS_OPTIONS,
  type ControlsLearner,
  controlsRun,
  type ControlsState,
  firstState,
} from "./controls_run.ts";
import { chosenSequence } from "./value_sequence.ts";

/** An experiment on a list of pops and pushes. */
export type ControlsExperiment = Experiment<typeof CONTROLS_OPTIONS, ControlsState>;

/**
 * Makes the experiment of a learner.
 *
 * @param name Its name on the command line.
 * @param summary What it does, in less than a line.
 * @param learner Which controls learn, and where they set out.
 * @returns The experiment: the seed gives the sequence, if it is drawn, and then every start.
 */
export function controlsExperiment(
  name: string,
  summary: string,
  learner: ControlsLearner,
): ControlsExperiment {
  return {
    name,
    summary,
    options: CONTROLS_OPTIONS,
    start(settings) {
      const random = seededRandom(settings.seed);
      const sequence = chosenSequence(settings, random);
      return controlsRun(learner, settings, firstState(learner, sequence, random));
    },
    resume: (settings, state) => controlsRun(learner, settings, state),
  };
}
