/**
 * A reproduction of the tutorial's steered stack: its run, and its backward pass with three bugs.
 *
 * 1. The stack's own backward pass has gates that are always open (see `published_stack_backward.ts`).
 * 2. The gradient of every step is multiplied by the slope σ′ of step 0 instead of its own.
 * 3. The gradient of a bias is the mean over the steps instead of the sum, which makes its steps smaller.
 *
 * Each bug can be fixed by itself to measure its effect. The correct version is `steered_stack.ts`.
 *
 * `n` numbers to reverse, `T` = 2n steps.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", part 5, settings and printed output.
 *
 * @module
 */
import { sigmoidSlope } from "@/math/activations.ts";
import { numpyRandom } from "@/math/numpy_random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import { publishedStackBackward } from "./published_stack_backward.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import { readLoss, type ValueReversal, valueReversal } from "./value_reversal.ts";
import {
  descendSteering,
  oneHotSteps,
  steer,
  type SteeringGradient,
  type SteeringResult,
  type SteeringWeights,
} from "./steered_stack.ts";
import type { Controls } from "./learned_controls.ts";

/** Which of the three bugs to keep; all of them by default. */
export interface SteeringBackwardBugs {
  /** Gates of the stack's backward pass: "open", as published, or "strict". */
  readonly gates?: "open" | "strict";
  /** Slope of σ: that of step 0 for all steps, as published, or each step's own. */
  readonly slope?: "first" | "own";
  /** Gradient of a bias: the mean over the steps, as published, or the sum. */
  readonly bias?: "mean" | "sum";
}

/** All three bugs fixed: the result is the gradient, except at ties. */
export const ALL_BUGS_FIXED = { gates: "strict", slope: "own", bias: "sum" } as const;

/** One iteration of the run, measured before its update. */
export interface SteeringIteration {
  /** 0 for the first. */
  readonly iteration: number;
  /** ½ Σ (r − target)² over the reads that count. */
  readonly loss: number;
  /** Read minus target at each of the last n steps, first column. */
  readonly errors: Vector;
  /** The weights before the update. */
  readonly weights: SteeringWeights;
  /** All values of the stack. */
  readonly trace: StackTrace;
}

/** Backward pass of y_t = σ(o′_t · W + b) over all steps, with the bugs that are kept. */
function layerBackward(
  y: Vector,
  oPrimes: Matrix,
  gY: Vector,
  { slope = "first", bias = "mean" }: SteeringBackwardBugs,
): { gW: Vector; gB: number } {
  const gA = gY.map((gY_t, t) => gY_t * sigmoidSlope(y[slope === "first" ? 0 : t]));
  const gW = oPrimes[0].map((_, i) => gA.reduce((sum, gA_t, t) => sum + gA_t * oPrimes[t][i], 0));
  const sum = gA.reduce((sum, gA_t) => sum + gA_t, 0);
  return { gW, gB: bias === "mean" ? sum / gA.length : sum };
}

function steerBackward(
  controls: Controls,
  oPrimes: Matrix,
  { gPops, gPushes }: { gPops: Vector; gPushes: Vector },
  bugs: SteeringBackwardBugs,
): SteeringGradient {
  const pop = layerBackward(controls.pops, oPrimes, gPops, bugs);
  const push = layerBackward(controls.pushes, oPrimes, gPushes, bugs);
  return { gPopWeights: pop.gW, gPopBias: pop.gB, gPushWeights: push.gW, gPushBias: push.gB };
}

/**
 * Runs a steered stack forward on a task, then backward as published.
 *
 * @example With all bugs fixed the result is the gradient.
 * ```ts
 * import { ALL_BUGS_FIXED, publishedSteeringGradient } from "@/tutorial/published_steering.ts";
 * import { oneHotSteps, steeringGradient } from "@/tutorial/steered_stack.ts";
 * import { valueReversal } from "@/tutorial/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = valueReversal([[1]]);
 * const weights = { popWeights: [0, 0], popBias: -1, pushWeights: [1, -1], pushBias: 0 };
 * const fixed = publishedSteeringGradient(task, weights, oneHotSteps(2), ALL_BUGS_FIXED);
 * assertEquals(fixed.gPopWeights, steeringGradient(task, weights, oneHotSteps(2)).gPopWeights);
 * ```
 * @param task Inputs and targets.
 * @param weights W_u, b_u, W_d and b_d.
 * @param oPrimes o′_1 … o′_T, `T` × `O`.
 * @param bugs Which bugs to keep; default: all of them.
 * @returns The loss, the stack's trace, and the tutorial's version of the gradients.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function publishedSteeringGradient(
  task: ValueReversal,
  weights: SteeringWeights,
  oPrimes: Matrix,
  bugs: SteeringBackwardBugs = {},
): SteeringResult {
  const controls = steer(weights, oPrimes);
  const trace = runStack({ values: task.values, ...controls });
  const { loss, gReads } = readLoss(trace.reads, task.targets);
  const { gPops, gPushes } = publishedStackBackward(trace, gReads, { gates: bugs.gates });
  const gradient = steerBackward(controls, oPrimes, { gPops, gPushes }, bugs);
  return { loss, trace, gPops, gPushes, ...gradient };
}

/** Settings of the run; each defaults to the published one. */
export interface SteeringRunSettings {
  /** Seed of numpy's legacy generator; default: 1. */
  readonly seed?: number;
  /** Number of iterations; default: 10,000. */
  readonly iterations?: number;
  /** η; default: 0.5. */
  readonly learningRate?: number;
  /** Initial b_u; default: 0. */
  readonly popBias?: number;
  /** Computes the gradient; default: {@linkcode publishedSteeringGradient} with all bugs. */
  readonly gradient?: (
    task: ValueReversal,
    weights: SteeringWeights,
    oPrimes: Matrix,
  ) => SteeringResult;
}

/**
 * Reproduces the tutorial's run: each iteration draws a new random sequence of three numbers.
 *
 * The initial W_d and W_u are 0.2 N(0, 1) − 0.2, drawn in this order; a sequence is U(0, 1) in the first of two columns.
 *
 * @example The first three read errors that the tutorial prints.
 * ```ts
 * import { publishedSteeringRun } from "@/tutorial/published_steering.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [first] = publishedSteeringRun({ iterations: 1 });
 * assertEquals(
 *   first.errors.map((error) => error.toFixed(8)),
 *   ["-0.79249511", "-0.19810149", "-0.14038694"],
 * );
 * ```
 * @param settings Changes to the published settings.
 * @returns A generator of iterations; each is run when it is requested.
 */
export function* publishedSteeringRun(
  settings: SteeringRunSettings = {},
): Generator<SteeringIteration> {
  const { seed = 1, iterations = 10_000, learningRate = 0.5, popBias = 0 } = settings;
  const gradient = settings.gradient ?? publishedSteeringGradient;
  const random = numpyRandom(seed);
  const drawWeights = () => random.randn(6).map((x) => x * 0.2 - 0.2);
  const pushWeights = drawWeights();
  let weights: SteeringWeights = { pushWeights, pushBias: 0, popWeights: drawWeights(), popBias };
  const oPrimes = oneHotSteps(6);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const task = valueReversal(random.rand(3).map((x) => [x, 0]));
    const found = gradient(task, weights, oPrimes);
    const errors = task.targets.map((target, i) => found.trace.reads[3 + i][0] - target[0]);
    yield { iteration, loss: found.loss, errors, weights, trace: found.trace };
    weights = descendSteering(weights, found, learningRate);
  }
}
