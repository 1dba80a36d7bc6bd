/**
 * exp and sum of a row of numbers, for softmax and cross-entropy.
 *
 * Method: the greatest number is subtracted before exp, so that nothing overflows; numbers that are so much lower that their
 * shares do not count, as the padding's are, get exactly 0.
 *
 * Layout: a row of whole vectors; `bytes` is a multiple of 16.
 *
 * Error: each share within (8 + |z − max|) · 2⁻²⁴ of its own size plus that of the sum.
 */
import { VECTOR } from "./lanes";
import { exp4 } from "./squash";

/** max_k z_k. */
export function greatestOf(row: usize, bytes: i32): f32 {
  let most = v128.load(row);
  for (let at = VECTOR; at < bytes; at += VECTOR) most = f32x4.max(most, v128.load(row + at));
  const pairs = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** z_k becomes exp(z_k − greatest); returns their sum. */
export function storeExponentials(row: usize, greatest: f32, bytes: i32): f32 {
  const shift = f32x4.splat(greatest);
  let sums = f32x4.splat(0);
  for (let at = row, end = row + bytes; at < end; at += VECTOR) {
    const z = f32x4.sub(v128.load(at), shift);
    const e = v128.andnot(exp4(z), f32x4.lt(z, f32x4.splat(-87))); // beyond exp4's range: 0
    v128.store(at, e);
    sums = f32x4.add(sums, e);
  }
  const pairs = f32x4.add(sums, v128.shuffle<f32>(sums, sums, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** z_k becomes factor · z_k. */
export function scaleRow(row: usize, factor: f32, bytes: i32): void {
  const share = f32x4.splat(factor);
  for (let at = row, end = row + bytes; at < end; at += VECTOR) {
    v128.store(at, f32x4.mul(v128.load(at), share));
  }
}
