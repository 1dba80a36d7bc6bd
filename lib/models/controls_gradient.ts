/**
 * The loss of a stack that is driven by a list of pops and pushes, and its gradient.
 *
 * `T` steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import { runStackBackward } from "@/memory/stack_gradient.ts";
import { readError, type ValueReversal } from "@/tasks/value_reversal.ts";

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
 * import { controlsGradient } from "@/models/controls_gradient.ts";
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
