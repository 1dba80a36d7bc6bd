/** Whole rows: copied, cleared, added. Lengths are in bytes, multiples of 16. */
import { VECTOR } from "./lanes";

/** to = from. */
// @ts-ignore: decorator
@inline
export function copyRow(to: usize, from: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) v128.store(to + at, v128.load(from + at));
}

/** to = 0. */
// @ts-ignore: decorator
@inline
export function clearRow(to: usize, bytes: i32): void {
  const zero = f32x4.splat(0);
  for (let at = 0; at < bytes; at += VECTOR) v128.store(to + at, zero);
}

/** to += from. */
// @ts-ignore: decorator
@inline
export function addRow(to: usize, from: usize, bytes: i32): void {
  for (let at = 0; at < bytes; at += VECTOR) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
}
