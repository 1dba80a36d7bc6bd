/**
 * The sparse stack over a whole sequence, with the inputs and outputs of the literal reference
 * (`runStack`, `runStackBackward`), and its strengths in full, for comparing the two.
 *
 * `T` steps, `M` value width.
 *
 * @module
 */
import { checkMatrix, checkNonNegative, type Matrix, type Vector } from "@/math/shapes.ts";
import { createSparseStack, type SparseStack, stepSparseStack } from "./sparse_stack.ts";
import { reverseSparseStackStep } from "./sparse_stack_gradient.ts";
import type { StackInputs } from "./stack.ts";
import type { StackGradient } from "./stack_gradient.ts";

/** What a sparse stack did with its inputs. */
export interface SparseStackTrace extends StackInputs {
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
  /** How many rows each pop removed or cut, `T`. */
  readonly popTouched: Vector;
  /** How many rows each read went through, `T`. */
  readonly readTouched: Vector;
}

function rowsOf(numbers: Float64Array, width: number): Matrix {
  return Array.from(
    { length: numbers.length / width },
    (_, t) => [...numbers.subarray(t * width, (t + 1) * width)],
  );
}

/** A stack of just the right size that has been through all of `inputs`. */
function steppedStack({ values, pops, pushes }: StackInputs): SparseStack {
  const stack = createSparseStack(values.length, values[0].length);
  stack.pops.set(pops);
  stack.pushes.set(pushes);
  for (let t = 0; t < values.length; t++) {
    stack.values.set(values[t], t * stack.width);
    stepSparseStack(stack, t);
  }
  return stack;
}

function checkInputs(action: string, { values, pops, pushes }: StackInputs): void {
  checkMatrix(action, "values", values);
  checkNonNegative(action, "pops (one for each value)", pops, values.length);
  checkNonNegative(action, "pushes (one for each value)", pushes, values.length);
}

/**
 * Runs a whole sequence through an empty sparse stack: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1)–(3), Figure 1(a).
 *
 * @example It reads what the reference reads, and says how many rows that took.
 * ```ts
 * import { runSparseStack } from "@/memory/sparse_sequence.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[1], [2], [0]], pops: [0, 0, 1], pushes: [1, 1, 0] };
 * const { reads, popTouched, readTouched } = runSparseStack(inputs);
 * assertEquals(reads, runStack(inputs).reads);
 * assertEquals(popTouched, [0, 0, 1]);
 * assertEquals(readTouched, [1, 1, 2]); // the last step's own row has no strength: it reads on
 * ```
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, each step's read, and how many rows it took.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseStack(inputs: StackInputs): SparseStackTrace {
  checkInputs("run the stack", inputs);
  const { values, pops, pushes } = inputs;
  if (values.length === 0) {
    return { values, pops, pushes, reads: [], popTouched: [], readTouched: [] };
  }
  const stack = steppedStack(inputs);
  const [popTouched, readTouched] = [[...stack.popTouched], [...stack.readTouched]];
  return { values, pops, pushes, reads: rowsOf(stack.reads, stack.width), popTouched, readTouched };
}

/**
 * Reverses {@linkcode runSparseStack}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * The way back undoes the way forward in place, so the sequence is run again first.
 *
 * Source: Grefenstette et al. 2015, Appendix A.
 *
 * @example The same gradient as the reference's.
 * ```ts
 * import { runSparseStackBackward } from "@/memory/sparse_sequence.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { runStackBackward } from "@/memory/stack_gradient.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[2], [4]], pops: [0, 0.25], pushes: [0.75, 0.25] };
 * const gradient = runSparseStackBackward(inputs, [[0], [1]]);
 * assertEquals(gradient, runStackBackward(runStack(inputs), [[0], [1]]));
 * assertEquals(gradient.gPops, [0, -2]);
 * ```
 * @param inputs v, u and d at each of `T` steps, as given to {@linkcode runSparseStack}, or its trace.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If values, pops, pushes and `gReads` are not equally many, or not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseStackBackward(inputs: StackInputs, gReads: Matrix): StackGradient {
  const action = "reverse the stack", { values } = inputs;
  checkInputs(action, inputs);
  checkMatrix(action, "gradients of the reads", gReads, values.length, values[0]?.length);
  if (values.length === 0) return { gValues: [], gPops: [], gPushes: [] };
  const stack = steppedStack(inputs);
  for (let t = values.length - 1; t >= 0; t--) {
    stack.gReads.set(gReads[t], t * stack.width);
    reverseSparseStackStep(stack, t);
  }
  const { gPops, gPushes } = stack;
  return { gValues: rowsOf(stack.gValues, stack.width), gPops: [...gPops], gPushes: [...gPushes] };
}

/**
 * Writes out s_t of equation (2) in full, rows that are removed as 0: a look from outside, which
 * visits all rows and makes a new list.
 *
 * @example The pop of .75 removed row 1 and cut row 0.
 * ```ts
 * import { sparseStrengths } from "@/memory/sparse_sequence.ts";
 * import { createSparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(3, 1);
 * stack.pops.set([0, 0, 0.75]);
 * stack.pushes.set([1, 0.5, 0.25]);
 * for (let t = 0; t < 3; t++) stepSparseStack(stack, t);
 * assertEquals(sparseStrengths(stack), [0.75, 0, 0.25]);
 * ```
 * @param stack A stack after any number of steps.
 * @returns s_t, t strengths, where t steps were taken last.
 */
export function sparseStrengths(stack: SparseStack): Vector {
  const s: Vector = new Array(stack.time).fill(0);
  for (let k = stack.time - 1; k >= 0; k = stack.below[k]) s[k] = stack.strengths[k];
  return s;
}
