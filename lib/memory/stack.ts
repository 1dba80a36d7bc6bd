/**
 * The neural stack, one sequence at a time, as its equations are printed.
 *
 * Two letters look like what they do: u is open at the top (pop), d is closed (push).
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
 * `T` steps, `M` value width. No suffix means "at step t", `Prev` means t − 1.
 *
 * This is the reference: its equations are never optimised, and everything faster is held against it.
 * What comes in is checked once, at the border; inside are the bare equations.
 * Its gradient is in `stack_gradient.ts`.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3).
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
import { sumAbove } from "./sum_above.ts";

/** What a stack is asked to do over `T` steps. */
export interface StackInputs {
  /** v_1 … v_T, `T` × `M`. */
  readonly values: Matrix;
  /** u_1 … u_T, each at least 0. */
  readonly pops: Vector;
  /** d_1 … d_T, each at least 0. */
  readonly pushes: Vector;
}

/** What a stack did with its inputs. */
export interface StackTrace extends StackInputs {
  /** s_1 … s_T; `strengths[t]` has t + 1 entries. */
  readonly strengths: Vector[];
  /** r_1 … r_T, `T` × `M`. */
  readonly reads: Matrix;
}

/** (1): V_t[i] = V_{t−1}[i] for i < t, V_t[t] = v_t. */
function valuesAfter(VPrev: Matrix, value: Vector): Matrix {
  return [...VPrev, value];
}

/** (2): s_t[i] = max(0, s_{t−1}[i] − max(0, u_t − Σ_{i<j<t} s_{t−1}[j])), s_t[t] = d_t. */
function strengthsAfter(sPrev: Vector, u: number, d: number): Vector {
  const s = sPrev.map((sPrev_i, i) => Math.max(0, sPrev_i - Math.max(0, u - sumAbove(sPrev, i))));
  return [...s, d];
}

/** The factors of (3): w_t[i] = min(s_t[i], max(0, 1 − Σ_{i<j≤t} s_t[j])). */
function weightsOf(s: Vector): Vector {
  return s.map((s_i, i) => Math.min(s_i, Math.max(0, 1 - sumAbove(s, i))));
}

/** (3): r_t = Σ_i w_t[i] V_t[i]. */
function readOf(V: Matrix, s: Vector): Vector {
  const w = weightsOf(s);
  return V[0].map((_, m) => V.reduce((r_m, V_i, i) => r_m + w[i] * V_i[m], 0));
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
  return weightsOf(strengths);
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
  return readOf(values, strengths);
}

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
  const { values, pops, pushes } = inputs;
  checkMatrix("run the stack", "values", values);
  checkNonNegative("run the stack", "pops (one for each value)", pops, values.length);
  checkNonNegative("run the stack", "pushes (one for each value)", pushes, values.length);
  const strengths: Vector[] = [];
  const reads: Matrix = [];
  let [V, s]: [Matrix, Vector] = [[], []];
  for (let t = 0; t < values.length; t++) {
    V = valuesAfter(V, values[t]);
    s = strengthsAfter(s, pops[t], pushes[t]);
    strengths.push(s);
    reads.push(readOf(V, s));
  }
  return { values, pops, pushes, strengths, reads };
}
