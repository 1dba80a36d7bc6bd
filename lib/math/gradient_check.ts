/**
 * Nested arrays and objects of numbers as one vector, and back.
 *
 * A tree is a number, or an array, a Float64Array or a plain object of trees: `{ values, pops, pushes }`
 * as much as `[1, 2, 3]`.
 *
 * @module
 */
import { checkVector, type Vector } from "./shapes.ts";
import type { RandomSource } from "./random.ts";

/**
 * Lists every number of a tree, in the order in which the tree is written.
 *
 * @example A structure becomes a vector.
 * ```ts
 * import { flatten } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flatten({ values: [[1, 2], [3, 4]], pops: [5, 6] }), [1, 2, 3, 4, 5, 6]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns The numbers.
 * @throws {TypeError} If there is anything but numbers in it.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flatten(tree: unknown): Vector {
  return flattenGradient(tree, tree);
}

/**
 * Lists the numbers of a gradient in the order of the tree that it belongs to.
 *
 * Where the tree has a property `pops`, the gradient has `gPops` or, failing that, `pops`; its other
 * properties do not matter.
 *
 * @example A gradient in an order of its own, with something else beside it.
 * ```ts
 * import { flattenGradient } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = { loss: 7, gPops: [30], gValues: [[10, 20]] };
 * assertEquals(flattenGradient({ values: [[1, 2]], pops: [3] }, gradient), [10, 20, 30]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @param gradient A number for each of them, in the same structure.
 * @returns The numbers of `gradient`.
 * @throws {TypeError} If there is not a number for each one of `tree`, or an array is longer.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function flattenGradient(tree: unknown, gradient: unknown): Vector {
  const numbers: Vector = [];
  gather(tree, gradient, "", numbers);
  return numbers;
}

/**
 * Puts numbers into the structure of a tree; the opposite of {@linkcode flatten}.
 *
 * @example The same structure, other numbers.
 * ```ts
 * import { withNumbers } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withNumbers({ value: [0, 0], pop: 0 }, [1, 2, 3]), { value: [1, 2], pop: 3 });
 * ```
 * @param tree The structure.
 * @param numbers As many as are in `tree`.
 * @returns A new tree, which shares nothing with the old one.
 */
export function withNumbers<Tree>(tree: Tree, numbers: ArrayLike<number>): Tree {
  let used = 0;
  const fill = (part: unknown): unknown => {
    if (typeof part === "number") return numbers[used++];
    if (Array.isArray(part)) return part.map(fill);
    if (part instanceof Float64Array) return part.map(() => numbers[used++]);
    return Object.fromEntries(Object.entries(part as object).map(([key, p]) => [key, fill(p)]));
  };
  return fill(tree) as Tree; // fill keeps the type of every part
}

/**
 * Names every number of a tree by where it is, in the order of {@linkcode flatten}.
 *
 * @example As one would write it in code.
 * ```ts
 * import { pathsOf } from "@/math/gradient_check.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathsOf({ values: [[1, 2]], pop: 3 }), ["values[0][0]", "values[0][1]", "pop"]);
 * ```
 * @param tree Numbers in arrays and objects.
 * @returns A path for each number.
 */
