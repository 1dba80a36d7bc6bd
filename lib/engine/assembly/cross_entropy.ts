/**
 * Softmax and cross-entropy of one row of logits.
 *
 * Method: that of softmax.ts; the logits of padding are so low that their shares are exactly 0.
 *
 * Layout: a row of `width` logits, K symbols and padding to whole panels.
 *
 * Error: that of softmax.ts; see decoder.ts for the loss.
 */
import { greatestOf, scaleRow, storeExponentials } from "./softmax";

/** weight · (log Σ_k exp(z_k) − z_target); the logits become weight · (softmax(z) − onehot(target)). */
export function crossEntropy(logits: usize, target: i32, weight: f32, width: i32): f32 {
  const bytes = width * 4, greatest = greatestOf(logits, bytes);
  const zTarget = load<f32>(logits + target * 4) - greatest;
  const sum = storeExponentials(logits, greatest, bytes);
  scaleRow(logits, weight / sum, bytes);
  store<f32>(logits + target * 4, load<f32>(logits + target * 4) - weight);
  return weight * (NativeMathf.log(sum) - zTarget);
}
