/**
 * The batch that a sequence model is trained on: strings of symbols with targets, and the weights of the loss.
 *
 * `T` steps, `K` symbols; symbols are whole numbers 0 … K − 1.
 *
 * @module
 */

import type { CellState, CellStateGradient } from "@/network/cell.ts";

/** The state of a model's cells: of each layer, the lowest first. */
export type CellStates = readonly CellState<ArrayLike<number>>[];

/** ∂L/∂{@linkcode CellStates}. */
export type CellStateGradients = readonly CellStateGradient<ArrayLike<number>>[];

/** A string's inputs and its target at each step; every list has `T` entries, those of noise `T` for each port. */
export interface SequenceString {
  /** x_1 … x_T. */
  readonly inputs: readonly number[];
  /** The target of each step, or −1 where there is none. */
  readonly targets: readonly number[];
  /** The symbol that each v_t of `AUXILIARY_PORT` should stand for, or −1; left out, none. */
  readonly valueTargets?: readonly number[];
  /** Whether each step should take something off the memory, for the anchor alone; left out, none. */
  readonly popping?: readonly boolean[];
  /** Added to the push's sum before its σ, port after port; left out, 0. */
  readonly pushNoise?: readonly number[];
  /** Added to the pop's sum before its σ, port after port; left out, 0. */
  readonly popNoise?: readonly number[];
  /** What it starts from; left out, the trained h_0 and c_0, which otherwise have no gradient from it. No memory. */
  readonly start?: CellStates;
  /** ∂L/∂ its final state, of a loss on what reads that later; left out, 0. No memory. */
  readonly gFinal?: CellStateGradients;
}

/** A number for the push's and one for the pop's sum. */
export interface ControlSums {
  readonly push: number;
  readonly pop: number;
}

/**
 * The kinds of steps: "first" and "reading" have a value target, the first of them and those after it; "popping" has none, and
 * its string says that it should pop; the others have neither. The engine numbers them in this order.
 */
export const STEP_KINDS = ["others", "reading", "first", "popping"] as const;

/** One of them. */
export type StepKind = (typeof STEP_KINDS)[number];

/** Anchors of a port, by kind of step; where a step should pop, those of the others if left out. */
export type PortAnchors =
  & Readonly<Record<Exclude<StepKind, "popping">, ControlSums>>
  & { readonly popping?: ControlSums };

/** The weights of the loss's parts; see `sequence_loss.ts` and `control_loss.ts`. */
export interface LossWeights {
  /** Of each target's cross-entropy: normally 1 / (targets in the batch). */
  readonly outputWeight: number;
  /** Of each value target's cross-entropy; 0 if left out. */
  readonly valueWeight?: number;
  /** Of the cross-entropy of the symbol before, at each step with a value target; 0 if left out. */
  readonly previousWeight?: number;
  /** Of each step's squared distances of each port's push and pop sums from their anchors; 0 if left out. */
  readonly anchorWeight?: number;
  /** The same at the first step that reads; `anchorWeight` if left out. */
  readonly firstAnchorWeight?: number;
  /** The push sum's anchor; 0 if left out. */
  readonly anchorPush?: number;
  /** The pop sum's anchor; 0 if left out. */
  readonly anchorPop?: number;
  /** Other anchors for each port and kind of step, in the place of the two above. */
  readonly anchors?: readonly PortAnchors[];
  /**
   * Of the squares of how far a sum is above the bound: the push's at steps that do not read, the pop's at those that do; 0 if
   * left out.
   */
  readonly hingeWeight?: number;
  /** The bound; 0 if left out. */
  readonly hingeBound?: number;
}

/** Strings, not necessarily equally long, and the weights of their common loss. */
export interface SequenceBatch extends LossWeights {
  /** At least one. */
  readonly strings: readonly SequenceString[];
}