export function pathsOf(tree: unknown): string[] {
  const paths: string[] = [];
  const walk = (part: unknown, path: string) => {
    if (typeof part === "number") paths.push(path);
    else {for (const [key, child] of Object.entries(part as object)) {
        walk(child, join(path, part, key));
      }}
  };
  walk(tree, "");
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

function join(path: string, parent: unknown, key: string | number): string {
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
    gather(child, part[found], join(path, tree, found), numbers);
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

/** The steps h: powers of two, so that halving them is exact. */
const FIRST_STEP = 2 ** -10;
const LAST_STEP = 2 ** -20;

/**
 * How far rounding may move a quotient, in units of 2⁻⁵³ · size of the outputs / h. Random stacks stay
 * below 13 (5,000 derivatives); recurrences with large weights, which amplify what they round, below 128
 * (all but 3 of 26,000, which were taken for kinks).
 */
const ROUNDINGS = 128;

/** A derivative, and how much of it is certain. */
export interface SmoothDerivative {
  /** φ′(x). */
  readonly derivative: number;
  /** How far off it may be because the outputs are rounded. */
  readonly roundoff: number;
}

/** What is seen from x at one step h. */
interface Differences {
  /** D = (φ(x + h) − φ(x − h)) / 2h. */
  readonly central: number;
  /** S = (φ(x + h) − φ(x)) / h − (φ(x) − φ(x − h)) / h. */
  readonly gap: number;
}

/**
 * Differentiates φ = Σ_k weights_k f_k at x, unless φ has a kink there.
 *
 * D(h) = φ′ + h² φ‴/6 + …, so R(h) = (4 D(h/2) − D(h)) / 3 = φ′ + O(h⁴). The step is halved until
 * R stays the same and the gap between the two one-sided differences halves with the step. At a kink
 * the gap stays; beside one, within the step, R moves. Either way the next step is tried; when none is
 * left, there is a kink, a jump, or a bend as sharp as one, within about 10⁻⁵ of x.
 *
 * Outputs are subtracted before they are weighted and summed, so that those that do not depend on x
 * add no rounding.
 *
 * Source: Richardson 1911, "The approximate arithmetical solution by finite differences".
 *
 * @example A slope where there is one, none where there is a corner.
 * ```ts
 * import { smoothDerivative } from "@/math/gradient_check.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const f = (x: number) => [Math.max(0, x), Math.sin(x)];
 * assertAlmostEquals(smoothDerivative(f, [2, 1], 1)!.derivative, 2 + Math.cos(1), 1e-10);
 * assertEquals(smoothDerivative(f, [2, 1], 0), null);
 * ```
 * @param f From x to outputs, always equally many; it is asked within 1/1024 of `x`.
 * @param weights A weight for each output.
 * @param x Where.
 * @param tolerance The relative error that is still wanted, 1e-8 if left out.
 * @returns The derivative, or null at a kink.
 * @throws {TypeError} If there are not as many outputs as weights.
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
  let RPrevious = NaN; // equal to nothing: the first step has nothing to be compared with
  for (let h = FIRST_STEP / 2; h >= LAST_STEP; h /= 2) {
    const current = differences(f, weights, x, centre, h);
    const R = (4 * current.central - previous.central) / 3;
    const roundoff = ROUNDINGS * 2 ** -53 * size / h;
    const slack = Math.max(tolerance * Math.abs(R), roundoff);
    const settled = Math.abs(R - RPrevious) <= slack / 8;
    const closing = Math.abs(2 * current.gap - previous.gap) <= slack;
    if (settled && closing) return { derivative: R, roundoff };
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

/** A function, its hand-written adjoint, and where to compare them. */
export interface GradientCase<Inputs extends object, Outputs> {
  /** What is checked, as it should read in the summary. */
  readonly name: string;
  /** The function: numbers in arrays and objects to numbers in arrays and objects. */
  readonly f: (inputs: Inputs) => Outputs;
  /**
   * From inputs and ∂L/∂outputs to ∂L/∂inputs: in the structure of the inputs, except that a property
   * `pops` may be called `gPops`, and that there may be others beside it.
   */
  readonly adjoint: (inputs: Inputs, gOutputs: Outputs) => unknown;
  /** The inputs at which both are compared; `f` is asked within 1/1024 of each number. */
  readonly at: Inputs;
  /** Draws the projection. */
  readonly random: RandomSource;
  /** The greatest relative error that passes, 1e-8 if left out. */
  readonly tolerance?: number;
}

/** What a check found. */
export interface GradientCheck {
  /** Whether something was compared, and no error was above the tolerance. */
  readonly passed: boolean;
  /** The worst |hand-written − measured| / max(|hand-written|, |measured|, what can be resolved). */
  readonly worstRelativeError: number;
  /** The input with that error, as in "pops[3]"; empty if nothing was compared. */
  readonly worstInput: string;
  /** How many derivatives were compared. */
  readonly compared: number;
  /** How many were skipped, because there the function has a kink. */
  readonly kinks: number;
  /** The inputs that were skipped. */
  readonly kinkInputs: readonly string[];
  /** All this in one sentence. */
  readonly summary: string;
}

/**
 * Compares a hand-written gradient with central differences, one input at a time.
 *
 * The outputs are projected on a random direction p, φ = Σ_k p_k f_k, so that one call of the adjoint,
 * with gOutputs = p, gives every ∂φ/∂x_i; an error in any ∂f_k/∂x_i shows in it, as chance does not
 * choose a p that hides it.
 *
 * The error is relative to the larger of the two derivatives, but never to less than the central
 * difference can resolve: rounding alone moves it by about 2⁻⁵³ |f| / h, which has to stay within the
 * tolerance. For outputs of size 1, a derivative above about 10⁻² is thus held to its eighth digit,
 * and an error of 1 % is seen in a derivative above about 10⁻⁷.
 *
 * Whether an input sits at a kink is decided from `f` alone ({@linkcode smoothDerivative}): a wrong
 * gradient cannot pass for one.
 *
 * @example The gradient of x² y, right and wrong.
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
 * @param gradientCase What to check, and where.
 * @returns What was found.
 * @throws {TypeError} If a structure holds anything but numbers, or the gradient does not fit the inputs.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkGradient<Inputs extends object, Outputs>(
  gradientCase: GradientCase<Inputs, Outputs>,
): GradientCheck {
  const { name, f, adjoint, at, random, tolerance = 1e-8 } = gradientCase;
  const x = flatten(at);
  const outputs = f(withNumbers(at, x));
  const p = flatten(outputs).map(() => random.normal());
  const g = flattenGradient(at, adjoint(withNumbers(at, x), withNumbers(outputs, p)));
  const errors = g.map((g_i, i) => {
    const along = (x_i: number) => flatten(f(withNumbers(at, x.with(i, x_i))));
    const measured = smoothDerivative(along, p, x[i], tolerance);
    if (measured === null) return null;
    const { derivative, roundoff } = measured;
    const scale = Math.max(Math.abs(g_i), Math.abs(derivative), roundoff / tolerance);
    return Math.abs(g_i - derivative) / scale;
  });
  return report(name, errors, pathsOf(at), tolerance);
}

/** `errors` has a number for each path, or null at a kink. */
function report(
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
