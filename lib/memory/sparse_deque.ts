/**
 * The neural deque that visits only the rows it touches: the same strengths, reads and gradients as `deque.ts`, at a cost
 * per step that is the rows touched. How and why is in `sparse_rows.ts`: a deque's first port does everything at the top,
 * its second at the bottom.
 *
 * `T` steps, `M` value width.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (6)–(11).
 *
 * @module
 */
import { checkMatrix, type Matrix } from "@/math/shapes.ts";
import { type BothEnds, checkDequeInputs } from "./deque.ts";
import type { PortGradient, PortInputs } from "./port_inputs.ts";
import { runSparse, runSparseBackward, sparseMemory, type TouchedRows } from "./sparse_memory.ts";
import type { MemoryEnds } from "./sparse_rows.ts";

/** Two ports, the top and the bottom; the top pops first. */
export const DEQUE_ENDS: MemoryEnds = {
  name: "deque",
  ports: [{ pushes: "top", pops: "top" }, { pushes: "bottom", pops: "bottom" }],
};

/** The sparse deque as a memory. */
export const sparseDequeMemory = sparseMemory(DEQUE_ENDS);

/** What a sparse deque did with its inputs. */
export interface SparseDequeTrace extends BothEnds<PortInputs>, TouchedRows {
  /** r_1 … r_T of each end, `T` × `M`. */
  readonly reads: BothEnds<Matrix>;
}

/**
 * Runs a whole sequence through an empty sparse deque: at each step pop the top, pop the bottom, push both, then read both.
 *
 * Source: Grefenstette et al. 2015, equations (6)–(11).
 *
 * @example It reads what the reference reads, and says how many rows that took at both ends together.
 * ```ts
 * import { runDeque } from "@/memory/deque.ts";
 * import { runSparseDeque } from "@/memory/sparse_deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = {
 *   top: { values: [[1], [2]], pops: [0, 0.5], pushes: [1, 1] },
 *   bottom: { values: [[3], [4]], pops: [0, 1], pushes: [1, 0.5] },
 * };
 * const { reads, popTouched, readTouched } = runSparseDeque(inputs);
 * assertEquals(reads, runDeque(inputs).reads);
 * assertEquals([popTouched, readTouched], [[0, 2], [2, 3]]);
 * ```
 * @param inputs v, u and d of both ends at each of `T` steps.
 * @returns The inputs, each step's reads, and how many rows they took.
 * @throws {TypeError} If values, pops and pushes of both ends are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseDeque({ top, bottom }: BothEnds<PortInputs>): SparseDequeTrace {
  checkDequeInputs("run the deque", { top, bottom });
  const { reads, popTouched, readTouched } = runSparse(DEQUE_ENDS, [top, bottom]);
  return { top, bottom, reads: { top: reads[0], bottom: reads[1] }, popTouched, readTouched };
}

/**
 * Reverses {@linkcode runSparseDeque}: from ∂L/∂r_t of both ends at every step to the gradients of all that went in.
 *
 * Source: Grefenstette et al. 2015, Appendix A, for the deque's two pops and two reads.
 *
 * @example The same gradient as the reference's.
 * ```ts
 * import { runDeque, runDequeBackward } from "@/memory/deque.ts";
 * import { runSparseDequeBackward } from "@/memory/sparse_deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = {
 *   top: { values: [[1], [2]], pops: [0, 0.5], pushes: [1, 0.25] },
 *   bottom: { values: [[3], [4]], pops: [0, 1.25], pushes: [1, 0.5] },
 * };
 * const gReads = { top: [[1], [1]], bottom: [[1], [2]] };
 * assertEquals(
 *   runSparseDequeBackward(inputs, gReads),
 *   runDequeBackward(runDeque(inputs), gReads),
 * );
 * ```
 * @param inputs v, u and d of both ends at each of `T` steps, as given to {@linkcode runSparseDeque}, or its trace.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T of each end, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step, for each end.
 * @throws {TypeError} If values, pops, pushes and `gReads` of both ends are not equally many, or not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparseDequeBackward(
  { top, bottom }: BothEnds<PortInputs>,
  gReads: BothEnds<Matrix>,
): BothEnds<PortGradient> {
  const action = "reverse the deque", T = top.values.length, M = top.values[0]?.length;
  checkDequeInputs(action, { top, bottom });
  for (const end of ["top", "bottom"] as const) {
    checkMatrix(action, `gradients of the ${end}'s reads`, gReads[end], T, M);
  }
  const gReadsByPort = [gReads.top, gReads.bottom];
  const [gTop, gBottom] = runSparseBackward(DEQUE_ENDS, [top, bottom], gReadsByPort);
  return { top: gTop, bottom: gBottom };
}
