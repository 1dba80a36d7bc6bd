/**
 * Sparse rows as a {@linkcode Memory}, and whole sequences through them: what the sparse stack, queue and deque share.
 *
 * `T` steps, `P` ports, `M` value width.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import type { Memory } from "./memory.ts";
import { checkPortInputs, type PortGradient, type PortInputs } from "./port_inputs.ts";
import {
  clearSparseRowsGradient,
  createSparseRows,
  type MemoryEnds,
  poppedRows,
  type SparseRows,
  sparseRowsStepBackward,
  stepSparseRows,
} from "./sparse_rows.ts";

/** Sparse rows and how many steps they have been taken through; every step changes the rows themselves. */
export interface SparseState {
  readonly rows: SparseRows;
  /** Steps taken up to here. */
  readonly time: number;
}

/**
 * Makes a {@linkcode Memory} of sparse rows: the same reads and gradients as the literal memory, save for rounding, in time
 * and memory linear in the steps.
 *
 * @example The same read as the literal queue's.
 * ```ts
 * import { sparseMemory } from "@/memory/sparse_memory.ts";
 * import { queueMemory } from "@/memory/queue.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = [{ value: [2], pop: 0, push: 0.75 }], sparse = sparseMemory(QUEUE_ENDS);
 * assertEquals(
 *   sparse.step(sparse.start(1, 1), controls).reads,
 *   queueMemory.step(queueMemory.start(1, 1), controls).reads,
 * );
 * ```
 * @param ends The memory's name and the ends of its ports.
 * @returns The memory. It does not keep the strengths of every step.
 */
export function sparseMemory(ends: MemoryEnds): Memory<SparseState, null> {
  return {
    ports: ends.ports.length === 1 ? 1 : 2,
    start: (width, steps) => ({ rows: createSparseRows(ends, steps, width), time: 0 }),
    step({ rows, time: t }, controls) {
      controls.forEach(({ value, pop, push }, p) => {
        const now = p * rows.steps + t;
        rows.values.set(value, now * rows.width);
        rows.pops[now] = pop;
        rows.pushes[now] = push;
      });
      stepSparseRows(rows, t);
      const reads = controls.map((_, p) => vectorAt(rows.reads, rows, p, t));
      return { state: { rows, time: t + 1 }, reads };
    },
    strengths: () => [],
    startBackward({ rows, time }) {
      // An earlier way back has left the memory empty: its inputs are still there.
      for (let t = rows.time; t < time; t++) stepSparseRows(rows, t);
      clearSparseRowsGradient(rows);
      return null;
    },
    backward({ before: { rows, time: t } }, _gNext, gReads) {
      gReads.forEach((gRead, p) => rows.gReads.set(gRead, (p * rows.steps + t) * rows.width));
      sparseRowsStepBackward(rows, t);
      const gControls = gReads.map((_, p) => {
        const now = p * rows.steps + t, gValue = vectorAt(rows.gValues, rows, p, t);
        return { gValue, gPop: rows.gPops[now], gPush: rows.gPushes[now] };
      });
      return { gState: null, gControls };
    },
  };
}

/** What step t of port p has in a `P` × `T` × `M` array. */
function vectorAt(
  numbers: Float64Array,
  { steps, width }: SparseRows,
  p: number,
  t: number,
): Vector {
  const at = (p * steps + t) * width;
  return [...numbers.subarray(at, at + width)];
}

function matrixAt(numbers: Float64Array, rows: SparseRows, p: number): Matrix {
  return Array.from({ length: rows.steps }, (_, t) => vectorAt(numbers, rows, p, t));
}

/** How many rows each step of a sequence touched. */
export interface TouchedRows {
  /** How many rows the pops removed or cut, `T`. */
  readonly popTouched: Vector;
  /** How many rows the reads went through, `T`. */
  readonly readTouched: Vector;
}

/** Sequences of all ports, run through sparse rows. */
export interface SparseRun extends TouchedRows {
  /** The rows after the last step; undefined if there is no step. */
  readonly rows?: SparseRows;
  /** r_1 … r_T of each port, `P` × `T` × `M`. */
  readonly reads: Matrix[];
}

