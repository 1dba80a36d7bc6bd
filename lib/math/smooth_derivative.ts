/**
 * The derivative of a weighted sum of outputs along one input by central differences, or the news that
 * there is a kink.
 *
 * @module
 */
import { checkVector, type Vector } from "./shapes.ts";

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
 * import { smoothDerivative } from "@/math/smooth_derivative.ts";
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
