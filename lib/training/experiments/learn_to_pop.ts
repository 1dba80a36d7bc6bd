/**
 * The experiment `learn-to-pop`: the pushes are fixed, the pops are learned.
 *
 * @module
 */
import { descendPops, pushThenRest } from "@/models/learned_pops.ts";
import { controlsExperiment } from "./controls_experiment.ts";

/** Learns when to pop so that a sequence comes back reversed. */
export const learnToPop = controlsExperiment(
  "learn-to-pop",
  "reverses a sequence by learned pops; every value is pushed whole",
  {
    draw(steps, random) {
      const pops = Array.from({ length: steps }, () => random.uniform());
      return { pops, pushes: pushThenRest(steps / 2) };
    },
    descend: descendPops,
  },
);
