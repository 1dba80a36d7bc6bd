/**
 * Learning the pops and pushes of a stack directly, without a network: loss, gradient, initial values and gradient
 * descent.
 *
 * loss = ½ Σ (r_t − target_t)² over the last n reads, u ← min(1, max(0, u − η ∂loss/∂u)); the same for d
 *
 * `T` = 2n steps.
 *
 * @module
 */
import { checkVector, type Vector } from "@/math/shapes.ts";
import { runStack, runStackBackward, type StackTrace } from "@/memory/stack.ts";
import { readLoss, type ValueReversal } from "./value_reversal.ts";
import type { RandomSource } from "@/math/random.ts";

/** A pop and a push for every step of a stack. */
export interface Controls {
  /** u_1 … u_T, each in [0, 1]. */
  readonly pops: Vector;
  /** d_1 … d_T, each in [0, 1]. */
  readonly pushes: Vector;
}

/** The loss of a list of controls, and its gradient. */
export interface ControlsGradient {
  /** ½ Σ (r − target)² over the reads that count. */
  readonly loss: number;
  /** All values of the stack. */
  readonly trace: StackTrace;
  /** ∂loss/∂u_1 … ∂loss/∂u_T. */
  readonly gPops: Vector;
  /** ∂loss/∂d_1 … ∂loss/∂d_T. */
  readonly gPushes: Vector;
}

/** The result of one step of gradient descent. */
export interface Descent {
  /** The controls after the step. */
  readonly controls: Controls;
  /** The loss before the step. */
  readonly loss: number;
}

/**
 * Runs the stack forward on a task, then backward.
 *
 * loss = ½ Σ (r_t − target_t)² over the reads that count; its gradient with respect to every u_t and d_t
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1) to (3) for the stack; the gradient by the chain rule.
 *
 * @example A pop of 0.9 reads 1.2 where 3 is the target: descent lowers the pop.
 * ```ts
 * import { controlsGradient } from "@/tutorial/learned_controls.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const task = { values: [[1], [3], [0]], targets: [[3]] };
 * const { loss, gPops } = controlsGradient(task, { pops: [0, 0, 0.9], pushes: [1, 1, 0] });
 * assertAlmostEquals(loss, 0.5 * (1.2 - 3) ** 2); // r_3 = 0.9 · 1 + 0.1 · 3
 * assertAlmostEquals(gPops[2], (1.2 - 3) * (1 - 3)); // positive
 * ```
 * @param task Inputs and targets.
 * @param controls A pop and a push for every step of the task.
 * @returns The loss, the stack's trace, and the gradients with respect to every pop and every push, `T` each.
 * @throws {TypeError} If the numbers of pops, pushes and steps differ, or there are more targets than reads.
 * @throws {RangeError} If a pop or push is NaN, infinite or negative.
 */
export function controlsGradient(task: ValueReversal, controls: Controls): ControlsGradient {
  const trace = runStack({ values: task.values, ...controls });
  const { loss, gReads } = readLoss(trace.reads, task.targets);
  const { gPops, gPushes } = runStackBackward(trace, gReads);
  return { loss, trace, gPops, gPushes };
}

/**
 * Creates fixed pushes: each of n values in full, then nothing for n steps.
 *
 * d_t = 1 for t ≤ n, 0 for t > n
 *
 * @example Three values to read, then three steps to read them back.
 * ```ts
 * import { createFixedPushes } from "@/tutorial/learned_controls.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(createFixedPushes(3), [1, 1, 1, 0, 0, 0]);
 * ```
 * @param n Number of values, a whole number of at least 1.
 * @returns d_1 … d_T, 2n numbers.
 * @throws {RangeError} If `n` is not a whole number of at least 1.
 */
