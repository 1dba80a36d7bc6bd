/**
 * Measurements of a controller: its loss, the check of its gradient, its absolute errors, the symbols it wrote, and its
 * pushes and pops.
 *
 * @module
 */
import { checkGradient, type GradientCheck } from "@/math/gradient_check.ts";
import type { RandomSource } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import type { ControllerString } from "./controller_parameters.ts";
import type { RnnController } from "./rnn_controller.ts";

/** Absolute errors of one or more strings, Σ |…| over steps and units. */
export interface ControllerErrors {
  /** Σ |o_t − y_t|. */
  output: number;
  /** Σ |readout − x_{t−1}| of each readout of the controller, in the order h_t, o′_t, v_t. */
  readonly readouts: number[];
}

/** Σ |readout_t − x_{t−1}|^power of readout `k`. */
function readoutSum(controller: RnnController, k: number, length: number, power: 1 | 2): number {
  const { guess, unused } = controller.layers.readouts[k], K = guess.width;
  const x = controller.layers.input.y;
  let sum = 0;
  for (let i = K; i < (2 * length - unused) * K; i++) {
    const error = Math.abs(guess.y[i] - x[i - K]);
    sum += power === 1 ? error : error * error;
  }
  return sum;
}

/** Σ |o_t − y_t|^power. */
function outputSum(controller: RnnController, length: number, power: 1 | 2): number {
  const { output, target } = controller.layers;
  let sum = 0;
  for (let i = 0; i < 2 * length * output.width; i++) {
    const error = Math.abs(output.y[i] - target[i]);
    sum += power === 1 ? error : error * error;
  }
  return sum;
}

/**
 * Computes the loss of the controller's last string, as defined in `rnn_controller.ts`.
 *
 * @param controller A controller after a forward pass.
 * @returns L, at least 0.
 */
export function controllerLoss(controller: RnnController): number {
  const n = controller.length;
  let sum = outputSum(controller, n, 2);
  controller.layers.readouts.forEach(({ weight }, k) => {
    sum += weight * readoutSum(controller, k, n, 2);
  });
  return sum / (2 * n);
}

/** A controller, and the string and direction with which its gradient is checked. */
export interface ControllerGradientCase {
  readonly controller: RnnController;
  readonly string: ControllerString;
  /** The source of the random projection. */
  readonly random: RandomSource;
}

/**
 * Compares the gradient of a controller's loss by all parameters with central differences, to a relative error of 10⁻⁷.
 *
 * @example A controller with random parameters.
 * ```ts
 * import { checkControllerGradient } from "@/tutorial/controller_measurements.ts";
 * import { drawParameters } from "@/tutorial/controller_parameters.ts";
 * import { FIXED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
 * import { RnnController } from "@/tutorial/rnn_controller.ts";
 * import { createRandomReversalString } from "@/tutorial/tutorial_reversal.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assert } from "@std/assert";
 *
 * const { task, design, start } = FIXED_AUTOENCODER, random = seededRandom(1);
 * const controller = new RnnController(design, drawParameters(design.sizes, start, random));
 * const string = createRandomReversalString(task, 3, random);
 * const { passed, summary } = checkControllerGradient({ controller, string, random });
 * assert(passed, summary);
 * ```
 * @param gradientCase The controller, whose parameters are as before afterwards and whose gradient is 0, a string, and a
 * source of random numbers.
 * @returns The result, as from `checkGradient`.
 * @throws {RangeError} If the string is empty or longer than the controller's design allows.
 */
export function checkControllerGradient(gradientCase: ControllerGradientCase): GradientCheck {
  const { controller, string, random } = gradientCase, { parameters, gradient } = controller;
  const at = [...parameters.flat];
  const runWith = (w: Vector) => {
    parameters.flat.set(w);
    controller.forward(string);
  };
  const f = (w: Vector) => {
    runWith(w);
    return [controllerLoss(controller)];
  };
  const adjoint = (w: Vector, [g]: Vector) => {
    runWith(w);
    gradient.flat.fill(0);
    controller.backward();
    return [...gradient.flat].map((x) => g * x);
  };
  const check = checkGradient({ name: "the loss", f, adjoint, at, random, tolerance: 1e-7 });
  parameters.flat.set(at);
  gradient.flat.fill(0);
  return check;
}

/** Creates errors of 0 for a controller. */
export function createErrors(controller: RnnController): ControllerErrors {
  return { output: 0, readouts: controller.layers.readouts.map(() => 0) };
}

/**
 * Adds the absolute errors of the last string, which the tutorial prints.
 *
 * @param controller A controller after a forward pass.
 * @param errors Sums, added to.
 */
export function addErrors(controller: RnnController, errors: ControllerErrors): void {
  errors.output += outputSum(controller, controller.length, 1);
  for (let k = 0; k < errors.readouts.length; k++) {
    errors.readouts[k] += readoutSum(controller, k, controller.length, 1);
  }
}

/**
 * Decodes the symbols that the controller wrote: at each step of the second half, the index of its largest output.
 *
 * @param controller A controller after a forward pass.
 * @returns n indices in 0 … Y − 1, in the order of writing.
 */
export function decodeOutput(controller: RnnController): number[] {
  const n = controller.length, { y, width: Y } = controller.layers.output;
  return Array.from({ length: n }, (_, i) => {
    const o = y.subarray((n + i) * Y, (n + i + 1) * Y);
    return o.indexOf(Math.max(...o));
  });
}

/** The controls of one string of n symbols, without the last step, which does not use the stack. */
export interface StringControls {
  /** d_t, 2n − 1. */
  readonly pushes: number[];
  /** u_t, 2n − 1. */
  readonly pops: number[];
}

/**
 * Runs a controller on a string and returns its pushes and pops, without those of the last step.
 *
 * @example Without weights all controls are σ(0) = ½.
 * ```ts
 * import { measureControls } from "@/tutorial/controller_measurements.ts";
 * import { createParameters } from "@/tutorial/controller_parameters.ts";
 * import { TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
 * import { RnnController } from "@/tutorial/rnn_controller.ts";
 * import { createRandomReversalString } from "@/tutorial/tutorial_reversal.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { task, design } = TUTORIAL_CONTROLLER;
 * const controller = new RnnController(design, createParameters(design.sizes));
 * const string = createRandomReversalString(task, 2, seededRandom(1));
 * assertEquals(measureControls(controller, string), {
 *   pushes: [0.5, 0.5, 0.5],
 *   pops: [0.5, 0.5, 0.5],
 * });
 * ```
 * @param controller The controller; afterwards the string is its last one.
 * @param string A string of n symbols.
 * @returns d_t and u_t of the first 2n − 1 steps.
 * @throws {RangeError} If the string is empty or longer than the controller's design allows.
 */
export function measureControls(
  controller: RnnController,
  string: ControllerString,
): StringControls {
  controller.forward(string);
  const { pushes, pops } = controller.stack, steps = 2 * string.length - 1;
  return { pushes: [...pushes.subarray(0, steps)], pops: [...pops.subarray(0, steps)] };
}
