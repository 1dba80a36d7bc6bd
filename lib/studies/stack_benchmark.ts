/**
 * A benchmark of three stacks that compute the same numbers at different costs: a reversal, forward and backward, with
 * the equations as printed, with running sums, and with the sparse stack.
 *
 * | stack            | time | memory | file                     |
 * | ---------------- | ---- | ------ | ------------------------ |
 * | `"as printed"`   | T³   | T²     | `memory/stack.ts`        |
 * | `"running sums"` | T²   | T²     | `tutorial/flat_stack.ts` |
 * | `"sparse"`       | T    | T      | `memory/sparse_stack.ts` |
 *
 * `T` steps, `M` value width.
 *
 * @module
 */
import {
  clearFlatStackGradient,
  createFlatStack,
  flatStackStepBackward,
  stepFlatStack,
} from "@/tutorial/flat_stack.ts";
import {
  clearSparseRowsGradient,
  poppedRows,
  sparseRowsStepBackward,
  stepSparseRows,
} from "@/memory/sparse_rows.ts";
import { createSparseStack } from "@/memory/sparse_stack.ts";
import { runStack, runStackBackward, type StackGradient, type StackTrace } from "@/memory/stack.ts";
import type { StackSequence } from "./stack_sequences.ts";

/** Which of the three stacks. */
export type StackVariant = "as printed" | "running sums" | "sparse";

/** A stack with its inputs in place, which can be run any number of times. */
export interface PreparedStack {
  /** Runs the exercise forward and backward. */
  run(): void;
  /** Returns the gradient of the last run. */
  gradient(): StackGradient;
  /** Counts the rows that pops and reads of the last forward pass visited. */
  rows(): number;
  /** Bytes of its numbers: 8 for each number, 4 for each index. */
  readonly bytes: number;
}

/**
 * Allocates one of the three stacks and fills in its inputs.
 *
 * @example All three compute the same gradient.
 * ```ts
 * import { prepareStack } from "@/studies/stack_benchmark.ts";
 * import { createReversalSequence } from "@/studies/stack_sequences.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const exercise = createReversalSequence(20, 2);
 * const [printed, sums, sparse] = (["as printed", "running sums", "sparse"] as const).map((name) => {
 *   const stack = prepareStack(name, exercise);
 *   stack.run();
 *   return stack.gradient().gPops[19];
 * });
 * assertAlmostEquals(sums, printed, 1e-12);
 * assertAlmostEquals(sparse, printed, 1e-12);
 * ```
 * @param variant Which stack.
 * @param exercise The sequence and the gradients of its reads.
 * @returns The stack with all its memory allocated, except `"as printed"`, which allocates lists at every step.
 */
export function prepareStack(variant: StackVariant, exercise: StackSequence): PreparedStack {
  if (variant === "as printed") return preparePrinted(exercise);
  return variant === "running sums" ? prepareFlat(exercise) : prepareSparse(exercise);
}

function preparePrinted({ inputs, gReads }: StackSequence): PreparedStack {
  const T = inputs.values.length, M = inputs.values[0].length;
  let trace: StackTrace, gradient: StackGradient;
  return {
    run() {
      trace = runStack(inputs);
      gradient = runStackBackward(trace, gReads);
    },
    gradient: () => gradient,
    rows: () => trace.strengths.reduce((sum, s) => sum + s.length - 1 + s.length, 0),
    // Values, reads and their gradients; pops, pushes and their gradients; all s_t.
    bytes: 8 * (4 * T * M + 4 * T + T * (T + 1) / 2),
  };
}

/** The fields that the two stacks on typed arrays share. */
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

function fillInputs(stack: Arrays, { inputs, gReads }: StackSequence): void {
  inputs.values.forEach((value, t) => stack.values.set(value, t * stack.width));
  gReads.forEach((gRead, t) => stack.gReads.set(gRead, t * stack.width));
  stack.pops.set(inputs.pops);
  stack.pushes.set(inputs.pushes);
}

/** Copies the gradient of a stack into lists. */
function gradientIn({ steps, width, gValues, gPops, gPushes }: Arrays): StackGradient {
  const row = (t: number) => [...gValues.subarray(t * width, (t + 1) * width)];
  const rows = Array.from({ length: steps }, (_, t) => row(t));
  return { gValues: rows, gPops: [...gPops], gPushes: [...gPushes] };
}

/** Sums the bytes of all typed arrays of a stack. */
function bytesOf(stack: object): number {
  return Object.values(stack).reduce(
    (sum, field) => sum + (ArrayBuffer.isView(field) ? field.byteLength : 0),
    0,
  );
}

function prepareFlat(exercise: StackSequence): PreparedStack {
  const T = exercise.inputs.values.length, M = exercise.inputs.values[0].length;
  const stack = createFlatStack(T, M);
  fillInputs(stack, exercise);
  return {
    run() {
      for (let t = 0; t < T; t++) stepFlatStack(stack, t);
      clearFlatStackGradient(stack);
      for (let t = T - 1; t >= 0; t--) flatStackStepBackward(stack, t, "exact");
    },
    gradient: () => gradientIn(stack),
    rows: () => countVisitedRows(stack.strengths, T),
    bytes: bytesOf(stack),
  };
}

/** Counts the visited rows: pops visit every row, reads stop once they have gathered one unit. */
function countVisitedRows(strengths: Float64Array, T: number): number {
  let rows = 0;
  for (let t = 0; t < T; t++) {
    rows += t;
    for (let i = t, above = 0; i >= 0 && above < 1; i--, rows++) above += strengths[t * T + i];
  }
  return rows;
}

function prepareSparse(exercise: StackSequence): PreparedStack {
  const T = exercise.inputs.values.length, M = exercise.inputs.values[0].length;
  const stack = createSparseStack(T, M);
  fillInputs(stack, exercise);
  let rows = 0;
  return {
    run() {
      rows = 0;
      for (let t = 0; t < T; t++) rows += stepSparseRows(stack, t) + poppedRows(stack, t);
      clearSparseRowsGradient(stack);
      for (let t = T - 1; t >= 0; t--) sparseRowsStepBackward(stack, t);
    },
    gradient: () => gradientIn(stack),
    rows: () => rows,
    bytes: bytesOf(stack),
  };
}
