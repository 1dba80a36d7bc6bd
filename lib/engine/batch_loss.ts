/**
 * The loss of a batch, added up from what the kernels left for each row.
 *
 * @module
 */
import type { BatchSize, BatchViews } from "./batch_layout.ts";

/** A batch's loss and its parts; see `sequence_loss.ts`. */
export interface BatchLoss {
  /** The sum of the parts. */
  readonly loss: number;
  /** Of what the model said. */
  readonly outputLoss: number;
  /** Of what its values stand for. */
  readonly valueLoss: number;
  /** Of how far its controls are from their anchors. */
  readonly anchorLoss: number;
}

/**
 * Adds up a batch's loss in Float64, in the order of the rows.
 *
 * @param views Of the batch.
 * @param size Of the batch.
 * @param anchored Whether the controls' distance from their anchors counts.
 * @returns The loss and its parts.
 */
export function sumLoss(views: BatchViews, size: BatchSize, anchored: boolean): BatchLoss {
  const outputLoss = sum(views.loss, 0, size.outputLosses);
  const valueLoss = sum(views.loss, size.outputLosses, size.losses);
  const anchorLoss = anchored ? sum(views.anchorLoss, size.slots, size.rows) : 0;
  return { loss: outputLoss + valueLoss + anchorLoss, outputLoss, valueLoss, anchorLoss };
}

function sum(numbers: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += numbers[i];
  return sum;
}
