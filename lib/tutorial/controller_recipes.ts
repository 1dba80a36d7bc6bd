/**
 * A curriculum: strings grow longer as the errors on them grow smaller.
 *
 * At level L, lengths are drawn evenly from `shortest` to `shortest` + L − 1. The mistakes of `window`
 * strings are added up; if their sum is below `base` + `perLevel` · L, the next level begins.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */
import type { ControllerDesign, ParameterStart } from "./controller_parameters.ts";
import type { ReversalTask } from "./tutorial_strings.ts";
import type { StackGradientKind } from "./flat_stack.ts";

/** When to make strings longer. */
export interface Curriculum {
  /** The first L. */
  readonly firstLevel: number;
  /** The last L, at which lengths stay. */
  readonly lastLevel: number;
  /** The least length at every level. */
  readonly shortest: number;
  /** How many strings are judged together. */
  readonly window: number;
  /** What a window's error must stay below, at a level of 0. */
  readonly base: number;
  /** How much more it may be for each level. */
  readonly perLevel: number;
  /** No level begins before this string is over, counted from 0. */
  readonly notBefore: number;
}

/** The most symbols that a string of this curriculum can have. */
export function longestOf({ shortest, lastLevel }: Curriculum): number {
  return shortest + lastLevel - 1;
}

/**
 * Decides on the level after a window.
 *
 * @example The rule at its boundary: the error must be below the bound, not at it.
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
 * @param at The level so far, the window's summed error, and its last string, counted from 0.
 * @returns The level from the next string on.
 */
export function nextLevel(
  { lastLevel, base, perLevel, notBefore }: Curriculum,
  at: { readonly level: number; readonly error: number; readonly iteration: number },
): number {
  const { level, error, iteration } = at;
  const learned = error < base + perLevel * level && iteration >= notBefore;
  return learned && level < lastLevel ? level + 1 : level;
}

/** All that defines a training, save its seed. */
export interface ControllerRecipe {
  readonly task: ReversalTask;
  readonly design: ControllerDesign;
  readonly start: ParameterStart;
  readonly curriculum: Curriculum;
  /** Strings between two updates. */
  readonly batch: number;
  readonly optimiser: "descent" | "adam";
  readonly learningRate: number;
  /** The tutorial's extra line: b_d is multiplied by 1 + this after every update. */
  readonly pushBiasGrowth: number;
  /** The last part of a training, which makes the controls crisp; none if null. */
  readonly sharpening: Sharpening | null;
  /** Strings after which a training whose sharpening has not begun draws new weights; never if null. */
  readonly patience: number | null;
}

/** Noise on the controls, at the last level, from the window on whose error is below `below`. */
export interface Sharpening {
  /** Bound of a window's error. */
  readonly below: number;
  /** Standard deviation of the noise before σ. */
  readonly deviation: number;
  /** How many strings it lasts; the training is over after them. */
  readonly strings: number;
}

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
