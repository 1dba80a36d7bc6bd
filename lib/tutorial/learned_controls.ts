/**
 * What every step of plain gradient descent needs of its learning rate.
 *
 * @module
 */
import { checkVector, type Vector } from "@/math/shapes.ts";
import { runStack, runStackBackward, type StackTrace } from "@/memory/stack.ts";
import { readError, type ValueReversal } from "./value_reversal.ts";
import type { RandomSource } from "@/math/random.ts";

/**
 * Checks that a learning rate is finite and above 0.
 *
 * @example A rate of 0 would learn nothing.
 * ```ts
 * import { checkLearningRate } from "@/tutorial/learned_controls.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkLearningRate("descend", 0),
 *   RangeError,
 *   "Cannot descend: wanted a finite learning rate above 0, got 0",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param learningRate η.
 * @throws {RangeError} If η is NaN, infinite, 0 or negative.
 */
export function checkLearningRate(action: string, learningRate: number): void {
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(
      `Cannot ${action}: wanted a finite learning rate above 0, got ${learningRate}`,
    );
  }
}

/**
 * One step of gradient descent in a box: each number stays in [0, 1].
 *
 * x ← min(1, max(0, x − η ∂loss/∂x))
 *
 * @example A step that would leave the box ends on its side.
 * ```ts
 * import { descendInUnitBox } from "@/tutorial/learned_controls.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(descendInUnitBox([0.5, 0.5], [1, -3], 0.25), [0.25, 1]);
 * ```
 * @param x Where the step sets out, any number of numbers in [0, 1].
 * @param gradient ∂loss/∂x, as many.
 * @param learningRate η, above 0.
 * @returns Where it arrives.
 * @throws {TypeError} If the gradient is not as long as `x`.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function descendInUnitBox(x: Vector, gradient: Vector, learningRate: number): Vector {
  const action = "descend in the unit box";
  checkVector(action, "numbers to set out from", x);
  checkVector(action, "gradients (one for each number)", gradient, x.length);
  checkLearningRate(action, learningRate);
  return x.map((x_i, i) => Math.min(1, Math.max(0, x_i - learningRate * gradient[i])));
}

/** What drives a stack when no network does: a pop and a push for every step. */
export interface Controls {
  /** u_1 … u_T, each in [0, 1]. */
  readonly pops: Vector;
  /** d_1 … d_T, each in [0, 1]. */
  readonly pushes: Vector;
}

/** One look at a list of controls: how wrong they are, and which way is better. */
export interface ControlsGradient {
  /** ½ Σ (r − target)² over the reads that count. */
  readonly loss: number;
  /** What the stack did. */
  readonly trace: StackTrace;
  /** ∂loss/∂u_1 … ∂loss/∂u_T. */
  readonly gPops: Vector;
  /** ∂loss/∂d_1 … ∂loss/∂d_T. */
  readonly gPushes: Vector;
}

/** Where one step of gradient descent arrived, and the loss where it set out. */
export interface Descent {
  /** The controls after the step. */
  readonly controls: Controls;
  /** The loss before the step. */
  readonly loss: number;
}

/**
 * Runs the stack forward on a task, then backward.
 *
 * loss = ½ Σ (r_t − target_t)² over the reads that count; its gradient by every u_t and d_t
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1) to (3), for the stack, reversed by the
 * chain rule.
 *
 * @example A whole pop reads 1 where 3 was wanted: popping less would help.
 * ```ts
 * import { controlsGradient } from "@/tutorial/learned_controls.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const task = { values: [[1], [3], [0]], targets: [[3]] };
 * const { loss, gPops } = controlsGradient(task, { pops: [0, 0, 0.9], pushes: [1, 1, 0] });
 * assertAlmostEquals(loss, 0.5 * (1.2 - 3) ** 2); // r_3 = 0.9 · 1 + 0.1 · 3
 * assertAlmostEquals(gPops[2], (1.2 - 3) * (1 - 3)); // above 0: descent lowers the pop
 * ```
 * @param task What goes in, and what should be read.
 * @param controls A pop and a push for every step of the task.
 * @returns The loss, the stack's trace, and the gradients of the loss by every pop and every push, `T` each.
 * @throws {TypeError} If there are not as many pops and pushes as steps, or a target has no read to fit.
 * @throws {RangeError} If a pop or push is NaN, infinite or negative.
 */
export function controlsGradient(task: ValueReversal, controls: Controls): ControlsGradient {
  const trace = runStack({ values: task.values, ...controls });
  const { loss, gReads } = readError(trace.reads, task.targets);
  const { gPops, gPushes } = runStackBackward(trace, gReads);
  return { loss, trace, gPops, gPushes };
}

/**
 * Fixed pushes that take n values in whole, then push nothing for n steps.
 *
 * d_t = 1 for t ≤ n, 0 for t > n
 *
 * @example Three values in, three steps to give them back.
 * ```ts
 * import { pushThenRest } from "@/tutorial/learned_controls.ts";
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
 * import { descendPops, pushThenRest } from "@/tutorial/learned_controls.ts";
 * import { valueReversal } from "@/tutorial/value_reversal.ts";
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

/**
 * Draws controls to set out from, inside the window in which a stack can learn.
 *
 * u_t ~ U(0.4, 0.6), d_t ~ U(0.6, 0.8). Pops matter only while 2d − 1 < u < d: with less popping the read
 * sees nothing but the newest value, with more the stack is empty before the next push.
 *
 * @example Four steps' worth of controls, the same for the same seed.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { randomControls } from "@/tutorial/learned_controls.ts";
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
 * import { descendControls, randomControls } from "@/tutorial/learned_controls.ts";
 * import { halfCircle, valueReversal } from "@/tutorial/value_reversal.ts";
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
