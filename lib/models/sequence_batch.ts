/**
 * The batch that a sequence model is trained on: strings of symbols with targets, and the weights of the loss.
 *
 * `T` steps, `K` symbols; symbols are whole numbers 0 … K − 1.
 *
 * @module
 */

/** A string's inputs and its target at each step; every list has `T` entries, those of noise `T` for each port. */
export interface SequenceString {
  /** x_1 … x_T. */
  readonly inputs: readonly number[];
  /** The target of each step, or −1 where there is none. */
  readonly targets: readonly number[];
  /** The symbol that each v_t of `AUXILIARY_PORT` should stand for, or −1; left out, none. */
  readonly valueTargets?: readonly number[];
  /** Added to the push's sum before its σ, port after port; left out, 0. */
  readonly pushNoise?: readonly number[];
  /** Added to the pop's sum before its σ, port after port; left out, 0. */
  readonly popNoise?: readonly number[];
}

/** The weights of the loss's parts; see `sequence_loss.ts`. */
export interface LossWeights {
  /** Of each target's cross-entropy: normally 1 / (targets in the batch). */
  readonly outputWeight: number;
  /** Of each value target's cross-entropy; 0 if left out. */
  readonly valueWeight?: number;
  /** Of each step's squared distances of each port's push and pop sums from their anchors; 0 if left out. */
  readonly anchorWeight?: number;
  /** The push sum's anchor; 0 if left out. */
  readonly anchorPush?: number;
  /** The pop sum's anchor; 0 if left out. */
  readonly anchorPop?: number;
}

/** Strings, not necessarily equally long, and the weights of their common loss. */
export interface SequenceBatch extends LossWeights {
  /** At least one. */
  readonly strings: readonly SequenceString[];
}
