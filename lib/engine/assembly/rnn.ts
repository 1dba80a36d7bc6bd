/**
 * The elementwise part of the vanilla recurrent cell, one row at a time.
 *
 * Method: four units at a time.
 *
 * Layout: rows of `hidden` numbers, a multiple of 8; backwards the gradients by the sums take the sums' place.
 *
 * Error: that of tanh4 forwards, two roundings backwards.
 */
import { fnma, VECTOR } from "./lanes";
import { tanh4 } from "./squash";

/** h = tanh(a + bias). */
export function rnnForward(sums: usize, bias: usize, h: usize, hidden: i32): void {
  for (let at = 0; at < hidden * 4; at += VECTOR) {
    v128.store(h + at, tanh4(f32x4.add(v128.load(sums + at), v128.load(bias + at))));
  }
}

/** ∂L/∂a = (1 − h²) ∂L/∂h, written where the sums were. */
export function rnnBackward(sums: usize, h: usize, gH: usize, hidden: i32): void {
  const one = f32x4.splat(1);
  for (let at = 0; at < hidden * 4; at += VECTOR) {
    const h_t = v128.load(h + at);
    v128.store(sums + at, f32x4.mul(v128.load(gH + at), fnma(h_t, h_t, one)));
  }
}
