/**
 * The neural deque, one sequence at a time, as its equations are printed, with its hand-written adjoint: a line of rows
 * that pushes, pops and reads at both ends.
 *
 * Each step pops the top, then pops the bottom, then pushes at both ends, then reads both ends. So t steps leave 2t rows:
 * row 0 is the bottom's last push, row 2t − 1 the top's.
 *
 * | paper                  | here                        |                                              |
 * | ---------------------- | --------------------------- | -------------------------------------------- |
 * | V_t                    | `values`, 2t × M            | every value pushed so far                    |
 * | s_t                    | `strengths`, 2t             | how much of each row is still there          |
 * | u^top_t, u^bot_t       | `top.pop`, `bottom.pop`     | how much to take off at each end, top first  |
 * | d^top_t, d^bot_t       | `top.push`, `bottom.push`   | the strengths of the two new rows            |
 * | v^top_t, v^bot_t       | `top.value`, `bottom.value` | their values                                 |
 * | r^top_t, r^bot_t       | `reads`                     | the unit of strength at each end             |
 *
 * **A misprint.** The index range that is printed for the strengths leaves out the top row. All 2(t − 1) rows of the step
 * before are popped here.
 *
 * The two pops take from the two ends of what is there, so their order makes no difference to the strengths. It does to one
 * of the ties.
 *
 * **Ties** as in `ends.ts`. A row of strength 0 at the top gets a gradient where the top's pop ends below it, as in the
 * stack; one at the bottom gets none, as the top's pop comes first and leaves max(0, 0), which belongs to the 0. A push of
 * exactly 0 at one end gets g · v_t from its own step's read of the other end, as in the queue.
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.3, equations (6)–(11), its misprint corrected.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import {
  addRows,
  popAt,
  popAtBackward,
  readAt,
  readAtBackward,
  type Rows,
  zeroRows,
} from "./ends.ts";
import { type Memory, runMemory, runMemoryBackward } from "./memory.ts";
import {
  checkPortInputs,
  controlsByStep,
  gradientOfPort,
  type PortGradient,
  type PortInputs,
} from "./port_inputs.ts";

/** One thing for each end of a deque. */
export interface BothEnds<T> {
  readonly top: T;
  readonly bottom: T;
}

/** What a deque did with its inputs. */
export interface DequeTrace extends BothEnds<PortInputs> {
  /** s_1 … s_T, bottom row first; `strengths[t]` has 2 (t + 1) entries. */
  readonly strengths: Vector[];
  /** r_1 … r_T of each end, `T` × `M`. */
  readonly reads: BothEnds<Matrix>;
}

/**
 * The literal deque as a {@linkcode Memory} of two ports, the top and the bottom: every row at every step, as the equations
 * are printed.
 *
 * s^top[i] = max(0, s_{t−1}[i] − max(0, u^top_t − Σ_{j>i} s_{t−1}[j]))
 *
 * s^both[i] = max(0, s^top[i] − max(0, u^bot_t − Σ_{j<i} s^top[j]))
 *
 * s_t = (d^bot_t, s^both, d^top_t), and V_t likewise; the reads are the stack's (3) at the top, the queue's (5) at the bottom
 *
 * Source: Grefenstette et al. 2015, equations (6)–(11).
 *
 * @example One step leaves two rows; each read takes its own row first.
 * ```ts
 * import { dequeMemory } from "@/memory/deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const controls = [{ value: [8], pop: 0, push: 0.75 }, { value: [4], pop: 0, push: 1 }];
 * const before = dequeMemory.start(1, 1), { state, reads } = dequeMemory.step(before, controls);
 * assertEquals(state, { values: [[4], [8]], strengths: [1, 0.75] });
 * assertEquals(reads, [[0.75 * 8 + 0.25 * 4], [4]]);
 * ```
 */
export const dequeMemory: Memory<Rows, Rows> = {
  ports: 2,
  start: () => ({ values: [], strengths: [] }),
  step({ values: VPrev, strengths: sPrev }, [top, bottom]) {
    const sTop = popAt(sPrev, top.pop, "top"), sBoth = popAt(sTop, bottom.pop, "bottom");
    const state = {
      values: [bottom.value, ...VPrev, top.value],
      strengths: [bottom.push, ...sBoth, top.push],
    };
    return { state, reads: [readAt(state, "top"), readAt(state, "bottom")] };
  },
  strengths: ({ strengths }) => strengths,
  startBackward: zeroRows,
  backward(
    { before: { strengths: sPrev }, controls: [top, bottom], after },
    gNext,
    [gTop, gBottom],
  ) {
    const [fromTop, fromBottom] = [
      readAtBackward(after, gTop, "top"),
      readAtBackward(after, gBottom, "bottom"),
    ];
    const { values: gV, strengths: gS } = addRows(gNext, addRows(fromTop, fromBottom));
    const last = gS.length - 1, gBoth = gS.slice(1, last);
    // s^both from s^top, then s^top from s_{t−1}
    const ofBottom = popAtBackward(popAt(sPrev, top.pop, "top"), bottom.pop, gBoth, "bottom");
    const ofTop = popAtBackward(sPrev, top.pop, ofBottom.gStrengths, "top");
    return {
      gState: { values: gV.slice(1, last), strengths: ofTop.gStrengths },
      gControls: [
        { gValue: gV[last], gPop: ofTop.gPop, gPush: gS[last] },
        { gValue: gV[0], gPop: ofBottom.gPop, gPush: gS[0] },
      ],
    };
  },
};

