/**
 * A stack steered by two linear layers, which compute its pops and pushes: forward pass, backward pass and gradient
 * descent on their weights.
 *
 * u_t = σ(o′_t · W_u + b_u), d_t = σ(o′_t · W_d + b_d)
 *
 * In place of a controller, o′_t is a one-hot mark of the step (see {@linkcode oneHotSteps}).
 *
 * `T` steps, `O` numbers in o′_t.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4; Trask 2016, "DeepMind's Neural Stack Machine", part 5.
 *
 * @module
 */
import { checkMatrix, checkVector, type Matrix, type Vector } from "@/math/shapes.ts";
import {
  checkLearningRate,
  type Controls,
  type ControlsGradient,
  controlsGradient,
} from "./learned_controls.ts";
import { sigmoid, sigmoidSlope } from "@/math/activations.ts";
import type { ValueReversal } from "./value_reversal.ts";

/** The weights that compute pops and pushes. */
export interface SteeringWeights {
  /** W_u, `O`. */
  readonly popWeights: Vector;
  /** b_u. */
  readonly popBias: number;
  /** W_d, `O`. */
  readonly pushWeights: Vector;
  /** b_d. */
  readonly pushBias: number;
}

/** ∂L/∂W_u, ∂L/∂b_u, ∂L/∂W_d and ∂L/∂b_d. */
export interface SteeringGradient {
  readonly gPopWeights: Vector;
  readonly gPopBias: number;
  readonly gPushWeights: Vector;
  readonly gPushBias: number;
}

/** The loss of a steered stack, and its gradients with respect to pops and pushes and to the weights. */
export interface SteeringResult extends ControlsGradient, SteeringGradient {}

function dot(x: Vector, y: Vector): number {
  return x.reduce((sum, x_i, i) => sum + x_i * y[i], 0);
}

/**
 * Creates one-hot marks of the steps, in place of a controller's outputs: o′_t is 1 at t, 0 elsewhere.
 *
 * @example Two steps.
 * ```ts
 * import { oneHotSteps } from "@/tutorial/steered_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneHotSteps(2), [[1, 0], [0, 1]]);
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @returns o′_1 … o′_T, the `T` × `T` identity.
 * @throws {RangeError} If `steps` is not a whole number of at least 1.
 */
