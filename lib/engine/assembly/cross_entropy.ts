/**
 * Softmax and cross-entropy of one row of logits.
 *
 * Method: the greatest logit is subtracted before exp, so that nothing overflows; the logits of padding are so low that
 * their shares are exactly 0.
 *
 * Layout: a row of `width` logits, K symbols and padding to whole panels.
 *
 * Error: each share within (8 + |z − max|) · 2⁻²⁴ of its own size plus that of the sum; see decoder.ts for the loss.
 */
import { VECTOR } from "./lanes";
import { exp4 } from "./squash";

/** weight · (log Σ_k exp(z_k) − z_target); the logits become weight · (softmax(z) − onehot(target)). */
export function crossEntropy(logits: usize, target: i32, weight: f32, width: i32): f32 {
  const bytes = width * 4, greatest = greatestOf(logits, bytes), shift = f32x4.splat(greatest);
  const zTarget = load<f32>(logits + target * 4) - greatest;
  let sums = f32x4.splat(0);
  for (let at = logits, end = logits + bytes; at < end; at += VECTOR) {
    const z = f32x4.sub(v128.load(at), shift);
    const e = v128.andnot(exp4(z), f32x4.lt(z, f32x4.splat(-87))); // beyond exp4's range: 0
    v128.store(at, e);
    sums = f32x4.add(sums, e);
  }
  const pairs = f32x4.add(sums, v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
  const sum = f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
  const share = f32x4.splat(weight / sum);
  for (let at = logits, end = logits + bytes; at < end; at += VECTOR) {
    v128.store(at, f32x4.mul(v128.load(at), share));
  }
  store<f32>(logits + target * 4, load<f32>(logits + target * 4) - weight);
  return weight * (NativeMathf.log(sum) - zTarget);
}

function greatestOf(logits: usize, bytes: i32): f32 {
  let most = v128.load(logits);
  for (let at = VECTOR; at < bytes; at += VECTOR) most = f32x4.max(most, v128.load(logits + at));
  const pairs = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}
