/**
 * The neural queue that visits only the rows it touches: the same strengths, reads and gradients as `queue.ts`, at a cost
 * per step that is the rows touched. How and why is in `sparse_rows.ts`: a queue pushes at the top, and pops and reads at
 * the bottom.
 *
 * `T` steps, `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1), (4) and (5).
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
import type { MemoryEnds } from "./sparse_rows.ts";

/** One port, which pushes at the top, and pops and reads at the bottom. */
export const QUEUE_ENDS: MemoryEnds = { name: "queue", ports: [{ pushes: "top", pops: "bottom" }] };

/** The sparse queue as a memory. */
export const sparseQueueMemory = sparseMemory(QUEUE_ENDS);

/**
 * Runs a whole sequence through an empty sparse queue: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1), (4) and (5).
 *
 * @example It reads what the reference reads, and says how many rows that took.
 * ```ts
 * import { runQueue } from "@/memory/queue.ts";
 * import { runSparseQueue } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[1], [2], [3]], pops: [0, 0, 0.5], pushes: [1, 1, 1] };
 * const { reads, popTouched, readTouched } = runSparseQueue(inputs);
 * assertEquals(reads, runQueue(inputs).reads);
 * assertEquals([popTouched, readTouched], [[0, 0, 1], [1, 1, 2]]);
 * ```
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, each step's read, and how many rows it took.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseQueue(inputs: PortInputs): SparseTrace {
  return runSparsePort(QUEUE_ENDS, inputs);
}

/**
 * Reverses {@linkcode runSparseQueue}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * Source: Grefenstette et al. 2015, Appendix A, for the queue's sums.
 *
 * @example The same gradient as the reference's.
 * ```ts
 * import { runQueue, runQueueBackward } from "@/memory/queue.ts";
 * import { runSparseQueueBackward } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = { values: [[2], [4]], pops: [0, 0.25], pushes: [0.75, 0.75] };
 * const gradient = runSparseQueueBackward(inputs, [[0], [1]]);
 * assertEquals(gradient, runQueueBackward(runQueue(inputs), [[0], [1]]));
 * assertEquals(gradient.gPops, [0, 4 - 2]);
 * ```
 * @param inputs v, u and d at each of `T` steps, as given to {@linkcode runSparseQueue}, or its trace.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If values, pops, pushes and `gReads` are not equally many, or not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseQueueBackward(inputs: PortInputs, gReads: Matrix): PortGradient {
  return runSparsePortBackward(QUEUE_ENDS, inputs, gReads);
}
