/**
 * The neural queue, one sequence at a time, as its equations are printed, with its hand-written adjoint.
 *
 * It pushes as the stack does, at the top, after the rows that are there. It pops and reads at the bottom, its front. So
 * the inner sums, which in the stack run over the rows above, run over the rows below.
 *
 * | paper | here        | shape        |                                                     |
 * | ----- | ----------- | ------------ | --------------------------------------------------- |
 * | V_t   | `values`    | t × M        | every value pushed so far, oldest at row 0          |
 * | s_t   | `strengths` | t            | how much of each row is still there                 |
 * | u_t   | `pop`       | number       | how much strength to take off, from the front on    |
 * | d_t   | `push`      | number       | the strength with which the new value goes on       |
 * | v_t   | `value`     | M            | the new value                                       |
 * | r_t   | `read`      | M            | the foremost unit of strength, as a weighted sum    |
 *
 * **Gradients.** A pop has one wherever it ends inside a row, unless the read begins and ends in that row too. A push and
 * a value have none until their row comes within one unit of the front.
 *
 * **Ties** as in `ends.ts`. One of them shows only where a push goes on at one end and a read is of the other, as here: a
 * push of exactly 0 into a full queue. Its row is not read, yet min(s, room) = min(0, 0) belongs to s, so its own step's read
 * passes g · v_t to d_t.
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.2, equations (1), (4) and (5).
 *
 * @module
 */
import type { Matrix } from "@/math/shapes.ts";
import {
  addRows,
  popAt,
  popAtBackward,
  readAt,
  readAtBackward,
  type Rows,
  zeroRows,
} from "./ends.ts";
import type { Memory } from "./memory.ts";
import {
  type PortGradient,
  type PortInputs,
  type PortTrace,
  runPort,
  runPortBackward,
} from "./port_inputs.ts";

/**
 * The literal queue as a {@linkcode Memory}: every row at every step, as the equations are printed.
 *
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{j<i} s_{t−1}[j])) for i < t, s_t[t] = d_t
 *
 * r_t = Σ_i min(s_t[i], max(0, 1 − Σ_{j<i} s_t[j])) V_t[i]
 *
 * Source: Grefenstette et al. 2015, equations (1), (4) and (5).
 *
 * @example The second step reads three quarters of the first value and a quarter of the second.
 * ```ts
 * import { queueMemory } from "@/memory/queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const one = queueMemory.step(queueMemory.start(1, 2), [{ value: [2], pop: 0, push: 0.75 }]).state;
 * const controls = [{ value: [4], pop: 0, push: 0.5 }];
 * const { state, reads } = queueMemory.step(one, controls);
 * assertEquals(reads, [[2.5]]);
 * const back = queueMemory.backward(
 *   { before: one, controls, after: state },
 *   queueMemory.startBackward(state),
 *   [[1]],
 * );
 * assertEquals(back.gControls, [{ gValue: [0.25], gPop: 0, gPush: 0 }]);
 * assertEquals(back.gState, { values: [[0.75]], strengths: [2 - 4] });
 * ```
 */
export const queueMemory: Memory<Rows, Rows> = {
  ports: 1,
  start: () => ({ values: [], strengths: [] }),
  step({ values: VPrev, strengths: sPrev }, [{ value, pop, push }]) {
    const V = [...VPrev, value], s = [...popAt(sPrev, pop, "bottom"), push];
    const state = { values: V, strengths: s };
    return { state, reads: [readAt(state, "bottom")] };
  },
  strengths: ({ strengths }) => strengths,
  startBackward: zeroRows,
  backward({ before, controls: [{ pop }], after }, gNext, [gRead]) {
    const { values: gV, strengths: gS } = addRows(gNext, readAtBackward(after, gRead, "bottom"));
    const last = gS.length - 1, gOld = gS.slice(0, last); // the last row is the one that was pushed
    const { gStrengths, gPop } = popAtBackward(before.strengths, pop, gOld, "bottom");
    return {
      gState: { values: gV.slice(0, last), strengths: gStrengths },
      gControls: [{ gValue: gV[last], gPop, gPush: gS[last] }],
    };
  },
};

/**
 * Runs a whole sequence through an empty queue: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1), (4) and (5).
 *
 * @example Push two values whole, then pop one whole: the second is in front.
 * ```ts
 * import { runQueue } from "@/memory/queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { reads, strengths } = runQueue({
 *   values: [[1], [2], [0]],
 *   pops: [0, 0, 1],
 *   pushes: [1, 1, 0],
 * });
 * assertEquals(reads, [[1], [1], [2]]);
 * assertEquals(strengths, [[1], [1, 1], [0, 1, 0]]);
 * ```
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, the strengths after each step, and each step's read.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function runQueue(inputs: PortInputs): PortTrace {
  return runPort("queue", queueMemory, inputs);
}

/**
 * Reverses {@linkcode runQueue}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * Source: Grefenstette et al. 2015, Appendix A, for the queue's sums.
 *
 * @example Only the last read matters; a little more of the first value leaves less room for the second.
 * ```ts
 * import { runQueue, runQueueBackward } from "@/memory/queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runQueue({ values: [[2], [4]], pops: [0, 0.25], pushes: [0.75, 0.75] });
 * const { gValues, gPops, gPushes } = runQueueBackward(trace, [[0], [1]]);
 * assertEquals(gValues, [[0.5], [0.5]]);
 * assertEquals(gPops, [0, 4 - 2]);
 * assertEquals(gPushes, [2 - 4, 0]);
 * ```
 * @param trace What {@linkcode runQueue} returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If `gReads` has not the shape of `trace.reads`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function runQueueBackward(trace: PortTrace, gReads: Matrix): PortGradient {
  return runPortBackward("queue", queueMemory, trace, gReads);
}