/**
 * Runs whole sequences through empty sparse rows: at each step pop, push, then read.
 *
 * @example A queue of one step.
 * ```ts
 * import { runSparse } from "@/memory/sparse_memory.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { reads, readTouched } = runSparse(QUEUE_ENDS, [{ values: [[2]], pops: [0], pushes: [1] }]);
 * assertEquals([reads, readTouched], [[[[2]]], [1]]);
 * ```
 * @param ends The memory's name and the ends of its ports.
 * @param ports The inputs of each port, checked before.
 * @returns The reads, and how many rows it took.
 * @throws {RangeError} If the values are 0 wide.
 */
export function runSparse(ends: MemoryEnds, ports: readonly PortInputs[]): SparseRun {
  const T = ports[0].values.length, popTouched: Vector = [], readTouched: Vector = [];
  if (T === 0) return { reads: ports.map(() => []), popTouched, readTouched };
  const rows = createSparseRows(ends, T, ports[0].values[0].length);
  ports.forEach(({ values, pops, pushes }, p) => {
    values.forEach((value, t) => rows.values.set(value, (p * T + t) * rows.width));
    rows.pops.set(pops, p * T);
    rows.pushes.set(pushes, p * T);
  });
  for (let t = 0; t < T; t++) {
    readTouched.push(stepSparseRows(rows, t));
    popTouched.push(ports.reduce((touched, _, p) => touched + poppedRows(rows, p * T + t), 0));
  }
  return {
    rows,
    reads: ports.map((_, p) => matrixAt(rows.reads, rows, p)),
    popTouched,
    readTouched,
  };
}

/**
 * Reverses {@linkcode runSparse}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * The way back undoes the way forward in place, so the sequence is run again first.
 *
 * @example A queue of one step.
 * ```ts
 * import { runSparseBackward } from "@/memory/sparse_memory.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const inputs = [{ values: [[2]], pops: [0], pushes: [0.5] }];
 * const [gradient] = runSparseBackward(QUEUE_ENDS, inputs, [[[1]]]);
 * assertEquals(gradient, { gValues: [[0.5]], gPops: [0], gPushes: [2] });
 * ```
 * @param ends The memory's name and the ends of its ports.
 * @param ports The inputs of each port, checked before.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T of each port, `P` × `T` × `M`, checked before.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step, for each port.
 * @throws {RangeError} If the values are 0 wide.
 */
export function runSparseBackward(
  ends: MemoryEnds,
  ports: readonly PortInputs[],
  gReads: readonly Matrix[],
): PortGradient[] {
  const { rows } = runSparse(ends, ports);
  if (rows === undefined) return ports.map(() => ({ gValues: [], gPops: [], gPushes: [] }));
  const T = rows.steps;
  gReads.forEach((gPort, p) =>
    gPort.forEach((gRead, t) => rows.gReads.set(gRead, (p * T + t) * rows.width))
  );
  for (let t = T - 1; t >= 0; t--) sparseRowsStepBackward(rows, t);
  const part = (numbers: Float64Array, p: number) => [...numbers.subarray(p * T, (p + 1) * T)];
  return ports.map((_, p) => ({
    gValues: matrixAt(rows.gValues, rows, p),
    gPops: part(rows.gPops, p),
    gPushes: part(rows.gPushes, p),
  }));
}

/** What a sparse memory of one port did with its inputs. */
export interface SparseTrace extends PortInputs, TouchedRows {
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
}

/**
 * Checks the inputs of a memory of one port, and runs them.
 *
 * @param ends The memory's name and the ends of its port.
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, each step's read, and how many rows it took.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparsePort(ends: MemoryEnds, inputs: PortInputs): SparseTrace {
  checkPortInputs(`run the ${ends.name}`, inputs);
  const { values, pops, pushes } = inputs;
  const { reads: [reads], popTouched, readTouched } = runSparse(ends, [inputs]);
  return { values, pops, pushes, reads, popTouched, readTouched };
}

/**
 * Checks the inputs of a memory of one port and the gradients of its reads, and reverses {@linkcode runSparsePort}.
 *
 * @param ends The memory's name and the ends of its port.
 * @param inputs v, u and d at each of `T` steps.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If values, pops, pushes and `gReads` are not equally many, or not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, a pop or push negative, or the values 0 wide.
 */
export function runSparsePortBackward(
  ends: MemoryEnds,
  inputs: PortInputs,
  gReads: Matrix,
): PortGradient {
  const action = `reverse the ${ends.name}`, { values } = inputs;
  checkPortInputs(action, inputs);
  checkMatrix(action, "gradients of the reads", gReads, values.length, values[0]?.length);
  return runSparseBackward(ends, [inputs], [gReads])[0];
}
