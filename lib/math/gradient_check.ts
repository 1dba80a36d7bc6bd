/**
 * Checks hand-written gradients against central differences.
 *
 * The outputs f(x) are projected on a random direction p, φ = Σ_k p_k f_k, and the gradient of φ from the hand-written
 * backward pass is compared with D(h) = (φ(x + h) − φ(x − h)) / 2h, extrapolated to h → 0, one input at a time. Inputs at
 * which f has a kink are skipped.
 *
 * Inputs, outputs and gradients are trees: a tree is a number, or an array, a Float64Array or a plain object of trees,
 * such as `{ values, pops, pushes }` or `[1, 2, 3]`.
 *
 * Source: Richardson 1911, "The approximate arithmetical solution by finite differences".
 *
 * @module
 */
import { checkVector, type Vector } from "./shapes.ts";
import type { RandomSource } from "./random.ts";

/**
 * Lists every number of a tree, in the order of its entries.
 *
 * @example An object as a vector.
 * ```ts
 * import { flatten } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flatten({ values: [[1, 2], [3, 4]], pops: [5, 6] }), [1, 2, 3, 4, 5, 6]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns The numbers.
 * @throws {TypeError} If it contains anything but numbers.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flatten(tree: unknown): Vector {
  return flattenGradient(tree, tree);
}

/**
 * Lists the numbers of a gradient in the order of the tree to which it belongs.
 *
 * Where the tree has a property `pops`, the gradient has `gPops` or else `pops`; its other properties are ignored.
 *
 * @example A gradient in a different order, with another property.
 * ```ts
 * import { flattenGradient } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = { loss: 7, gPops: [30], gValues: [[10, 20]] };
 * assertEquals(flattenGradient({ values: [[1, 2]], pops: [3] }, gradient), [10, 20, 30]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @param gradient A number for each number of `tree`, in the same structure.
 * @returns The numbers of `gradient`.
 * @throws {TypeError} If its structure does not match that of `tree`.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flattenGradient(tree: unknown, gradient: unknown): Vector {
  const numbers: Vector = [];
  gather(tree, gradient, "", numbers);
  return numbers;
}

/**
 * Creates a tree from a vector, with the structure of another; the inverse of {@linkcode flatten}.
 *
 * @example The same structure with other numbers.
 * ```ts
 * import { unflatten } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(unflatten({ value: [0, 0], pop: 0 }, [1, 2, 3]), { value: [1, 2], pop: 3 });
 * ```
 * @param tree The structure.
 * @param numbers As many numbers as there are in `tree`.
 * @returns A new tree, which shares no arrays with `tree`.
 */
export function unflatten<Tree>(tree: Tree, numbers: ArrayLike<number>): Tree {
  let used = 0;
  const fill = (part: unknown): unknown => {
    if (typeof part === "number") return numbers[used++];
    if (Array.isArray(part)) return part.map(fill);
    if (part instanceof Float64Array) return part.map(() => numbers[used++]);
    return Object.fromEntries(Object.entries(part as object).map(([key, p]) => [key, fill(p)]));
  };
  return fill(tree) as Tree; // `fill` preserves the type of every part
}

/**
 * Lists the path of every number of a tree, in the order of {@linkcode flatten}.
 *
 * @example Paths as in code.
 * ```ts
 * import { pathsOf } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathsOf({ values: [[1, 2]], pop: 3 }), ["values[0][0]", "values[0][1]", "pop"]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns The paths.
 */
export function pathsOf(tree: unknown): string[] {
  const paths: string[] = [];
  const visit = (part: unknown, path: string) => {
    if (typeof part === "number") {
      paths.push(path);
      return;
    }
    for (const [key, child] of Object.entries(part as object)) {
      visit(child, childPath(path, part, key));
    }
  };
  visit(tree, "");
  return paths;
}

type List = readonly unknown[] | Float64Array;
type NumberRecord = Readonly<Record<string, unknown>>;

function isList(part: unknown): part is List {
  return Array.isArray(part) || part instanceof Float64Array;
}

function isRecord(part: unknown): part is NumberRecord {
  if (typeof part !== "object" || part === null || isList(part)) return false;
  const prototype = Object.getPrototypeOf(part);
  return prototype === Object.prototype || prototype === null;
}

