/**
 * The simplest thing that learns with a stack: a list of pops, no network.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import type { ValueReversal } from "@/tasks/value_reversal.ts";
import { type Controls, controlsGradient, type Descent } from "./controls_gradient.ts";
import { descendInUnitBox } from "./unit_box.ts";

/**
 * Fixed pushes that take n values in whole, then push nothing for n steps.
 *
 * d_t = 1 for t ≤ n, 0 for t > n
 *
 * @example Three values in, three steps to give them back.
 * ```ts
 * import { pushThenRest } from "@/models/learned_pops.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pushThenRest(3), [1, 1, 1, 0, 0, 0]);
 * ```
 * @param n How many values, a whole number of at least 1.
 * @returns d_1 … d_T, 2n numbers.
 * @throws {RangeError} If `n` is not a whole number of at least 1.
 */
export function pushThenRest(n: number): Vector {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot lay out the pushes: wanted 1 value or more, got ${n}`);
  }
  return Array.from({ length: 2 * n }, (_, t) => t < n ? 1 : 0);
}

/**
 * Improves the pops by one step of plain gradient descent; the pushes stay as they are.
 *
 * u ← min(1, max(0, u − η ∂loss/∂u))
 *
 * @example A few hundred steps turn a slight pop into a whole one.
 * ```ts
 * import { descendPops, pushThenRest } from "@/models/learned_pops.ts";
 * import { valueReversal } from "@/tasks/value_reversal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const task = valueReversal([[1], [2]]);
 * let controls = { pops: [0, 0, 0.01, 0.01], pushes: pushThenRest(2) };
 * for (let i = 0; i < 300; i++) ({ controls } = descendPops(task, controls, 0.1));
 * assertAlmostEquals(controls.pops[2], 0, 1e-4); // the last value is on top already
 * assertAlmostEquals(controls.pops[3], 1, 1e-4);
 * ```
 * @param task What goes in, and what should be read.
 * @param controls Where the step sets out.
 * @param learningRate η, above 0.
 * @returns The controls after the step, the loss before it.
 * @throws {TypeError} If there are not as many pops and pushes as steps.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the learning rate not above 0.
 */
export function descendPops(
  task: ValueReversal,
  controls: Controls,
  learningRate: number,
): Descent {
  const { loss, gPops } = controlsGradient(task, controls);
  const pops = descendInUnitBox(controls.pops, gPops, learningRate);
  return { controls: { pops, pushes: controls.pushes }, loss };
}
