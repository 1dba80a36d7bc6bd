/**
 * One and the same reversal, forward and backward, for three stacks that compute the same numbers at
 * different costs: the equations as they are printed, the equations with running sums, and the sparse stack.
 *
 * In the first half of the sequence values are pushed almost whole, in the second half they are popped
 * almost whole: the controls of a network that has learned to reverse, not crisp yet.
 *
 * | contender        | time | memory | file              |
 * | ---------------- | ---- | ------ | ----------------- |
 * | `"as printed"`   | T³   | T²     | `stack.ts`        |
 * | `"running sums"` | T²   | T²     | `flat_stack.ts`   |
 * | `"sparse"`       | T    | T      | `sparse_stack.ts` |
 *
 * `T` steps, `M` value width.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import {
  clearFlatStackGradient,
  createFlatStack,
  reverseFlatStackStep,
  stepFlatStack,
} from "@/tutorial/flat_stack.ts";
import {
  clearSparseStackGradient,
  createSparseStack,
  reverseSparseStackStep,
  stepSparseStack,
} from "@/memory/sparse_stack.ts";
import {
  runStack,
  runStackBackward,
  type StackGradient,
  type StackInputs,
  type StackTrace,
} from "@/memory/stack.ts";

/** Which of the three stacks. */
export type StackContender = "as printed" | "running sums" | "sparse";

/** A sequence, and a gradient of its reads. */
export interface StackExercise {
  readonly inputs: StackInputs;
  /** ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`. */
  readonly gReads: Matrix;
}

/** A stack with an exercise in it, ready to be run any number of times. */
export interface PreparedStack {
  /** Runs the exercise forward and backward. */
  run(): void;
  /** The gradient that the last run found. */
  gradient(): StackGradient;
  /** How many rows the last run's pops and reads visited on the way forward. */
  rows(): number;
  /** How many bytes its numbers take, 8 each, 4 where they are whole. */
  readonly bytes: number;
}

/**
 * Makes a reversal: values between −1 and 1, controls within a hundredth of 0 or 1.
 *
 * @example Pushes first, then pops.
 * ```ts
 * import { reversalExercise } from "@/studies/stack_costs.ts";
 * import { assert } from "@std/assert";
 *
 * const { inputs: { pushes, pops } } = reversalExercise(100, 4);
 * assert(pushes[0] > 0.99 && pops[0] < 0.01);
 * assert(pushes[99] < 0.01 && pops[99] > 0.99);
 * ```
 * @param steps `T`, an even number for as many pops as pushes.
 * @param width `M`.
 * @returns Always the same exercise for the same `steps` and `width`.
 */
export function reversalExercise(steps: number, width: number): StackExercise {
  const random = seededRandom(`a reversal of ${steps} steps`);
  const control = (on: boolean) => {
    const distance = random.uniform(0, 0.01);
    return on ? 1 - distance : distance;
  };
  const rows = () =>
    Array.from({ length: steps }, () => Array.from({ length: width }, () => random.uniform(-1, 1)));
  const values = rows(), half = steps / 2;
  const pops = values.map((_, t) => control(t >= half));
  const pushes = values.map((_, t) => control(t < half));
  return { inputs: { values, pops, pushes }, gReads: rows() };
}

/**
 * Puts an exercise into one of the three stacks.
 *
 * @example The same gradient from all three.
 * ```ts
 * import { prepareStack, reversalExercise } from "@/studies/stack_costs.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const exercise = reversalExercise(20, 2);
 * const [printed, sums, sparse] = (["as printed", "running sums", "sparse"] as const).map((name) => {
 *   const stack = prepareStack(name, exercise);
 *   stack.run();
 *   return stack.gradient().gPops[19];
 * });
 * assertAlmostEquals(sums, printed, 1e-12);
 * assertAlmostEquals(sparse, printed, 1e-12);
 * ```
 * @param contender Which stack.
 * @param exercise What it is to do.
 * @returns The stack, with all the memory that it will ever need, save `"as printed"`, which makes new lists
 * as it goes.
 */
