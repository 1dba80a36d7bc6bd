/**
 * Checks a hand-written gradient against central differences.
 *
 * @module
 */
import { flatten, flattenGradient, pathsOf, withNumbers } from "./number_tree.ts";
import type { RandomSource } from "./random.ts";
import { smoothDerivative } from "./smooth_derivative.ts";

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
