/**
 * What a sequence model works on: strings of symbols, and what each part of its loss counts.
 *
 * `T` steps, `K` symbols; symbols are whole numbers 0 … K − 1.
 *
 * @module
 */

/** A string to read, and what to say at each step; every list has `T` entries. */
export interface SequenceString {
  /** x_1 … x_T. */
  readonly inputs: readonly number[];
  /** The symbol expected of each step, or −1 where any will do. */
  readonly targets: readonly number[];
  /** The symbol that each v_t should stand for, or −1; left out, none. */
  readonly valueTargets?: readonly number[];
  /** Added to the push's sum before its σ; left out, 0. */
  readonly pushNoise?: readonly number[];
  /** Added to the pop's sum before its σ; left out, 0. */
  readonly popNoise?: readonly number[];
}

/** What the parts of the loss count; see `sequence_loss.ts`. */
export interface LossWeights {
  /** Of each target's cross-entropy: normally 1 / (targets in the batch). */
  readonly outputWeight: number;
  /** Of each value target's cross-entropy; 0 if left out. */
  readonly valueWeight?: number;
  /** Of each step's distance of the push's and the pop's sums from their anchors; 0 if left out. */
  readonly anchorWeight?: number;
  /** Where the push's sum is held; 0 if left out. */
  readonly anchorPush?: number;
  /** Where the pop's sum is held; 0 if left out. */
  readonly anchorPop?: number;
}

/** Strings, not necessarily equally long, and the weights of the loss that they share. */
export interface SequenceBatch extends LossWeights {
  /** At least one. */
  readonly strings: readonly SequenceString[];
}
