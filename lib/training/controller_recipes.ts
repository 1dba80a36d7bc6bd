/**
 * The recipes of the recurrent controller: both of the tutorial's, and the one that works on every seed.
 *
 * @module
 */
import type { StackGradientKind } from "@/memory/flat_stack_gradient.ts";
import type { ControllerRecipe } from "./controller_recipe.ts";

/** Longest strings for which there is room; the published curricula have no end of their own. */
const ROOM = 32;

/**
 * The tutorial's first controller, which learns to reverse strings without its stack.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 5.
 */
export const CHEATING_CONTROLLER: ControllerRecipe = {
  task: { symbols: 2, marks: 1 },
  design: {
    sizes: { inputs: 3, hidden: 16, outputPrime: 16, stackWidth: 2, outputs: 3 },
    longest: ROOM,
    output: "tanh",
    start: "one-hot",
    readouts: { hidden: 0, outputPrime: 0, value: 0 },
    stackGradient: "published",
  },
  start: { pushBias: 0.1, popBias: -0.1, valueReadout: false },
  curriculum: {
    firstLevel: 1,
    lastLevel: ROOM,
    shortest: 1,
    window: 100,
    base: 0,
    perLevel: 5,
    notBefore: 0,
  },
  batch: 10,
  optimiser: "descent",
  learningRate: 0.05,
  pushBiasGrowth: 0.0025,
  sharpening: null,
  patience: null,
};

/**
 * The tutorial's autoencoder fix, as published.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 6.
 */
export const PUBLISHED_AUTOENCODER: ControllerRecipe = {
  task: { symbols: 2, marks: 2 },
  design: {
    sizes: { inputs: 4, hidden: 8, outputPrime: 8, stackWidth: 2, outputs: 4 },
    longest: ROOM,
    output: "sigmoid",
    start: "zeros",
    readouts: { hidden: 1, outputPrime: 1, value: 0 },
    stackGradient: "published",
  },
  start: { pushBias: 1, popBias: -1, valueReadout: false },
  curriculum: {
    firstLevel: 3,
    lastLevel: ROOM - 2,
    shortest: 3,
    window: 100,
    base: 4,
    perLevel: 1,
    notBefore: 10_001,
  },
  batch: 50,
  optimiser: "descent",
  learningRate: 2.5,
  pushBiasGrowth: 0,
  sharpening: null,
  patience: null,
};

/** What a comparison may change of the published autoencoder. */
export interface AutoencoderChanges {
  readonly stackGradient: StackGradientKind;
  /** Whether h_t and o′_t must reconstruct the previous input. */
  readonly readouts: boolean;
  /** Whether the controls start where a pop has a gradient: u ≈ 0.27, d ≈ 0.5. */
  readonly liveStart: boolean;
}

/** The published autoencoder with changes, and a curriculum that ends at level 10. */
export function changedAutoencoder(changes: AutoencoderChanges): ControllerRecipe {
  const { design, start, curriculum } = PUBLISHED_AUTOENCODER, on = Number(changes.readouts);
  return {
    ...PUBLISHED_AUTOENCODER,
    design: {
      ...design,
      longest: 12,
      readouts: { hidden: on, outputPrime: on, value: 0 },
      stackGradient: changes.stackGradient,
    },
    start: changes.liveStart ? { ...start, pushBias: -0.1, popBias: -1.1 } : start,
    curriculum: { ...curriculum, lastLevel: 10 },
  };
}

/**
 * The autoencoder that reverses strings of any length, whatever its seed.
 *
 * The tutorial's task, architecture and sizes, and its two readouts. New are: the exact gradient; a start
 * at which pops have a gradient; a third readout, from the value that goes on the stack; Adam in place
 * of plain descent; a curriculum that goes on sooner; noise on the controls at the end; and new weights
 * where the old ones have come to nothing.
 */
export const MENDED_AUTOENCODER: ControllerRecipe = {
  ...PUBLISHED_AUTOENCODER,
  design: {
    ...PUBLISHED_AUTOENCODER.design,
    longest: 12,
    readouts: { hidden: 1, outputPrime: 1, value: 3 },
    stackGradient: "exact",
  },
  start: { pushBias: -0.1, popBias: -1.1, valueReadout: true },
  curriculum: {
    ...PUBLISHED_AUTOENCODER.curriculum,
    lastLevel: 10,
    base: 0,
    perLevel: 60,
    notBefore: 0,
  },
  optimiser: "adam",
  learningRate: 0.01,
  sharpening: { below: 150, deviation: 2, strings: 20_000 },
  patience: 80_000,
};
