/**
 * The neural stack, one sequence at a time, as its equations are printed, each with its hand-written adjoint.
 *
 * u is open at the top (pop), d is closed (push).
 *
 * | paper | here        | shape        |                                                     |
 * | ----- | ----------- | ------------ | --------------------------------------------------- |
 * | V_t   | `values`    | t × M        | every value pushed so far, oldest at row 0          |
 * | s_t   | `strengths` | t            | how much of each row is still there                 |
 * | u_t   | `pop`       | number       | how much strength to take off, from the top down    |
 * | d_t   | `push`      | number       | the strength with which the new value goes on       |
 * | v_t   | `value`     | M            | the new value                                       |
 * | r_t   | `read`      | M            | the topmost unit of strength, as a weighted sum     |
 *
 * `T` steps, `M` value width; t counts steps from 0 in the code, from 1 in the text. No suffix means "at step t", `Prev`
 * means t − 1. A gradient of X is called gX, has X's shape, and is the derivative of the loss.
 *
 * This is the reference: its equations are never optimized, and everything faster is held against it. Inputs are checked
 * once, at the border; inside are the bare equations.
 *
 * **Ties.** max and min have no derivative where their arguments are equal. The rule here is the paper's (its footnote to
 * Appendix A): at a tie, the left argument owns the derivative. So max(0, x) passes nothing at x = 0, and min(s, room)
 * passes all of it to s at s = room. The paper's own formula (18) breaks that rule where the strengths above sum to
 * exactly 1; the rule is kept here.
 *
 * **A misprint.** The appendix prints the derivative of s_t[i] by s_{t−1}[n] for i < n < t. It leaves out n = i in the
 * branch where the pop reaches row i; there it is 1. The right range is i ≤ n < t.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3) and Appendix A, its misprint corrected.
 *
 * @module
 */
