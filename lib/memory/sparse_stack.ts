/**
 * The neural stack that visits only the rows it touches: the same strengths, reads and gradients as `stack.ts`, at a cost
 * per step that is the rows touched. How and why is in `sparse_rows.ts`: a stack is the case in which pushes, pops and
 * reads are all at the top.
 *
 * `T` steps, `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3).
 *
 * @module
 */
import type { Matrix } from "@/math/shapes.ts";
import type { PortGradient, PortInputs } from "./port_inputs.ts";
import {
  runSparsePort,
  runSparsePortBackward,
  sparseMemory,
  type SparseTrace,
} from "./sparse_memory.ts";
import { createSparseRows, type MemoryEnds, type SparseRows } from "./sparse_rows.ts";

/** One port, all of it at the top. */
export const STACK_ENDS: MemoryEnds = { name: "stack", ports: [{ pushes: "top", pops: "top" }] };

/** The sparse stack as a memory. */
export const sparseStackMemory = sparseMemory(STACK_ENDS);

/**
 * Makes an empty sparse stack, for steps that are taken one by one.
 *
 * @example The pop of .75 removes row 1 and cuts row 0.
 * ```ts
 * import { poppedRows, stepSparseRows } from "@/memory/sparse_rows.ts";
 * import { createSparseStack } from "@/memory/sparse_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSparseStack(3, 1);
 * stack.pops.set([0, 0, 0.75]);
 * stack.pushes.set([1, 0.5, 0.25]);
 * for (let t = 0; t < 3; t++) stepSparseRows(stack, t);
 * assertEquals(poppedRows(stack, 2), 2);
 * assertEquals([...stack.line.subarray(stack.head, stack.tail)], [0, 2]);
 * assertEquals([...stack.strengths], [0.75, 0.5, 0.25]); // row 1's when it was removed
 * ```
 * @param steps `T`, a whole number of at least 1.
 * @param width `M`, a whole number of at least 1.
 * @returns The stack.
 * @throws {RangeError} If `steps` or `width` is not a whole number of at least 1.
 */
export function createSparseStack(steps: number, width: number): SparseRows {
  return createSparseRows(STACK_ENDS, steps, width);
}

/**
 * Runs a whole sequence through an empty sparse stack: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1)–(3), Figure 1(a).
 *
 * @example It reads what the reference reads, and says how many rows that took.
 * ```ts
 * import { runSparseStack } from "@/memory/sparse_stack.ts";
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
export function runSparseStack(inputs: PortInputs): SparseTrace {
  return runSparsePort(STACK_ENDS, inputs);
}

/**
 * Reverses {@linkcode runSparseStack}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * Source: Grefenstette et al. 2015, Appendix A.
 *
 * @example The same gradient as the reference's.
 * ```ts
 * import { runSparseStackBackward } from "@/memory/sparse_stack.ts";
 * import { runStack, runStackBackward } from "@/memory/stack.ts";
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
export function runSparseStackBackward(inputs: PortInputs, gReads: Matrix): PortGradient {
  return runSparsePortBackward(STACK_ENDS, inputs, gReads);
}
