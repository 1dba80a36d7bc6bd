/**
 * The recipes that train the tutorial's controllers: the two published ones and the fixed one, with their curriculum.
 *
 * Curriculum: at level L, lengths are uniform from `shortest` to `shortest` + L − 1. The errors Σ |o_t − y_t| of `window`
 * strings are summed; if the sum is below `base` + `perLevel` · L, the next level begins.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */
import type { ControllerDesign, ParameterStart } from "./controller_parameters.ts";
import type { ReversalTask } from "./tutorial_reversal.ts";
import type { StackGradientKind } from "./flat_stack.ts";

/** All settings of a training, without its seed. */
export interface ControllerRecipe {
  readonly task: ReversalTask;
  readonly design: ControllerDesign;
  /** Distribution of the initial parameters. */
  readonly start: ParameterStart;
  readonly curriculum: Curriculum;
  /** Strings of a mini-batch. */
  readonly batch: number;
  readonly optimizer: "descent" | "adam";
  readonly learningRate: number;
  /** After every update b_d is multiplied by 1 + this, as in the tutorial's code. */
  readonly pushBiasGrowth: number;
  /** The last phase of a training, which saturates push and pop; null for none. */
  readonly sharpening: Sharpening | null;
  /** Strings after which new weights are drawn if sharpening has not begun; null for never. */
  readonly patience: number | null;
}

/** Noise on push and pop, added from the first window at the last level whose error is below `below`. */
export interface Sharpening {
  /** Bound on the summed error of a window. */
  readonly below: number;
  /** Standard deviation of the noise before σ. */
  readonly deviation: number;
  /** Number of strings of the phase; the training ends after it. */
  readonly strings: number;
}

/** The rule by which strings get longer. */
export interface Curriculum {
  /** The first L. */
  readonly firstLevel: number;
  /** The last L. */
  readonly lastLevel: number;
  /** Minimum length at every level. */
  readonly shortest: number;
  /** Number of strings whose errors are summed. */
  readonly window: number;
  /** Part of the error bound that does not depend on the level. */
  readonly base: number;
  /** Part of the error bound that is multiplied by the level. */
  readonly perLevel: number;
  /** Index of the first string, from 0, after which a new level may begin. */
  readonly notBefore: number;
}

/** Maximum string length of the published curricula, which have no last level of their own. */
const MAX_LENGTH = 32;

/**
 * The tutorial's first controller, which learns to reverse strings but ignores its stack.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 5.
 */
export const TUTORIAL_CONTROLLER: ControllerRecipe = {
  task: { symbols: 2, marks: 1 },
  design: {
    sizes: { inputs: 3, hidden: 16, outputPrime: 16, stackWidth: 2, outputs: 3 },
    longest: MAX_LENGTH,
    output: "tanh",
    start: "one-hot",
    readouts: { hidden: 0, outputPrime: 0, value: 0 },
    stackGradient: "published",
  },
  start: { pushBias: 0.1, popBias: -0.1, valueReadout: false },
  curriculum: {
    firstLevel: 1,
    lastLevel: MAX_LENGTH,
    shortest: 1,
    window: 100,
    base: 0,
    perLevel: 5,
    notBefore: 0,
  },
  batch: 10,
  optimizer: "descent",
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
    longest: MAX_LENGTH,
    output: "sigmoid",
    start: "zeros",
    readouts: { hidden: 1, outputPrime: 1, value: 0 },
    stackGradient: "published",
  },
  start: { pushBias: 1, popBias: -1, valueReadout: false },
  curriculum: {
    firstLevel: 3,
    lastLevel: MAX_LENGTH - 2,
    shortest: 3,
    window: 100,
    base: 4,
    perLevel: 1,
    notBefore: 10_001,
  },
  batch: 50,
  optimizer: "descent",
  learningRate: 2.5,
  pushBiasGrowth: 0,
  sharpening: null,
  patience: null,
};

/** The parts of the published autoencoder that a comparison changes. */
export interface AutoencoderChanges {
  readonly stackGradient: StackGradientKind;
  /** True if h_t and o′_t must reconstruct the previous input. */
  readonly readouts: boolean;
  /** True if push and pop start in the trainable region, where a pop has a gradient: u ≈ 0.27, d ≈ 0.5. */
  readonly trainableStart: boolean;
}

/** Creates the published autoencoder with changes, and a curriculum that ends at level 10. */
export function createAutoencoderVariant(changes: AutoencoderChanges): ControllerRecipe {
  const { design, start, curriculum } = PUBLISHED_AUTOENCODER, on = Number(changes.readouts);
  return {
    ...PUBLISHED_AUTOENCODER,
    design: {
      ...design,
      longest: 12,
      readouts: { hidden: on, outputPrime: on, value: 0 },
      stackGradient: changes.stackGradient,
    },
    start: changes.trainableStart ? { ...start, pushBias: -0.1, popBias: -1.1 } : start,
    curriculum: { ...curriculum, lastLevel: 10 },
  };
}

/**
 * The fixed autoencoder, which learned to reverse strings with its stack on all 20 seeds of the study.
 *
 * It keeps the tutorial's task, architecture, sizes and two readouts, and adds: the exact gradient; initial controls in
 * the trainable region; a third readout, from the value pushed on the stack; Adam in place of plain gradient descent; a
 * curriculum with a higher error bound; noise on push and pop at the end; and new weights if training makes no progress.
 */
export const FIXED_AUTOENCODER: ControllerRecipe = {
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
  optimizer: "adam",
  learningRate: 0.01,
  sharpening: { below: 150, deviation: 2, strings: 20_000 },
  patience: 80_000,
};

/** Returns the maximum length of a string in a curriculum. */
export function maxStringLength({ shortest, lastLevel }: Curriculum): number {
  return shortest + lastLevel - 1;
}

/**
 * Decides the level after a window.
 *
 * @example The error must be strictly below the bound.
 * ```ts
 * import { type Curriculum, nextLevel } from "@/tutorial/controller_recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum: Curriculum = {
 *   firstLevel: 3,
 *   lastLevel: 10,
 *   shortest: 3,
 *   window: 100,
 *   base: 4,
 *   perLevel: 1,
 *   notBefore: 10_001,
 * };
 * assertEquals(nextLevel(curriculum, { level: 3, error: 6.99, iteration: 10_099 }), 4);
 * assertEquals(nextLevel(curriculum, { level: 3, error: 7, iteration: 10_099 }), 3);
 * assertEquals(nextLevel(curriculum, { level: 3, error: 0, iteration: 9_999 }), 3);
 * assertEquals(nextLevel(curriculum, { level: 10, error: 0, iteration: 10_099 }), 10);
 * ```
 * @param curriculum The rule.
 * @param window The current level, the summed error of the window, and the index of its last string, from 0.
 * @returns The level of the next string.
 */
export function nextLevel(
  { lastLevel, base, perLevel, notBefore }: Curriculum,
  window: { readonly level: number; readonly error: number; readonly iteration: number },
): number {
  const { level, error, iteration } = window;
  const learned = error < base + perLevel * level && iteration >= notBefore;
  return learned && level < lastLevel ? level + 1 : level;
}
