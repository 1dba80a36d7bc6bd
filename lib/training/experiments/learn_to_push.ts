/**
 * The experiment `learn-to-push`: pops and pushes are learned together.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { descendControls, randomControls } from "@/models/learned_controls.ts";
import type { Experiment } from "../experiment.ts";
import {
  CONTROLS_OPTIONS,
  type ControlsLearner,
  controlsRun,
  type ControlsState,
  firstState,
} from "./controls_run.ts";
import { chosenSequence } from "./value_sequence.ts";

const LEARNER: ControlsLearner = { draw: randomControls, descend: descendControls };

/** Learns when to push and when to pop so that a sequence comes back reversed. */
export const learnToPush: Experiment<typeof CONTROLS_OPTIONS, ControlsState> = {
  name: "learn-to-push",
  summary: "reverses a sequence by learned pushes and pops, from a random start",
  options: CONTROLS_OPTIONS,
  start(settings) {
    const random = seededRandom(settings.seed);
    const sequence = chosenSequence(settings, random);
    return controlsRun(LEARNER, settings, firstState(LEARNER, sequence, random));
  },
  resume: (settings, state) => controlsRun(LEARNER, settings, state),
};
