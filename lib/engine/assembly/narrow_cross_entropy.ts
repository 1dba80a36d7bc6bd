/**
 * Softmax and cross-entropy of rows of at most eight logits.
 *
 * Method: that of cross_entropy.ts in two passes, so that little waits: first each row's exps and their sum, the row in two
 * vectors; then four rows' logarithms and quotients at once, and each row's gradient.
 *
 * Layout: rows of eight logits, K symbols and padding. `sums` has a vector for each row between the passes: [Σ_k exp(z_k −
 * max) | z_target − max | …]. Of the last four rows some may be missing: their losses are written, and mean nothing.
 *
 * Error: that of cross_entropy.ts and of log4; the gradients have the same bits.
 */
import { VECTOR } from "./lanes";
import { exp4, log4 } from "./squash";

/** Bytes of a row of logits. */
const ROW: i32 = 32;
const LEAST = memory.data<f32>([-87, -87, -87, -87], 16);
const FIRST_FOUR = memory.data<i32>([0, 1, 2, 3], 16);
const LAST_FOUR = memory.data<i32>([4, 5, 6, 7], 16);

/**
 * weight · (log Σ_k exp(z_k) − z_target) for each of `rows` rows; the logits become weight · (softmax(z) − onehot(target)).
 * Targets, weights and losses have four bytes for each row.
 */
export function narrowCrossEntropy(
  logits: usize, targets: usize, weights: usize, losses: usize, sums: usize, rows: i32,
): void {
  for (let i = 0; i < rows; i++) exponentials(logits + i * ROW, load<i32>(targets + i * 4), sums + i * VECTOR);
  for (let i = 0; i < rows; i += 4) {
    const at = sums + i * VECTOR, ab = v128.load(at), cd = v128.load(at, 2 * VECTOR);
    const AB = v128.shuffle<f32>(ab, v128.load(at, VECTOR), 0, 4, 1, 5);
    const CD = v128.shuffle<f32>(cd, v128.load(at, 3 * VECTOR), 0, 4, 1, 5);
    const sum = v128.shuffle<f32>(AB, CD, 0, 1, 4, 5), zTarget = v128.shuffle<f32>(AB, CD, 2, 3, 6, 7);
    const weight = v128.load(weights + i * 4), scale = f32x4.div(weight, sum);
    v128.store(losses + i * 4, f32x4.mul(weight, f32x4.sub(log4(sum), zTarget)));
    v128.store(at, scale);
    for (let row = i, end = min(i + 4, rows), lane = at; row < end; row++, lane += 4) {
      const logit = logits + row * ROW, target = v128.load32_splat(targets + row * 4);
      gradients(logit, target, v128.load32_splat(weights + row * 4), v128.load32_splat(lane));
    }
  }
}

/** z becomes exp(z − max), exactly 0 where that is next to nothing, so that padding has no gradient. */
// @ts-ignore: decorator
@inline
function exponentials(logits: usize, target: i32, sums: usize): void {
  let z0 = v128.load(logits), z1 = v128.load(logits, VECTOR);
  let most = f32x4.max(z0, z1);
  most = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  most = f32x4.max(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
  const zTarget = f32x4.sub(v128.load32_splat(logits + target * 4), most);
  z0 = f32x4.sub(z0, most);
  z1 = f32x4.sub(z1, most);
  const e0 = v128.andnot(exp4(z0), f32x4.lt(z0, v128.load(LEAST)));
  const e1 = v128.andnot(exp4(z1), f32x4.lt(z1, v128.load(LEAST)));
  v128.store(logits, e0);
  v128.store(logits, e1, VECTOR);
  let sum = f32x4.add(e0, e1);
  sum = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
  sum = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 1, 0, 3, 2));
  v128.store(sums, v128.shuffle<f32>(sum, zTarget, 0, 4, 1, 5));
}

/** exp(z − max) becomes weight · (softmax(z) − onehot(target)). */
// @ts-ignore: decorator
@inline
function gradients(logits: usize, target: v128, weight: v128, scale: v128): void {
  const own0 = v128.and(weight, i32x4.eq(target, v128.load(FIRST_FOUR)));
  const own1 = v128.and(weight, i32x4.eq(target, v128.load(LAST_FOUR)));
  v128.store(logits, f32x4.sub(f32x4.mul(v128.load(logits), scale), own0));
  v128.store(logits, f32x4.sub(f32x4.mul(v128.load(logits, VECTOR), scale), own1), VECTOR);
}
