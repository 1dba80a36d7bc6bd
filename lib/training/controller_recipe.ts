/**
 * What a recipe for training the recurrent controller says.
 *
 * @module
 */
import type { ControllerDesign } from "@/models/rnn_controller_design.ts";
import type { ParameterStart } from "@/models/rnn_controller_parameters.ts";
import type { ReversalTask } from "@/tasks/tutorial_reversal.ts";
import type { Curriculum } from "./curriculum.ts";

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
