/**
 * exp, σ and tanh of whole rows, for tests of squash.ts and for measuring it. Lengths are in bytes, multiples of 16, and
 * of 64 for tanhs16.
 */
import { VECTOR } from "./lanes";
import { exp4, sigmoid4, storeTanh16, tanh4 } from "./squash";

/** y = exp(x). */
export function exponentials(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, exp4(v128.load(x + at)));
}

/** y = σ(x). */
export function sigmoids(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, sigmoid4(v128.load(x + at)));
}

/** y = tanh(x). */
export function tanhs(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, tanh4(v128.load(x + at)));
}

/** y = tanh(x), sixteen at a time. */
export function tanhs16(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += 4 * VECTOR) {
    const x0 = v128.load(x + at), x1 = v128.load(x + at, 16), x2 = v128.load(x + at, 32), x3 = v128.load(x + at, 48);
    storeTanh16(y + at, x0, x1, x2, x3);
  }
}
