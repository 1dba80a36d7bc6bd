/**
 * tanh and σ over slices of typed arrays, in place, and their gradients from what came out.
 *
 * A slice is an array, the index at which it starts, and how many numbers it has.
 *
 * @module
 */
import { exponential } from "@/math/exponential.ts";

/** The two functions that a layer may end in. */
export type Squash = "tanh" | "sigmoid";

/**
 * Squashes a slice, in place.
 *
 * y = tanh(a) = 1 − 2 / (1 + e^2a), or y = σ(a) = 1 / (1 + e^−a)
 *
 * @example σ(0) is one half.
 * ```ts
 * import { squash } from "@/network/squash.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const y = new Float64Array([7, 0, 0]);
 * squash("sigmoid", y, 1, 2);
 * assertEquals([...y], [7, 0.5, 0.5]);
 * ```
 * @param kind Which function.
 * @param y What goes in, and what comes out.
 * @param at Where the slice starts.
 * @param length How many numbers it has.
 */
export function squash(kind: Squash, y: Float64Array, at: number, length: number): void {
  const end = at + length;
  if (kind === "tanh") {
    for (let i = at; i < end; i++) y[i] = 1 - 2 / (1 + exponential(2 * y[i]));
  } else {
    for (let i = at; i < end; i++) y[i] = 1 / (1 + exponential(-y[i]));
  }
}

/**
 * Turns the gradient by what came out of {@linkcode squash} into the gradient by what went in, in place.
 *
 * ∂L/∂a = ∂L/∂y (1 − y²) for tanh, ∂L/∂y y (1 − y) for σ
 *
 * @example σ is steepest at 0, where it is one half.
 * ```ts
 * import { squashBackward } from "@/network/squash.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const g = new Float64Array([2]);
 * squashBackward("sigmoid", g, new Float64Array([0.5]), 0, 1);
 * assertEquals([...g], [0.5]);
 * ```
 * @param kind Which function.
 * @param g ∂L/∂y, and then ∂L/∂a.
 * @param y What came out.
 * @param at Where both slices start.
 * @param length How many numbers they have.
 */
export function squashBackward(
  kind: Squash,
  g: Float64Array,
  y: Float64Array,
  at: number,
  length: number,
): void {
  const end = at + length;
  if (kind === "tanh") {
    for (let i = at; i < end; i++) g[i] *= 1 - y[i] * y[i];
  } else {
    for (let i = at; i < end; i++) g[i] *= y[i] * (1 - y[i]);
  }
}