export function prepareStack(contender: StackContender, exercise: StackExercise): PreparedStack {
  if (contender === "as printed") return printedStack(exercise);
  return contender === "running sums" ? stackWithSums(exercise) : sparseStack(exercise);
}

function printedStack({ inputs, gReads }: StackExercise): PreparedStack {
  const T = inputs.values.length, M = inputs.values[0].length;
  let trace: StackTrace, gradient: StackGradient;
  return {
    run() {
      trace = runStack(inputs);
      gradient = runStackBackward(trace, gReads);
    },
    gradient: () => gradient,
    rows: () => trace.strengths.reduce((sum, s) => sum + s.length - 1 + s.length, 0),
    // Values, reads and their gradients; pops, pushes and theirs; every s_t.
    bytes: 8 * (4 * T * M + 4 * T + T * (T + 1) / 2),
  };
}

/** What the two stacks on typed arrays have in common. */
interface Arrays {
  readonly steps: number;
  readonly width: number;
  readonly values: Float64Array;
  readonly pops: Float64Array;
  readonly pushes: Float64Array;
  readonly gReads: Float64Array;
  readonly gValues: Float64Array;
  readonly gPops: Float64Array;
  readonly gPushes: Float64Array;
}

function fill(stack: Arrays, { inputs, gReads }: StackExercise): void {
  inputs.values.forEach((value, t) => stack.values.set(value, t * stack.width));
  gReads.forEach((gRead, t) => stack.gReads.set(gRead, t * stack.width));
  stack.pops.set(inputs.pops);
  stack.pushes.set(inputs.pushes);
}

function gradientIn({ steps, width, gValues, gPops, gPushes }: Arrays): StackGradient {
  const row = (t: number) => [...gValues.subarray(t * width, (t + 1) * width)];
  const rows = Array.from({ length: steps }, (_, t) => row(t));
  return { gValues: rows, gPops: [...gPops], gPushes: [...gPushes] };
}

function bytesOf(stack: object): number {
  return Object.values(stack).reduce(
    (sum, field) => sum + (ArrayBuffer.isView(field) ? field.byteLength : 0),
    0,
  );
}

function stackWithSums(exercise: StackExercise): PreparedStack {
  const T = exercise.inputs.values.length, M = exercise.inputs.values[0].length;
  const stack = createFlatStack(T, M);
  fill(stack, exercise);
  return {
    run() {
      for (let t = 0; t < T; t++) stepFlatStack(stack, t);
      clearFlatStackGradient(stack);
      for (let t = T - 1; t >= 0; t--) reverseFlatStackStep(stack, t, "exact");
    },
    gradient: () => gradientIn(stack),
    rows: () => rowsWithSums(stack.strengths, T),
    bytes: bytesOf(stack),
  };
}

/** Its pops visit every row; its reads stop where a unit is gathered. */
function rowsWithSums(strengths: Float64Array, T: number): number {
  let rows = 0;
  for (let t = 0; t < T; t++) {
    rows += t;
    for (let i = t, above = 0; i >= 0 && above < 1; i--, rows++) above += strengths[t * T + i];
  }
  return rows;
}

function sparseStack(exercise: StackExercise): PreparedStack {
  const T = exercise.inputs.values.length, M = exercise.inputs.values[0].length;
  const stack = createSparseStack(T, M);
  fill(stack, exercise);
  const sum = (numbers: Int32Array) => numbers.reduce((total, number) => total + number, 0);
  return {
    run() {
      for (let t = 0; t < T; t++) stepSparseStack(stack, t);
      clearSparseStackGradient(stack);
      for (let t = T - 1; t >= 0; t--) reverseSparseStackStep(stack, t);
    },
    gradient: () => gradientIn(stack),
    rows: () => sum(stack.popTouched) + sum(stack.readTouched),
    bytes: bytesOf(stack),
  };
}