export function oneHotSteps(steps: number): Matrix {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Cannot mark the steps: wanted 1 step or more, got ${steps}`);
  }
  return Array.from(
    { length: steps },
    (_, t) => Array.from({ length: steps }, (_, i) => +(i === t)),
  );
}

/**
 * Computes pops and pushes from a controller's outputs.
 *
 * u_t = σ(o′_t · W_u + b_u), d_t = σ(o′_t · W_d + b_d), with σ(x) = 1 / (1 + e^−x)
 *
 * Source: Grefenstette et al. 2015, section 3.4.
 *
 * @example With weights of 0, pops and pushes depend on the biases only.
 * ```ts
 * import { oneHotSteps, steer } from "@/tutorial/steered_stack.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const weights = { popWeights: [0, 0], popBias: -1, pushWeights: [0, 0], pushBias: 0 };
 * const { pops, pushes } = steer(weights, oneHotSteps(2));
 * assertEquals(pushes, [0.5, 0.5]);
 * assertAlmostEquals(pops[0], 1 / (1 + Math.E));
 * ```
 * @param weights W_u, b_u, W_d and b_d.
 * @param oPrimes o′_1 … o′_T, `T` × `O`, at least one step.
 * @returns u_1 … u_T and d_1 … d_T, each between 0 and 1.
 * @throws {TypeError} If there is no step, or W_u or W_d does not have `O` numbers.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function steer(weights: SteeringWeights, oPrimes: Matrix): Controls {
  const { popWeights: Wu, popBias: bu, pushWeights: Wd, pushBias: bd } = weights;
  checkVector("steer the stack", "push weights (one for each pop weight)", Wd, Wu.length);
  checkVector("steer the stack", "pop weights", Wu);
  checkVector("steer the stack", "biases", [bu, bd]);
  checkControllerOutputs("steer the stack", oPrimes, Wu.length);
  return {
    pops: oPrimes.map((oPrime) => sigmoid(dot(oPrime, Wu) + bu)),
    pushes: oPrimes.map((oPrime) => sigmoid(dot(oPrime, Wd) + bd)),
  };
}

/**
 * Backward pass of {@linkcode steer}.
 *
 * With a_t = ∂L/∂u_t · u_t (1 − u_t): ∂L/∂W_u = Σ_t a_t o′_t and ∂L/∂b_u = Σ_t a_t; the same for d.
 *
 * @example At u = ½ the slope of σ is ¼; the bias sums over the steps.
 * ```ts
 * import { oneHotSteps, steerBackward } from "@/tutorial/steered_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = { pops: [0.5, 0.5], pushes: [0.5, 0.5] };
 * const g = steerBackward(controls, oneHotSteps(2), { gPops: [4, 8], gPushes: [0, -4] });
 * assertEquals([g.gPopWeights, g.gPopBias], [[1, 2], 3]);
 * assertEquals([g.gPushWeights, g.gPushBias], [[0, -1], -1]);
 * ```
 * @param controls The result of {@linkcode steer}.
 * @param oPrimes o′_1 … o′_T, `T` × `O`, at least one step.
 * @param gradient ∂L/∂u_1 … ∂L/∂u_T and ∂L/∂d_1 … ∂L/∂d_T.
 * @returns The gradient with respect to all weights and biases.
 * @throws {TypeError} If there is no step, or the numbers of pops, pushes, their gradients and steps differ.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function steerBackward(
  controls: Controls,
  oPrimes: Matrix,
  gradient: Pick<ControlsGradient, "gPops" | "gPushes">,
): SteeringGradient {
  const action = "reverse the steering", T = oPrimes.length;
  checkControllerOutputs(action, oPrimes);
  checkVector(action, "pops (one for each step)", controls.pops, T);
  checkVector(action, "pushes", controls.pushes, T);
  checkVector(action, "gradients of pops (one for each step)", gradient.gPops, T);
  checkVector(action, "gradients of pushes", gradient.gPushes, T);
  const pop = layerBackward(controls.pops, oPrimes, gradient.gPops);
  const push = layerBackward(controls.pushes, oPrimes, gradient.gPushes);
  return {
    gPopWeights: pop.gW,
    gPopBias: pop.gB,
    gPushWeights: push.gW,
    gPushBias: push.gB,
  };
}

/** Backward pass of y_t = σ(o′_t · W + b) over all steps. */
function layerBackward(y: Vector, oPrimes: Matrix, gY: Vector): { gW: Vector; gB: number } {
  const gA = gY.map((gY_t, t) => gY_t * sigmoidSlope(y[t]));
  const gW = oPrimes[0].map((_, i) => gA.reduce((sum, gA_t, t) => sum + gA_t * oPrimes[t][i], 0));
  return { gW, gB: gA.reduce((sum, gA_t) => sum + gA_t, 0) };
}

/**
 * Runs a steered stack forward on a task, then backward to its weights.
 *
 * @example The read is 2, its target 0: the gradient of the push is positive.
 * ```ts
 * import { oneHotSteps, steeringGradient } from "@/tutorial/steered_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { popWeights: [0], popBias: 0, pushWeights: [0], pushBias: 0 };
 * const found = steeringGradient({ values: [[4]], targets: [[0]] }, weights, oneHotSteps(1));
 * assertEquals(found.loss, 2); // ½ · (½ · 4)²
 * assertEquals(found.gPushBias, 2 * 4 * 0.25); // ∂loss/∂r · v · σ′
 * ```
 * @param task Inputs and targets.
 * @param weights W_u, b_u, W_d and b_d.
 * @param oPrimes o′_1 … o′_T, `T` × `O`.
 * @returns The loss, the stack's trace, and the gradients with respect to pops, pushes and weights.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function steeringGradient(
  task: ValueReversal,
  weights: SteeringWeights,
  oPrimes: Matrix,
): SteeringResult {
  const controls = steer(weights, oPrimes);
  const found = controlsGradient(task, controls);
  return { ...found, ...steerBackward(controls, oPrimes, found) };
}

/**
 * Takes one step of plain gradient descent on the weights.
 *
 * W ← W − η ∂L/∂W
 *
 * @example Every weight moves against its gradient.
 * ```ts
 * import { descendSteering } from "@/tutorial/steered_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { popWeights: [1], popBias: 2, pushWeights: [3], pushBias: 4 };
 * const gradient = { gPopWeights: [1], gPopBias: 0, gPushWeights: [-2], gPushBias: 4 };
 * assertEquals(descendSteering(weights, gradient, 0.5), {
 *   popWeights: [0.5],
 *   popBias: 2,
 *   pushWeights: [4],
 *   pushBias: 2,
 * });
 * ```
 * @param weights The weights before the step.
 * @param gradient Their gradients.
 * @param learningRate η, above 0.
 * @returns The weights after the step.
 * @throws {TypeError} If the numbers of weights and gradients differ.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function descendSteering(
  weights: SteeringWeights,
  gradient: SteeringGradient,
  learningRate: number,
): SteeringWeights {
  checkSteeringDescent("descend the steering", weights, gradient, learningRate);
  const η = learningRate;
  return {
    popWeights: weights.popWeights.map((w, i) => w - η * gradient.gPopWeights[i]),
    popBias: weights.popBias - η * gradient.gPopBias,
    pushWeights: weights.pushWeights.map((w, i) => w - η * gradient.gPushWeights[i]),
    pushBias: weights.pushBias - η * gradient.gPushBias,
  };
}

/**
 * Checks that there is at least one o′_t, and that each has `O` finite numbers.
 *
 * @example No steps are refused.
 * ```ts
 * import { checkControllerOutputs } from "@/tutorial/steered_stack.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkControllerOutputs("steer the stack", []),
 *   TypeError,
 *   "Cannot steer the stack: wanted 1 row of o′ or more, got 0",
 * );
 * ```
 * @param action The caller's action, for the error "Cannot <action>".
 * @param oPrimes o′_1 … o′_T, `T` × `O`.
 * @param O Numbers in each o′_t; default: as many as in the first.
 * @throws {TypeError} If there is no step, or a step does not have `O` numbers.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkControllerOutputs(action: string, oPrimes: Matrix, O?: number): void {
  if (oPrimes.length === 0) {
    throw new TypeError(`Cannot ${action}: wanted 1 row of o′ or more, got 0`);
  }
  checkMatrix(action, "numbers in o′", oPrimes, oPrimes.length, O);
}

/**
 * Checks the arguments of a step of gradient descent.
 *
 * @example Each weight needs a gradient.
 * ```ts
 * import { checkSteeringDescent } from "@/tutorial/steered_stack.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const weights = { popWeights: [1], popBias: 2, pushWeights: [3], pushBias: 4 };
 * const gradient = { gPopWeights: [1], gPopBias: 0, gPushWeights: [], gPushBias: 4 };
 * assertThrows(
 *   () => checkSteeringDescent("descend", weights, gradient, 0.5),
 *   TypeError,
 *   "Cannot descend: wanted 1 gradients of push weights, got 0",
 * );
 * ```
 * @param action The caller's action, for the error "Cannot <action>".
 * @param weights W_u, b_u, W_d and b_d.
 * @param gradient Their gradients.
 * @param learningRate η.
 * @throws {TypeError} If the numbers of weights and gradients differ.
 * @throws {RangeError} If a number is NaN or infinite, or the learning rate 0 or negative.
 */
export function checkSteeringDescent(
  action: string,
  { popWeights: Wu, popBias: bu, pushWeights: Wd, pushBias: bd }: SteeringWeights,
  { gPopWeights, gPopBias, gPushWeights, gPushBias }: SteeringGradient,
  learningRate: number,
): void {
  checkVector(action, "pop weights", Wu);
  checkVector(action, "push weights", Wd);
  checkVector(action, "gradients of pop weights", gPopWeights, Wu.length);
  checkVector(action, "gradients of push weights", gPushWeights, Wd.length);
  checkVector(action, "biases", [bu, bd]);
  checkVector(action, "gradients of biases", [gPopBias, gPushBias]);
  checkLearningRate(action, learningRate);
}
