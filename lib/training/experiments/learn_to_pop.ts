/**
 * The experiment `learn-to-pop`: the pushes are fixed, the pops are learned.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { randomControls } from "@/models/learned_controls.ts";
import { descendPops, pushThenRest } from "@/models/learned_pops.ts";
import type { Experiment } from "../experiment.ts";
import { CONTROLS_OPTIONS, controlsRun, type ControlsState } from "./controls_run.ts";
import { chosenSequence } from "./value_sequence.ts";

/** Learns when to pop so that a sequence comes back reversed. */
export const learnToPop: Experiment<typeof CONTROLS_OPTIONS, ControlsState> = {
  name: "learn-to-pop",
  summary: "reverses a sequence by learned pops; every value is pushed whole",
  options: CONTROLS_OPTIONS,
  start(settings) {
    const random = seededRandom(settings.seed);
    const sequence = chosenSequence(settings, random);
    const { pops } = randomControls(2 * sequence.length, random);
    const pushes = pushThenRest(sequence.length);
    return controlsRun(descendPops, settings, { iteration: 0, sequence, pops, pushes });
  },
  resume: (settings, state) => controlsRun(descendPops, settings, state),
};
