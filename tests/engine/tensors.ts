/** Lengths of tensors and distances between them. */
import { assert } from "@std/assert";

type Tensor = ArrayLike<number>;

/** ‖x‖₂. */
export function norm(x: Tensor): number {
  return distance(x, new Float32Array(x.length));
}

/** ‖x − y‖₂. */
export function distance(x: Tensor, y: Tensor): number {
  if (x.length !== y.length) return NaN;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return Math.sqrt(sum);
}

/** Throws unless ‖got − wanted‖₂ ≤ `within`; the error names the number that is farthest off. */
export function assertNear(got: Tensor, wanted: Tensor, within: number, what: string): void {
  const apart = distance(got, wanted);
  if (apart <= within) return;
  assert(
    got.length === wanted.length,
    `${what}: wanted ${wanted.length} numbers, got ${got.length}`,
  );
  const errors = Array.from(wanted, (x, i) => Math.abs(got[i] - x));
  const nan = errors.findIndex(Number.isNaN);
  const at = nan >= 0 ? nan : errors.reduce((at, x, i) => x > errors[at] ? i : at, 0);
  const values = `wanted ${wanted[at]} at ${at}, got ${got[at]}`;
  assert(false, `${what}: ${values}; ${apart} apart in all, at most ${within} allowed`);
}

/** ‖x‖₂ over several tensors together. */
export function normOfAll(tensors: Readonly<Record<string, Tensor>>): number {
  return Math.hypot(...Object.values(tensors).map(norm));
}
