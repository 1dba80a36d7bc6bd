/** exp, σ and tanh of whole rows, for tests of squash.ts and for measuring it. Lengths are in bytes. */
import { VECTOR } from "./lanes";
import { exp4, sigmoid4, tanh4 } from "./squash";

/** y = exp(x). */
export function exponentials(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, exp4(v128.load(x + at)));
}

/** y = σ(x). */
export function sigmoids(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, sigmoid4(v128.load(x + at)));
}

/** y = tanh(x). */
export function tangents(y: usize, x: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(y + at, tanh4(v128.load(x + at)));
}
