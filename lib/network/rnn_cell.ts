/**
 * One step of the vanilla RNN, with its gradient.
 *
 * `H` hidden units, `I` inputs.
 *
 * Source: Elman 1990, "Finding Structure in Time", with tanh for its σ.
 *
 * @module
 */
import { tanh, tanhSlope } from "@/math/activations.ts";
import { checkVector, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "./affine.ts";

/** The parameters of an RNN cell, or their gradients. */
export interface RnnWeights {
  /** Input → sums, `H` × `I`, by rows. */
  readonly Wih: Float64Array;
  /** h_{t−1} → sums, `H` × `H`, by rows. */
  readonly Whh: Float64Array;
  /** Of the sums, `H`. */
  readonly b: Float64Array;
}

/** One step of an RNN: its inputs and its results. */
export interface RnnStep {
  /** `I`. */
  readonly input: Vector;
  /** h_{t−1}, `H`. */
  readonly hPrev: Vector;
  /** h_t, `H`. */
  readonly h: Vector;
}

/** Gradients of the loss with respect to the inputs of one step. */
export interface RnnStepGradient {
  /** ∂L/∂input, `I`. */
  readonly gInput: Vector;
  /** ∂L/∂h_{t−1}, `H`. */
  readonly gHPrev: Vector;
}

/**
 * Takes one step.
 *
 * h_t = tanh(W_ih input + W_hh h_{t−1} + b)
 *
 * Source: Elman 1990.
 *
 * @example One unit: 2 · 0.5 + 3 · (−0.25) + 0.125 = 0.375.
 * ```ts
 * import { rnnCell } from "@/network/rnn_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [Wih, Whh, b] = [[2], [3], [0.125]].map((numbers) => new Float64Array(numbers));
 * assertEquals(rnnCell({ Wih, Whh, b }, [0.5], [-0.25]).h, [Math.tanh(0.375)]);
 * ```
 * @param weights The cell's parameters.
 * @param input `I` numbers.
 * @param hPrev h_{t−1}, `H`.
 * @returns The step: what went in, and h_t.
 * @throws {TypeError} If a shape does not fit.
 */
export function rnnCell(weights: RnnWeights, input: Vector, hPrev: Vector): RnnStep {
  const { Wih, Whh, b } = weights;
  const h = sum(product(Wih, input), product(Whh, hPrev), b).map(tanh);
  return { input, hPrev, h };
}

/**
 * Reverses {@linkcode rnnCell}.
 *
 * ∂L/∂a = ∂L/∂h (1 − h²), with a the sum inside tanh
 *
 * Source: Werbos 1990, "Backpropagation Through Time".
 *
 * @example At h = 0 tanh has slope 1, so the input's gradient is its weight.
 * ```ts
 * import { rnnCell, rnnCellBackward } from "@/network/rnn_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tensors = (...numbers: number[]) => {
 *   const [Wih, Whh, b] = numbers.map((number) => new Float64Array([number]));
 *   return { Wih, Whh, b };
 * };
 * const [weights, gWeights] = [tensors(2, 3, 0), tensors(0, 0, 0)];
 * const g = rnnCellBackward(weights, gWeights, rnnCell(weights, [3], [-2]), [10]);
 * assertEquals(g, { gInput: [20], gHPrev: [30] });
 * assertEquals(gWeights, tensors(30, -20, 10));
 * ```
 * @param weights The cell's parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param step What {@linkcode rnnCell} returned.
 * @param gH ∂L/∂h_t, `H`.
 * @returns ∂L/∂input and ∂L/∂h_{t−1}.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient of h is NaN or infinite.
 */
export function rnnCellBackward(
  weights: RnnWeights,
  gWeights: RnnWeights,
  step: RnnStep,
  gH: Vector,
): RnnStepGradient {
  const { input, hPrev, h } = step;
  checkVector("reverse an RNN's step", "gradients of h", gH, h.length);
  // h = tanh(a)
  const gA = h.map((h_k, k) => gH[k] * tanhSlope(h_k));
  // a = W_ih input + W_hh h_{t−1} + b
  accumulate(gWeights.b, gA);
  return {
    gInput: productBackward(weights.Wih, gWeights.Wih, input, gA),
    gHPrev: productBackward(weights.Whh, gWeights.Whh, hPrev, gA),
  };
}
