/**
 * The elementwise part of the vanilla recurrent cell, one row at a time.
 *
 * Method: sixteen units at a time forwards, four backwards.
 *
 * Layout: rows of `hidden` numbers, a multiple of 8; backwards the gradients with respect to the sums replace the sums.
 *
 * Error: that of tanh in squash.ts forwards, two roundings backwards.
 */
import { fnma, VECTOR } from "./lanes";
import { storeTanh16, tanh4 } from "./squash";

/** h = tanh(a + bias). */
export function rnnForward(sums: usize, bias: usize, h: usize, hidden: i32): void {
  let at = 0;
  for (; at + 4 * VECTOR <= hidden * 4; at += 4 * VECTOR) {
    const a = sums + at, b = bias + at;
    storeTanh16(h + at, sum(a, b), sum(a + 16, b + 16), sum(a + 32, b + 32), sum(a + 48, b + 48));
  }
  for (; at < hidden * 4; at += VECTOR) v128.store(h + at, tanh4(sum(sums + at, bias + at)));
}

// @ts-ignore: decorator
@inline
function sum(a: usize, b: usize): v128 {
  return f32x4.add(v128.load(a), v128.load(b));
}

/** ∂L/∂a = (1 − h²) ∂L/∂h, written where the sums were. */
export function rnnBackward(sums: usize, h: usize, gH: usize, hidden: i32): void {
  const one = f32x4.splat(1);
  for (let at = 0; at < hidden * 4; at += VECTOR) {
    const h_t = v128.load(h + at);
    v128.store(sums + at, f32x4.mul(v128.load(gH + at), fnma(h_t, h_t, one)));
  }
}
