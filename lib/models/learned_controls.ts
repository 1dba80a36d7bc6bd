/**
 * Pops and pushes learned together, still without a network.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import type { ValueReversal } from "@/tasks/value_reversal.ts";
import { type Controls, controlsGradient, type Descent } from "./controls_gradient.ts";
import { descendInUnitBox } from "./unit_box.ts";

/**
 * Draws controls to set out from, inside the window in which a stack can learn.
 *
 * u_t ~ U(0.4, 0.6), d_t ~ U(0.6, 0.8). Pops matter only while 2d − 1 < u < d: with less popping the read
 * sees nothing but the newest value, with more the stack is empty before the next push.
 *
 * @example Four steps' worth of controls, the same for the same seed.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { randomControls } from "@/models/learned_controls.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const controls = randomControls(4, seededRandom(1));
 * assertEquals(controls, randomControls(4, seededRandom(1)));
 * assert(controls.pops.every((u) => u >= 0.4 && u < 0.6));
 * assert(controls.pushes.every((d) => d >= 0.6 && d < 0.8));
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @param random Where the numbers come from, all pops before all pushes.
 * @returns u_1 … u_T and d_1 … d_T.
 * @throws {RangeError} If `steps` is not a whole number of at least 1.
 */
export function randomControls(steps: number, random: RandomSource): Controls {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot draw the controls: wanted 1 step or more, got ${steps}`);
  }
  const pops = Array.from({ length: steps }, () => random.uniform(0.4, 0.6));
  const pushes = Array.from({ length: steps }, () => random.uniform(0.6, 0.8));
  return { pops, pushes };
}

/**
 * Improves pops and pushes by one step of plain gradient descent.
 *
 * u ← min(1, max(0, u − η ∂loss/∂u)), d ← min(1, max(0, d − η ∂loss/∂d))
 *
 * @example A random start ends in pushes, then pops.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { descendControls, randomControls } from "@/models/learned_controls.ts";
 * import { halfCircle, valueReversal } from "@/tasks/value_reversal.ts";
 * import { assert, assertLess } from "@std/assert";
 *
 * const task = valueReversal(halfCircle(3));
 * let [controls, loss] = [randomControls(6, seededRandom(1)), Infinity];
 * for (let i = 0; i < 1000; i++) ({ controls, loss } = descendControls(task, controls, 0.1));
 * assertLess(loss, 1e-6);
 * assert(controls.pushes.slice(3).every((d) => d < 1e-3)); // no blank is pushed
 * ```
 * @param task What goes in, and what should be read.
 * @param controls Where the step sets out.
 * @param learningRate η, above 0.
 * @returns The controls after the step, the loss before it.
 * @throws {TypeError} If there are not as many pops and pushes as steps.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the learning rate not above 0.
 */
export function descendControls(
  task: ValueReversal,
  controls: Controls,
  learningRate: number,
): Descent {
  const { loss, gPops, gPushes } = controlsGradient(task, controls);
  const pops = descendInUnitBox(controls.pops, gPops, learningRate);
  const pushes = descendInUnitBox(controls.pushes, gPushes, learningRate);
  return { controls: { pops, pushes }, loss };
}
