/**
 * The experiment `learn-to-pop`: the pushes are fixed, the pops are learned.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { descendPops, pushThenRest } from "@/models/learned_pops.ts";
import type { Experiment } from "../experiment.ts";
import {
  CONTROLS_OPTIONS,
  type ControlsLearner,
  controlsRun,
  type ControlsState,
  firstState,
} from "./controls_run.ts";
import { chosenSequence } from "./value_sequence.ts";

const LEARNER: ControlsLearner = {
  draw(steps, random) {
    const pops = Array.from({ length: steps }, () => random.uniform());
    return { pops, pushes: pushThenRest(steps / 2) };
  },
  descend: descendPops,
};

/** Learns when to pop so that a sequence comes back reversed. */
export const learnToPop: Experiment<typeof CONTROLS_OPTIONS, ControlsState> = {
  name: "learn-to-pop",
  summary: "reverses a sequence by learned pops; every value is pushed whole",
  options: CONTROLS_OPTIONS,
  start(settings) {
    const random = seededRandom(settings.seed);
    const sequence = chosenSequence(settings, random);
    return controlsRun(LEARNER, settings, firstState(LEARNER, sequence, random));
  },
  resume: (settings, state) => controlsRun(LEARNER, settings, state),
};