/**
 * Runs a whole sequence through an empty deque: at each step pop the top, pop the bottom, push both, then read both.
 *
 * Source: Grefenstette et al. 2015, equations (6)–(11).
 *
 * @example Two values go on at the top; the older one is taken off at the bottom.
 * ```ts
 * import { runDeque } from "@/memory/deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { reads, strengths } = runDeque({
 *   top: { values: [[1], [2], [0]], pops: [0, 0, 0], pushes: [1, 1, 0] },
 *   bottom: { values: [[0], [0], [0]], pops: [0, 0, 1], pushes: [0, 0, 0] },
 * });
 * assertEquals(reads.top, [[1], [2], [2]]);
 * assertEquals(reads.bottom, [[1], [1], [2]]);
 * assertEquals(strengths[2], [0, 0, 0, 0, 1, 0]); // the tops' are the last three
 * ```
 * @param inputs v, u and d of both ends at each of `T` steps.
 * @returns The inputs, the strengths after each step, and each step's reads.
 * @throws {TypeError} If values, pops and pushes of both ends are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function runDeque({ top, bottom }: BothEnds<PortInputs>): DequeTrace {
  checkDequeInputs("run the deque", { top, bottom });
  const trace = runMemory(dequeMemory, controlsByStep([top, bottom]));
  const strengths = trace.states.slice(1).map((state) => state.strengths);
  const [topReads, bottomReads] = [0, 1].map((port) => trace.reads.map((reads) => reads[port]));
  return { top, bottom, strengths, reads: { top: topReads, bottom: bottomReads } };
}

/**
 * Checks the inputs of both ends of a deque.
 *
 * @param action The action that fails, as in "Cannot <action>".
 * @param inputs v, u and d of both ends.
 * @throws {TypeError} If values, pops and pushes of both ends are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function checkDequeInputs(action: string, { top, bottom }: BothEnds<PortInputs>): void {
  checkPortInputs(action, top, " at the top");
  checkPortInputs(action, bottom, " at the bottom");
  const { values } = top;
  checkMatrix(action, "values at the bottom", bottom.values, values.length, values[0]?.length);
}

/**
 * Reverses {@linkcode runDeque}: from ∂L/∂r_t of both ends at every step to the gradients of all that went in.
 *
 * Source: Grefenstette et al. 2015, Appendix A, for the deque's two pops and two reads.
 *
 * @example The bottom's last read is of the value that the top pushed first.
 * ```ts
 * import { runDeque, runDequeBackward } from "@/memory/deque.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runDeque({
 *   top: { values: [[1], [2]], pops: [0, 0], pushes: [0.5, 1] },
 *   bottom: { values: [[0], [0]], pops: [0, 0], pushes: [0, 0] },
 * });
 * const { top } = runDequeBackward(trace, { top: [[0], [0]], bottom: [[0], [1]] });
 * assertEquals(top.gValues, [[0.5], [0.5]]);
 * assertEquals(top.gPushes, [1 - 2, 0]);
 * ```
 * @param trace What {@linkcode runDeque} returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T of each end, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step, for each end.
 * @throws {TypeError} If `gReads` has not the shape of `trace.reads`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function runDequeBackward(
  { top, bottom, strengths, reads }: DequeTrace,
  gReads: BothEnds<Matrix>,
): BothEnds<PortGradient> {
  const T = strengths.length, M = reads.top[0]?.length;
  for (const end of ["top", "bottom"] as const) {
    checkMatrix("reverse the deque", `gradients of the ${end}'s reads`, gReads[end], T, M);
  }
  const rows = strengths.map((s, t) => ({
    values: [...bottom.values.slice(0, t + 1).toReversed(), ...top.values.slice(0, t + 1)],
    strengths: s,
  }));
  const gControls = runMemoryBackward(
    dequeMemory,
    {
      controls: controlsByStep([top, bottom]),
      states: [{ values: [], strengths: [] }, ...rows],
      reads: reads.top.map((read, t) => [read, reads.bottom[t]]),
    },
    gReads.top.map((gRead, t) => [gRead, gReads.bottom[t]]),
  );
  return { top: gradientOfPort(gControls, 0), bottom: gradientOfPort(gControls, 1) };
}
