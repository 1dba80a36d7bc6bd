/**
 * The experiment `learn-to-push`: pops and pushes are learned together.
 *
 * @module
 */
import { descendControls, randomControls } from "@/models/learned_controls.ts";
import { controlsExperiment } from "./controls_experiment.ts";

/** Learns when to push and when to pop so that a sequence comes back reversed. */
export const learnToPush = controlsExperiment(
  "learn-to-push",
  "reverses a sequence by learned pushes and pops, from a random start",
  { draw: randomControls, descend: descendControls },
);
