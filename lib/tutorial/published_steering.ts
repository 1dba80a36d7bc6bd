/**
 * The tutorial's steered stack, as it was run and printed, and its slips, each of which can be mended alone.
 *
 * Three things in it are not the gradient:
 *
 * 1. the stack's own backward pass, with gates that are always open (see `published_gradient.ts`);
 * 2. σ′: the delta of every step is multiplied by the slope of σ at step 0;
 * 3. the biases follow the mean over the steps where the gradient is the sum: a smaller step for them.
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
import { publishedStackBackward } from "./published_gradient.ts";
import { runStack, type StackTrace } from "@/memory/stack.ts";
import { readError, type ValueReversal, valueReversal } from "./value_reversal.ts";
import {
  descendSteering,
  steer,
  type SteeringGradient,
  type SteeringLook,
  type SteeringWeights,
  stepMarks,
} from "./steered_stack.ts";
import type { Controls } from "./learned_controls.ts";

/** Which of the tutorial's three slips to keep; all of them if left out. */
export interface SteeringSlips {
  /** The stack's gates: "open" as published, or "strict". */
  readonly gates?: "open" | "strict";
  /** The slope of σ: of step 0 for all, as published, or each step's own. */
  readonly slope?: "first" | "own";
  /** How a bias gathers its steps: their mean, as published, or their sum. */
  readonly bias?: "mean" | "sum";
}

/** All three slips mended: what remains is the gradient, away from ties. */
export const MENDED = { gates: "strict", slope: "own", bias: "sum" } as const;

/** What one iteration of the run saw, before it changed the weights. */
export interface SteeringIteration {
  /** 0 for the first. */
  readonly iteration: number;
  /** ½ Σ (r − target)² over the reads that count. */
  readonly loss: number;
  /** Read minus target at each of the last n steps, first column. */
  readonly errors: Vector;
  /** The weights that made these errors. */
  readonly weights: SteeringWeights;
  /** What the stack did with them. */
  readonly trace: StackTrace;
}

/** Reverses y_t = σ(o′_t · W + b) over all steps, as published unless mended. */
function layerBackward(
  y: Vector,
  oPrimes: Matrix,
  gY: Vector,
  { slope = "first", bias = "mean" }: SteeringSlips,
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
  slips: SteeringSlips,
): SteeringGradient {
  const pop = layerBackward(controls.pops, oPrimes, gPops, slips);
  const push = layerBackward(controls.pushes, oPrimes, gPushes, slips);
  return { gPopWeights: pop.gW, gPopBias: pop.gB, gPushWeights: push.gW, gPushBias: push.gB };
}

/**
 * Runs a steered stack forward on a task, then backward in the tutorial's way.
 *
 * @example With all slips mended it is the gradient.
 * ```ts
 * import { MENDED, publishedSteeringGradient } from "@/tutorial/published_steering.ts";
 * import { steeringGradient, stepMarks } from "@/tutorial/steered_stack.ts";
 * import { valueReversal } from "@/tutorial/value_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = valueReversal([[1]]);
 * const weights = { popWeights: [0, 0], popBias: -1, pushWeights: [1, -1], pushBias: 0 };
 * const mended = publishedSteeringGradient(task, weights, stepMarks(2), MENDED);
 * assertEquals(mended.gPopWeights, steeringGradient(task, weights, stepMarks(2)).gPopWeights);
 * ```
 * @param task What goes in, and what should be read.
 * @param weights W_u, b_u, W_d and b_d.
 * @param oPrimes o′_1 … o′_T, `T` × `O`.
 * @param slips Which slips to keep; all of them if left out.
 * @returns The loss, the stack's trace, and what the tutorial takes for the gradients.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function publishedSteeringGradient(
  task: ValueReversal,
  weights: SteeringWeights,
  oPrimes: Matrix,
  slips: SteeringSlips = {},
): SteeringLook {
  const controls = steer(weights, oPrimes);
  const trace = runStack({ values: task.values, ...controls });
  const { loss, gReads } = readError(trace.reads, task.targets);
  const { gPops, gPushes } = publishedStackBackward(trace, gReads, { gates: slips.gates });
  const gradient = steerBackward(controls, oPrimes, { gPops, gPushes }, slips);
  return { loss, trace, gPops, gPushes, ...gradient };
}

/** How the run is set up; the published settings where left out. */
export interface SteeringRun {
  /** Seed of numpy's legacy generator: 1. */
  readonly seed?: number;
  /** 10,000. */
  readonly iterations?: number;
  /** η: 0.5. */
  readonly learningRate?: number;
  /** b_u at the start: 0. */
  readonly popBias?: number;
  /** What is taken for the gradient: {@linkcode publishedSteeringGradient}, all slips kept. */
  readonly gradient?: (
    task: ValueReversal,
    weights: SteeringWeights,
    oPrimes: Matrix,
  ) => SteeringLook;
}

/**
 * Repeats the tutorial's run, iteration by iteration: a new random sequence of three numbers each time.
 *
 * W_d and W_u start as 0.2 N(0, 1) − 0.2, drawn in this order; the sequence is U(0, 1) in the first of
 * two columns.
 *
 * @example The three read errors that the tutorial prints first.
 * ```ts
 * import { steeringRun } from "@/tutorial/published_steering.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [first] = steeringRun({ iterations: 1 });
 * assertEquals(
 *   first.errors.map((error) => error.toFixed(8)),
 *   ["-0.79249511", "-0.19810149", "-0.14038694"],
 * );
 * ```
 * @param settings What to change in the published settings.
 * @returns What each iteration saw, as it happens.
 */
export function* steeringRun(settings: SteeringRun = {}): Generator<SteeringIteration> {
  const { seed = 1, iterations = 10_000, learningRate = 0.5, popBias = 0 } = settings;
  const gradient = settings.gradient ?? publishedSteeringGradient;
  const random = numpyRandom(seed);
  const start = () => random.randn(6).map((x) => x * 0.2 - 0.2);
  const pushWeights = start();
  let weights: SteeringWeights = { pushWeights, pushBias: 0, popWeights: start(), popBias };
  const oPrimes = stepMarks(6);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const task = valueReversal(random.rand(3).map((x) => [x, 0]));
    const look = gradient(task, weights, oPrimes);
    const errors = task.targets.map((target, i) => look.trace.reads[3 + i][0] - target[0]);
    yield { iteration, loss: look.loss, errors, weights, trace: look.trace };
    weights = descendSteering(weights, look, learningRate);
  }
}