import {
  checkMatrix,
  checkNonNegative,
  checkVector,
  type Matrix,
  type Vector,
} from "@/math/shapes.ts";
import {
  addRows,
  popAt,
  popAtBackward,
  readAt,
  readAtBackward,
  readWeightsAt,
  readWeightsAtBackward,
  type Rows,
  sumBeyond,
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
 * Adds up what lies above a row.
 *
 * Σ_{j>i} s[j]
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, inside equations (2) and (3).
 *
 * @example Above the bottom of three rows lie the other two.
 * ```ts
 * import { sumAbove } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sumAbove([0.25, 0.5, 1], 0), 1.5);
 * assertEquals(sumAbove([0.25, 0.5, 1], 2), 0);
 * ```
 * @param strengths Any number of strengths, bottom row first.
 * @param i The row to look up from: a whole number from 0 at the bottom to one less than there are rows.
 * It is not checked, since the stack calls this for every row of every step.
 * @returns The sum, added from row i + 1 upwards.
 */
export function sumAbove(strengths: Vector, i: number): number {
  return sumBeyond(strengths, i, "top");
}

/** What a stack is asked to do over `T` steps. */
export type StackInputs = PortInputs;

/** What a stack did with its inputs. */
export type StackTrace = PortTrace;

/** (1): V_t[i] = V_{t−1}[i] for i < t, V_t[t] = v_t. */
function valuesAfter(VPrev: Matrix, value: Vector): Matrix {
  return [...VPrev, value];
}

/** (2): s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])), s_t[t] = d_t. */
function strengthsAfter(sPrev: Vector, u: number, d: number): Vector {
  return [...popAt(sPrev, u, "top"), d];
}

/**
 * Puts a value on the stack; no value ever leaves, only its strength does.
 *
 * V_t[i] = V_{t−1}[i] for i < t, V_t[t] = v_t
 *
 * Source: Grefenstette et al. 2015, equation (1).
 *
 * @example The new value is the last row.
 * ```ts
 * import { nextValues } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nextValues([[1, 0]], [0, 1]), [[1, 0], [0, 1]]);
 * ```
 * @param VPrev V_{t−1}, (t − 1) × `M`.
 * @param value v_t, `M`.
 * @returns V_t, t × `M`.
 * @throws {TypeError} If `value` is not as wide as the rows of `VPrev`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function nextValues(VPrev: Matrix, value: Vector): Matrix {
  checkMatrix("push a value", "values", VPrev);
  checkVector("push a value", "numbers in the value", value, VPrev[0]?.length);
  return valuesAfter(VPrev, value);
}

/**
 * Pops strength from the top down, then pushes.
 *
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])) for i < t, s_t[t] = d_t
 *
 * Source: Grefenstette et al. 2015, equation (2).
 *
 * @example A pop of 0.9 takes all of the top row's 0.5 and 0.4 of the one below.
 * ```ts
 * import { nextStrengths } from "@/memory/stack.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const s = nextStrengths([0.7, 0.5], 0.9, 0.9);
 * assertAlmostEquals(s[0], 0.3);
 * assertEquals(s.slice(1), [0, 0.9]);
 * ```
 * @param sPrev s_{t−1}, t − 1 strengths.
 * @param pop u_t, at least 0.
 * @param push d_t, at least 0.
 * @returns s_t, t strengths.
 * @throws {RangeError} If a number is NaN, infinite or negative.
 */
export function nextStrengths(sPrev: Vector, pop: number, push: number): Vector {
  checkNonNegative("pop and push", "strengths", sPrev);
  checkNonNegative("pop and push", "pops and pushes", [pop, push]);
  return strengthsAfter(sPrev, pop, push);
}

/**
 * How much of each row lies within one unit of strength from the top.
 *
 * w_t[i] = min(s_t[i], max(0, 1 − Σ_{i<j≤t} s_t[j]))
 *
 * Source: Grefenstette et al. 2015, the factor before V_t[i] in equation (3).
 *
 * @example The top row gives all of its 0.9, the next one the missing 0.1.
 * ```ts
 * import { readWeights } from "@/memory/stack.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const w = readWeights([0.3, 0.9]);
 * assertAlmostEquals(w[0], 0.1);
 * assertAlmostEquals(w[1], 0.9);
 * ```
 * @param strengths s_t, t strengths.
 * @returns w_t, t weights, each at least 0, together at most 1.
 * @throws {RangeError} If a strength is NaN, infinite or negative.
 */
export function readWeights(strengths: Vector): Vector {
  checkNonNegative("read the stack", "strengths", strengths);
  return readWeightsAt(strengths, "top");
}

/**
 * Reads the topmost unit of strength.
 *
 * r_t = Σ_i w_t[i] V_t[i], with the weights of {@linkcode readWeights}
 *
 * Source: Grefenstette et al. 2015, equation (3).
 *
 * @example Half of one value and half of the other.
 * ```ts
 * import { readStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readStack([[4, 0], [0, 2]], [0.75, 0.5]), [2, 1]);
 * ```
 * @param values V_t, t × `M`, at least one row.
 * @param strengths s_t, t strengths.
 * @returns r_t, `M`.
 * @throws {TypeError} If there are not as many strengths as rows, or no row.
 * @throws {RangeError} If a number is NaN or infinite, or a strength negative.
 */
export function readStack(values: Matrix, strengths: Vector): Vector {
  checkMatrix("read the stack", "values", values);
  checkVector("read the stack", "strengths (one for each row of values)", strengths, values.length);
  if (values.length === 0) {
    throw new TypeError("Cannot read the stack: wanted at least 1 row of values, got 0");
  }
  checkNonNegative("read the stack", "strengths", strengths);
  return readAt({ values, strengths }, "top");
}

/** Gradients of the loss with respect to the inputs of one step's read. */
export interface ReadGradient {
  /** ∂L/∂V_t, t × `M`. */
  readonly gValues: Matrix;
  /** ∂L/∂s_t, t. */
  readonly gStrengths: Vector;
}

/** Gradients of the loss with respect to the inputs of one step's strengths. */
export interface StrengthsGradient {
  /** ∂L/∂s_{t−1}, t − 1. */
  readonly gStrengthsPrev: Vector;
  /** ∂L/∂u_t. */
  readonly gPop: number;
  /** ∂L/∂d_t. */
  readonly gPush: number;
}

/** Gradients of the loss with respect to all inputs of a stack over `T` steps. */
export type StackGradient = PortGradient;

/**
 * Reverses {@linkcode readWeights}.
 *
 * With room_i = max(0, 1 − above_i), above_i = Σ_{j>i} s[j] and w_i = min(s_i, room_i):
 * where s_i ≤ room_i, ∂w_i/∂s_i = 1;
 * elsewhere, while above_i < 1, ∂w_i/∂s_j = −1 for every j > i.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the strengths' part of the read's derivative.
 *
 * @example The top row is read whole; the row below fills what the top row leaves.
 * ```ts
 * import { readWeightsBackward } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // w = [1 − s_1, s_1], so w_0 falls as the top strength s_1 grows.
 * assertEquals(readWeightsBackward([0.9, 0.6], [10, 1]), [0, 1 - 10]);
 * ```
 * @param strengths s_t, t strengths.
 * @param gWeights ∂L/∂w_t, t.
 * @returns ∂L/∂s_t, t.
 * @throws {TypeError} If there are not as many gradients as strengths.
 * @throws {RangeError} If a number is NaN or infinite, or a strength negative.
 */
export function readWeightsBackward(strengths: Vector, gWeights: Vector): Vector {
  const action = "reverse the read";
  checkNonNegative(action, "strengths", strengths);
  checkVector(action, "gradients (one for each strength)", gWeights, strengths.length);
  return readWeightsAtBackward(strengths, gWeights, "top");
}

/**
 * Reverses {@linkcode readStack}.
 *
 * r = Σ_i w_i V_i, so ∂L/∂w_i = ∂L/∂r · V_i and ∂L/∂V_i = w_i ∂L/∂r; the rest is
 * {@linkcode readWeightsBackward}.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (3).
 *
 * @example Each value's gradient is the weight with which it was read.
 * ```ts
 * import { readBackward } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { gValues, gStrengths } = readBackward([[2, 0], [0, 4]], [0.75, 0.5], [1, 1]);
 * assertEquals(gValues, [[0.5, 0.5], [0.5, 0.5]]);
 * assertEquals(gStrengths, [0, 4 - 2]);
 * ```
 * @param values V_t, t × `M`.
 * @param strengths s_t, t strengths.
 * @param gRead ∂L/∂r_t, `M`.
 * @returns ∂L/∂V_t, t × `M`, and ∂L/∂s_t, t.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number is NaN or infinite, or a strength negative.
 */
export function readBackward(values: Matrix, strengths: Vector, gRead: Vector): ReadGradient {
  const action = "reverse the read";
  checkVector(action, "strengths (one for each row of values)", strengths, values.length);
  checkMatrix(action, "values", values, values.length, gRead.length);
  checkVector(action, "gradients of the read", gRead);
  const g = readAtBackward({ values, strengths }, gRead, "top");
  return { gValues: g.values, gStrengths: g.strengths };
}

/**
 * Reverses {@linkcode nextStrengths}.
 *
 * With above_i = Σ_{i<j<t} s_{t−1}[j], over_i = max(0, u_t − above_i) and
 * s_t[i] = max(0, s_{t−1}[i] − over_i):
 * where s_{t−1}[i] > over_i, ∂s_t[i]/∂s_{t−1}[i] = 1; and there, if also u_t > above_i,
 * ∂s_t[i]/∂u_t = −1 and ∂s_t[i]/∂s_{t−1}[j] = 1 for every j > i.
 *
 * At most one row gets the second kind: the one that the pop reaches and does not use up.
 *
 * Source: Grefenstette et al. 2015, Appendix A, the derivative of equation (2), with i ≤ n < t.
 *
 * @example The pop ends inside row 0: the more the row above held, the less is taken here.
 * ```ts
 * import { strengthsBackward } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const g = strengthsBackward([0.7, 0.5], 0.9, [10, 1, 100]);
 * assertEquals(g, { gStrengthsPrev: [10, 10], gPop: -10, gPush: 100 });
 * ```
 * @param sPrev s_{t−1}, t − 1 strengths.
 * @param pop u_t, at least 0.
 * @param gStrengths ∂L/∂s_t, t.
 * @returns ∂L/∂s_{t−1}, t − 1, and ∂L/∂u_t and ∂L/∂d_t.
 * @throws {TypeError} If there is not one gradient more than there are strengths.
 * @throws {RangeError} If a number is NaN or infinite, or the pop or a strength negative.
 */
export function strengthsBackward(
  sPrev: Vector,
  pop: number,
  gStrengths: Vector,
): StrengthsGradient {
  const action = "reverse the pop and push";
  checkNonNegative(action, "strengths", sPrev);
  checkNonNegative(action, "pops", [pop]);
  checkVector(
    action,
    "gradients (one for each strength and the push)",
    gStrengths,
    sPrev.length + 1,
  );
  const { gStrengths: gSPrev, gPop } = popAtBackward(sPrev, pop, gStrengths.slice(0, -1), "top");
  return { gStrengthsPrev: gSPrev, gPop, gPush: gStrengths[sPrev.length] };
}

/**
 * The literal stack as a {@linkcode Memory}: every row at every step, as the equations are printed.
 *
 * Forward: equations (2), (1) and (3). Backward: the read's adjoint, then the pop's. A strength
 * gets gradients from its own step's read and, through the next step, from every later one; a value from each read since
 * its own step.
 *
 * Source: Grefenstette et al. 2015, equations (1)–(3) and Appendix A.
 *
 * @example Push two values, then reverse the second step, given the gradient of its read.
 * ```ts
 * import { stackMemory } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const one = stackMemory.step(stackMemory.start(1, 2), [{ value: [2], pop: 0, push: 0.75 }]).state;
 * const controls = [{ value: [4], pop: 0, push: 0.5 }];
 * const { state, reads } = stackMemory.step(one, controls);
 * assertEquals(reads, [[3]]);
 * const back = stackMemory.backward(
 *   { before: one, controls, after: state },
 *   stackMemory.startBackward(state),
 *   [[1]],
 * );
 * assertEquals(back.gControls, [{ gValue: [0.5], gPop: 0, gPush: 2 }]);
 * assertEquals(back.gState, { values: [[0.5]], strengths: [0] });
 * ```
 */
export const stackMemory: Memory<Rows, Rows> = {
  ports: 1,
  start: () => ({ values: [], strengths: [] }),
  step({ values: VPrev, strengths: sPrev }, [{ value, pop, push }]) {
    const state = {
      values: valuesAfter(VPrev, value),
      strengths: strengthsAfter(sPrev, pop, push),
    };
    return { state, reads: [readAt(state, "top")] };
  },
  strengths: ({ strengths }) => strengths,
  startBackward: zeroRows,
  backward({ before, controls: [{ pop }], after }, gNext, [gRead]) {
    const { values: gV, strengths: gS } = addRows(gNext, readAtBackward(after, gRead, "top"));
    const [gValue, gPush] = [gV[gV.length - 1], gS[gS.length - 1]];
    const { gStrengths, gPop } = popAtBackward(before.strengths, pop, gS.slice(0, -1), "top");
    return {
      gState: { values: gV.slice(0, -1), strengths: gStrengths },
      gControls: [{ gValue, gPop, gPush }],
    };
  },
};

/**
 * Runs a whole sequence through an empty stack: at each step pop, push, then read.
 *
 * Source: Grefenstette et al. 2015, equations (1)–(3), Figure 1(a).
 *
 * @example Push two values whole, then pop one whole: the first is on top again.
 * ```ts
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { reads, strengths } = runStack({
 *   values: [[1], [2], [0]],
 *   pops: [0, 0, 1],
 *   pushes: [1, 1, 0],
 * });
 * assertEquals(reads, [[1], [2], [1]]);
 * assertEquals(strengths, [[1], [1, 1], [1, 0, 0]]);
 * ```
 * @param inputs v, u and d at each of `T` steps.
 * @returns The inputs, the strengths after each step, and each step's read.
 * @throws {TypeError} If values, pops and pushes are not equally many, or the values not equally wide.
 * @throws {RangeError} If a number is NaN or infinite, or a pop or push negative.
 */
export function runStack(inputs: StackInputs): StackTrace {
  return runPort("stack", stackMemory, inputs);
}

/**
 * Reverses {@linkcode runStack}: from ∂L/∂r_t at every step to the gradients of all that went in.
 *
 * Walks t = T … 1. A strength gets gradients from its own step's read and, through the next step, from every
 * later one; a value from each read since its own step.
 *
 * Source: Grefenstette et al. 2015, Appendix A.
 *
 * @example Only the last read matters; half of it comes from the first value.
 * ```ts
 * import { runStack, runStackBackward } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[2], [4]], pops: [0, 0], pushes: [0.75, 0.5] });
 * const { gValues, gPops, gPushes } = runStackBackward(trace, [[0], [1]]);
 * assertEquals(gValues, [[0.5], [0.5]]);
 * assertEquals(gPushes, [0, 4 - 2]);
 * assertEquals(gPops, [0, 0]);
 * ```
 * @param trace What {@linkcode runStack} returned.
 * @param gReads ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`.
 * @returns ∂L/∂v, ∂L/∂u and ∂L/∂d of every step.
 * @throws {TypeError} If `gReads` has not the shape of `trace.reads`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function runStackBackward(trace: StackTrace, gReads: Matrix): StackGradient {
  return runPortBackward("stack", stackMemory, trace, gReads);
}