export function createFixedPushes(n: number): Vector {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot lay out the pushes: wanted 1 value or more, got ${n}`);
  }
  return Array.from({ length: 2 * n }, (_, t) => t < n ? 1 : 0);
}

/**
 * Takes one step of gradient descent on the pops; the pushes do not change.
 *
 * u ← min(1, max(0, u − η ∂loss/∂u))
 *
 * @example A few hundred steps turn a pop of 0.01 into a full one.
 * ```ts
 * import { createFixedPushes, descendPops } from "@/tutorial/learned_controls.ts";
 * import { valueReversal } from "@/tutorial/value_reversal.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const task = valueReversal([[1], [2]]);
 * let controls = { pops: [0, 0, 0.01, 0.01], pushes: createFixedPushes(2) };
 * for (let i = 0; i < 300; i++) ({ controls } = descendPops(task, controls, 0.1));
 * assertAlmostEquals(controls.pops[2], 0, 1e-4); // the last value is on top already
 * assertAlmostEquals(controls.pops[3], 1, 1e-4);
 * ```
 * @param task Inputs and targets.
 * @param controls The controls before the step.
 * @param learningRate η, above 0.
 * @returns The controls after the step, the loss before it.
 * @throws {TypeError} If the numbers of pops, pushes and steps differ.
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
 * Draws initial controls inside the trainable region.
 *
 * u_t ~ U(0.4, 0.6), d_t ~ U(0.6, 0.8). A pop has a gradient only while 2d − 1 < u < d: with a smaller pop the read
 * returns only the newest value, with a larger one the stack is empty before the next push.
 *
 * @example The same seed gives the same controls.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { drawControls } from "@/tutorial/learned_controls.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const controls = drawControls(4, seededRandom(1));
 * assertEquals(controls, drawControls(4, seededRandom(1)));
 * assert(controls.pops.every((u) => u >= 0.4 && u < 0.6));
 * assert(controls.pushes.every((d) => d >= 0.6 && d < 0.8));
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @param random Source of the random numbers; all pops are drawn before all pushes.
 * @returns u_1 … u_T and d_1 … d_T.
 * @throws {RangeError} If `steps` is not a whole number of at least 1.
 */
export function drawControls(steps: number, random: RandomSource): Controls {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot draw the controls: wanted 1 step or more, got ${steps}`);
  }
  const pops = Array.from({ length: steps }, () => random.uniform(0.4, 0.6));
  const pushes = Array.from({ length: steps }, () => random.uniform(0.6, 0.8));
  return { pops, pushes };
}

/**
 * Takes one step of gradient descent on pops and pushes.
 *
 * u ← min(1, max(0, u − η ∂loss/∂u)), d ← min(1, max(0, d − η ∂loss/∂d))
 *
 * @example Random controls become pushes, then pops.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { descendControls, drawControls } from "@/tutorial/learned_controls.ts";
 * import { halfCircleValues, valueReversal } from "@/tutorial/value_reversal.ts";
 * import { assert, assertLess } from "@std/assert";
 *
 * const task = valueReversal(halfCircleValues(3));
 * let [controls, loss] = [drawControls(6, seededRandom(1)), Infinity];
 * for (let i = 0; i < 1000; i++) ({ controls, loss } = descendControls(task, controls, 0.1));
 * assertLess(loss, 1e-6);
 * assert(controls.pushes.slice(3).every((d) => d < 1e-3)); // no blank is pushed
 * ```
 * @param task Inputs and targets.
 * @param controls The controls before the step.
 * @param learningRate η, above 0.
 * @returns The controls after the step, the loss before it.
 * @throws {TypeError} If the numbers of pops, pushes and steps differ.
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

/**
 * Takes one step of gradient descent and clips each number to [0, 1].
 *
 * x ← min(1, max(0, x − η ∂loss/∂x))
 *
 * @example A number that would leave the interval stops at its end.
 * ```ts
 * import { descendInUnitBox } from "@/tutorial/learned_controls.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(descendInUnitBox([0.5, 0.5], [1, -3], 0.25), [0.25, 1]);
 * ```
 * @param x Numbers in [0, 1] before the step.
 * @param gradient ∂loss/∂x, of the same length.
 * @param learningRate η, above 0.
 * @returns The numbers after the step.
 * @throws {TypeError} If the lengths of `x` and the gradient differ.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function descendInUnitBox(x: Vector, gradient: Vector, learningRate: number): Vector {
  const action = "descend in the unit box";
  checkVector(action, "numbers before the step", x);
  checkVector(action, "gradients (one for each number)", gradient, x.length);
  checkLearningRate(action, learningRate);
  return x.map((x_i, i) => Math.min(1, Math.max(0, x_i - learningRate * gradient[i])));
}

/**
 * Checks that a learning rate is finite and above 0.
 *
 * @example A rate of 0 is refused.
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
 * @param action The caller's action, for the error "Cannot <action>".
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