function childPath(path: string, parent: unknown, key: string | number): string {
  if (isList(parent)) return `${path}[${key}]`;
  return path === "" ? `${key}` : `${path}.${key}`;
}

function gather(tree: unknown, part: unknown, path: string, numbers: Vector): void {
  if (typeof tree === "number") gatherNumber(part, path, numbers);
  else if (isList(tree)) gatherList(tree, part, path, numbers);
  else if (isRecord(tree)) gatherRecord(tree, part, path, numbers);
  else throw misfit("numbers, arrays and objects", tree, path);
}

function gatherNumber(part: unknown, path: string, numbers: Vector): void {
  if (typeof part !== "number") throw misfit("a number", part, path);
  if (!Number.isFinite(part)) {
    throw new RangeError(`Cannot list numbers: wanted finite numbers${place(path)}, got ${part}`);
  }
  numbers.push(part);
}

function gatherList(tree: List, part: unknown, path: string, numbers: Vector): void {
  if (!isList(part) || part.length !== tree.length) {
    throw misfit(`a list of ${tree.length}`, part, path);
  }
  for (let i = 0; i < tree.length; i++) {
    gather(tree[i], part[i], `${path}[${i}]`, numbers);
  }
}

function gatherRecord(tree: NumberRecord, part: unknown, path: string, numbers: Vector): void {
  if (!isRecord(part)) throw misfit("an object", part, path);
  for (const [key, child] of Object.entries(tree)) {
    const gKey = `g${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    const found = part !== tree && gKey in part ? gKey : key; // a tree keeps its own names
    gather(child, part[found], childPath(path, tree, found), numbers);
  }
}

function misfit(wanted: string, got: unknown, path: string): TypeError {
  return new TypeError(`Cannot list numbers: wanted ${wanted}${place(path)}, got ${nameOf(got)}`);
}

function place(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}

function nameOf(part: unknown): string {
  if (isList(part)) return `a list of ${part.length}`;
  if (typeof part !== "object" || part === null) {
    return typeof part === "number" ? `${part}` : part === null ? "null" : typeof part;
  }
  return isRecord(part) ? "an object" : part.constructor.name;
}

/** The first and the last step h: powers of two, so that halving is exact. */
const FIRST_STEP = 2 ** -10;
const LAST_STEP = 2 ** -20;

/**
 * The allowed rounding error of a difference quotient, in units of 2⁻⁵³ · size of the outputs / h. In measurements it
 * stayed below 13 for random stacks (5,000 derivatives), and below 128 for recurrent networks with large weights, which
 * amplify rounding errors (all but 3 of 26,000 derivatives, which were taken for kinks).
 */
const MAX_ROUNDING_UNITS = 128;

/** A derivative and its uncertainty. */
export interface SmoothDerivative {
  /** φ′(x). */
  readonly derivative: number;
  /** The error bound due to the rounding of the outputs. */
  readonly roundoff: number;
}

/** The differences of φ around x with one step h. */
interface Differences {
  /** D = (φ(x + h) − φ(x − h)) / 2h. */
  readonly central: number;
  /** S = (φ(x + h) − φ(x)) / h − (φ(x) − φ(x − h)) / h. */
  readonly gap: number;
}

/**
 * Differentiates φ = Σ_k weights_k f_k at x, unless φ has a kink there.
 *
 * D(h) = φ′ + h² φ‴/6 + …, so R(h) = (4 D(h/2) − D(h)) / 3 = φ′ + O(h⁴). The step is halved until R no longer changes and
 * the gap between the two one-sided differences halves with the step. At a kink the gap does not shrink; if a kink is
 * within the step, R changes. In both cases a smaller step is tried. If the smallest one fails, there is a kink, a jump or
 * an equally sharp bend within about 10⁻⁵ of x.
 *
 * Outputs are subtracted before they are weighted and summed, so that outputs that do not depend on x add no rounding
 * error.
 *
 * Source: Richardson 1911, "The approximate arithmetical solution by finite differences".
 *
 * @example The derivative at a smooth point, and null at a kink.
 * ```ts
 * import { smoothDerivative } from "@/math/gradient_check.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const f = (x: number) => [Math.max(0, x), Math.sin(x)];
 * assertAlmostEquals(smoothDerivative(f, [2, 1], 1)!.derivative, 2 + Math.cos(1), 1e-10);
 * assertEquals(smoothDerivative(f, [2, 1], 0), null);
 * ```
 * @param f The function from x to a fixed number of outputs; it is evaluated within 1/1024 of `x`.
 * @param weights The weight of each output.
 * @param x The point.
 * @param tolerance The required relative error; 1e-8 by default.
 * @returns The derivative, or null at a kink.
 * @throws {TypeError} If the numbers of outputs and weights differ.
 * @throws {RangeError} If an output is NaN or infinite.
 */
export function smoothDerivative(
  f: (x: number) => Vector,
  weights: Vector,
  x: number,
  tolerance = 1e-8,
): SmoothDerivative | null {
  const centre = f(x);
  checkVector("differentiate", "outputs (one for each weight)", centre, weights.length);
  const size = centre.reduce((size, output) => Math.max(size, Math.abs(output)), 1);
  let previous = differences(f, weights, x, centre, FIRST_STEP);
  let RPrevious = NaN; // so that the first comparison fails
  for (let h = FIRST_STEP / 2; h >= LAST_STEP; h /= 2) {
    const current = differences(f, weights, x, centre, h);
    const R = (4 * current.central - previous.central) / 3;
    const roundoff = MAX_ROUNDING_UNITS * 2 ** -53 * size / h;
    const slack = Math.max(tolerance * Math.abs(R), roundoff);
    const hasConverged = Math.abs(R - RPrevious) <= slack / 8;
    const gapHalves = Math.abs(2 * current.gap - previous.gap) <= slack;
    if (hasConverged && gapHalves) return { derivative: R, roundoff };
    [previous, RPrevious] = [current, R];
  }
  return null;
}

function differences(
  f: (x: number) => Vector,
  weights: Vector,
  x: number,
  centre: Vector,
  h: number,
): Differences {
  const [right, left] = [x + h, x - h];
  const [above, below] = [f(right), f(left)];
  checkVector("differentiate", "outputs (as many as at x)", above, centre.length);
  checkVector("differentiate", "outputs (as many as at x)", below, centre.length);
  let [rise, fall] = [0, 0];
  for (let k = 0; k < weights.length; k++) {
    rise += weights[k] * (above[k] - centre[k]);
    fall += weights[k] * (centre[k] - below[k]);
  }
  return {
    central: (rise + fall) / (right - left),
    gap: rise / (right - x) - fall / (x - left),
  };
}

/** A function, its hand-written adjoint, and the inputs at which to compare them. */
export interface GradientCase<Inputs extends object, Outputs> {
  /** The name of the function, for the summary. */
  readonly name: string;
  /** The function, from a tree of inputs to a tree of outputs. */
  readonly f: (inputs: Inputs) => Outputs;
  /**
   * The hand-written backward pass, from inputs and ∂L/∂outputs to ∂L/∂inputs. The result has the structure of the inputs,
   * except that a property `pops` may be called `gPops`, and that there may be further properties.
   */
  readonly adjoint: (inputs: Inputs, gOutputs: Outputs) => unknown;
  /** The inputs at which they are compared; `f` is evaluated within 1/1024 of each number. */
  readonly at: Inputs;
  /** The source of the random projection. */
  readonly random: RandomSource;
  /** The largest relative error that passes; 1e-8 by default. */
  readonly tolerance?: number;
}

/** The result of a gradient check. */
export interface GradientCheck {
  /** Whether at least one derivative was compared and no error exceeded the tolerance. */
  readonly passed: boolean;
  /** The maximum of |hand-written − measured| / max(|hand-written|, |measured|, the smallest resolvable derivative). */
  readonly worstRelativeError: number;
  /** The path of the input with that error, such as "pops[3]"; empty if nothing was compared. */
  readonly worstInput: string;
  /** The number of derivatives that were compared. */
  readonly compared: number;
  /** The number of derivatives that were skipped because the function has a kink there. */
  readonly kinks: number;
  /** The paths of the inputs that were skipped. */
  readonly kinkInputs: readonly string[];
  /** The result in one sentence. */
  readonly summary: string;
}

/**
 * Compares a hand-written gradient with central differences, one input at a time.
 *
 * The outputs are projected on a random direction p, φ = Σ_k p_k f_k, so that one call of the adjoint with gOutputs = p
 * gives every ∂φ/∂x_i. An error in any ∂f_k/∂x_i changes it, with probability 1 over p.
 *
 * The error is relative to the larger of the two derivatives, but at least to the smallest derivative that the central
 * difference can resolve: rounding changes it by about 2⁻⁵³ |f| / h, which must not exceed the tolerance. With outputs of
 * size 1, derivatives above about 10⁻² are thus checked to eight digits, and an error of 1 % is found in derivatives above
 * about 10⁻⁷.
 *
 * Kinks are found from `f` alone ({@linkcode smoothDerivative}), so a wrong gradient cannot be mistaken for a kink.
 *
 * @example A correct and a wrong gradient of x² y.
 * ```ts
 * import { checkGradient } from "@/math/gradient_check.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const right = checkGradient({
 *   name: "x² y",
 *   f: ({ x, y }) => [x * x * y],
 *   adjoint: ({ x, y }, [g]) => ({ gX: g * 2 * x * y, gY: g * x * x }),
 *   at: { x: 3, y: 5 },
 *   random: seededRandom(1),
 * });
 * assert(right.passed, right.summary);
 *
 * const wrong = checkGradient({
 *   name: "x² y",
 *   f: ({ x, y }) => [x * x * y],
 *   adjoint: ({ x, y }, [g]) => ({ gX: g * x * y, gY: g * x * x }),
 *   at: { x: 3, y: 5 },
 *   random: seededRandom(1),
 * });
 * assertEquals([wrong.passed, wrong.worstInput], [false, "x"]);
 * assertEquals(wrong.worstRelativeError.toFixed(3), "0.500");
 * ```
 * @param gradientCase The function, its adjoint and the inputs.
 * @returns The result.
 * @throws {TypeError} If a tree contains anything but numbers, or the gradient does not match the inputs.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkGradient<Inputs extends object, Outputs>(
  gradientCase: GradientCase<Inputs, Outputs>,
): GradientCheck {
  const { name, f, adjoint, at, random, tolerance = 1e-8 } = gradientCase;
  const x = flatten(at);
  const outputs = f(unflatten(at, x));
  const p = flatten(outputs).map(() => random.normal());
  const g = flattenGradient(at, adjoint(unflatten(at, x), unflatten(outputs, p)));
  const errors = g.map((g_i, i) => {
    const along = (x_i: number) => flatten(f(unflatten(at, x.with(i, x_i))));
    const measured = smoothDerivative(along, p, x[i], tolerance);
    if (measured === null) return null;
    const { derivative, roundoff } = measured;
    const scale = Math.max(Math.abs(g_i), Math.abs(derivative), roundoff / tolerance);
    return Math.abs(g_i - derivative) / scale;
  });
  return summarize(name, errors, pathsOf(at), tolerance);
}

/** Summarizes the relative errors; `errors` has a number for each path, or null at a kink. */
function summarize(
  name: string,
  errors: (number | null)[],
  paths: string[],
  tolerance: number,
): GradientCheck {
  const kinkInputs = paths.filter((_, i) => errors[i] === null);
  const compared = errors.length - kinkInputs.length;
  const worstRelativeError = errors.reduce<number>((worst, e) => Math.max(worst, e ?? 0), 0);
  const worstInput = compared === 0 ? "" : paths[errors.indexOf(worstRelativeError)];
  const passed = compared > 0 && worstRelativeError <= tolerance;
  const kinks = kinkInputs.length;
  const summary = `Gradient of ${name} ${passed ? "passed" : "failed"}: ` +
    `${compared} derivatives compared` +
    (compared === 0 ? "" : `, worst relative error ${worstRelativeError.toExponential(1)}`) +
    (compared === 0 ? "" : ` at ${worstInput}`) +
    `, ${kinks} skipped at kinks`;
  return { passed, worstRelativeError, worstInput, compared, kinks, kinkInputs, summary };
}
