/**
 * One step of the LSTM, with its gradient.
 *
 * | symbol | what it is                                                      |
 * | ------ | --------------------------------------------------------------- |
 * | i      | the input gate: how much of the candidate is let in             |
 * | f      | the forget gate: how much of c_{t−1} is kept                    |
 * | g      | the candidate: what might be added to the cell                  |
 * | o      | the output gate: how much of the cell is shown                  |
 * | c      | the cell's state                                                |
 * | h      | the hidden state: what the cell shows                           |
 *
 * The sums of the gates lie one after the other in the order i, f, g, o, which is PyTorch's. ∂L/∂X is
 * called gX, so the candidate's gradient is gG.
 *
 * `H` hidden units, `I` inputs.
 *
 * Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory", with the forget gate of Gers et al. 2000.
 *
 * @module
 */
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from "@/math/activations.ts";
import { checkVector, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "./affine.ts";

/** The parameters of an LSTM cell, or their gradients. */
export interface LstmWeights {
  /** Input → sums, 4`H` × `I`, by rows. */
  readonly Wih: Float64Array;
  /** h_{t−1} → sums, 4`H` × `H`, by rows. */
  readonly Whh: Float64Array;
  /** Of the sums, 4`H`. */
  readonly b: Float64Array;
}

/** One step of an LSTM: its inputs and its results; all but the input are `H` wide. */
export interface LstmStep {
  /** `I`. */
  readonly input: Vector;
  /** h_{t−1}. */
  readonly hPrev: Vector;
  /** c_{t−1}. */
  readonly cPrev: Vector;
  /** i_t, the input gate. */
  readonly i: Vector;
  /** f_t, the forget gate. */
  readonly f: Vector;
  /** g_t, the candidate. */
  readonly g: Vector;
  /** o_t, the output gate. */
  readonly o: Vector;
  /** c_t. */
  readonly c: Vector;
  /** h_t. */
  readonly h: Vector;
}

/** Gradients of the loss with respect to the inputs of one step. */
export interface LstmStepGradient {
  /** ∂L/∂input, `I`. */
  readonly gInput: Vector;
  /** ∂L/∂h_{t−1}, `H`. */
  readonly gHPrev: Vector;
  /** ∂L/∂c_{t−1}, `H`. */
  readonly gCPrev: Vector;
}

/**
 * Takes one step.
 *
 * (i, f, g, o) = (σ, σ, tanh, σ)(W_ih input + W_hh h_{t−1} + b)
 *
 * c_t = f c_{t−1} + i g, h_t = o tanh(c_t), unit by unit
 *
 * Source: Hochreiter and Schmidhuber 1997; Gers et al. 2000 for f.
 *
 * @example All gates at one half, and a candidate of 0: the cell forgets half.
 * ```ts
 * import { lstmCell } from "@/network/lstm_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const zeros = () => new Float64Array(4);
 * const { c, h } = lstmCell({ Wih: zeros(), Whh: zeros(), b: zeros() }, [7], [7], [3]);
 * assertEquals(c, [1.5]);
 * assertEquals(h, [0.5 * Math.tanh(1.5)]);
 * ```
 * @param weights The cell's parameters.
 * @param input `I` numbers.
 * @param hPrev h_{t−1}, `H`.
 * @param cPrev c_{t−1}, `H`.
 * @returns The step: what went in, the gates, c_t and h_t.
 * @throws {TypeError} If a shape does not fit.
 */
export function lstmCell(
  weights: LstmWeights,
  input: Vector,
  hPrev: Vector,
  cPrev: Vector,
): LstmStep {
  const { Wih, Whh, b } = weights, H = cPrev.length;
  const a = sum(product(Wih, input), product(Whh, hPrev), b);
  if (a.length !== 4 * H) {
    throw new TypeError(`Cannot step an LSTM: wanted ${4 * H} sums, got ${a.length}`);
  }
  const i = a.slice(0, H).map(sigmoid);
  const f = a.slice(H, 2 * H).map(sigmoid);
  const g = a.slice(2 * H, 3 * H).map(tanh);
  const o = a.slice(3 * H).map(sigmoid);
  const c = cPrev.map((cPrev_k, k) => f[k] * cPrev_k + i[k] * g[k]);
  const h = c.map((c_k, k) => o[k] * tanh(c_k));
  return { input, hPrev, cPrev, i, f, g, o, c, h };
}

/**
 * Reverses {@linkcode lstmCell}.
 *
 * ∂L/∂c_t arrives from step t + 1 and through h_t: ∂L/∂c_t += ∂L/∂h_t o (1 − tanh²(c_t)). From it, unit by unit,
 * ∂L/∂f = ∂L/∂c c_{t−1}, ∂L/∂i = ∂L/∂c g, ∂L/∂g = ∂L/∂c i, and ∂L/∂o = ∂L/∂h tanh(c).
 *
 * Source: Gers et al. 2000, with nothing cut off.
 *
 * @example An open forget gate passes the gradient on as it is.
 * ```ts
 * import { lstmCell, lstmCellBackward } from "@/network/lstm_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tensors = (forgetBias: number) => ({
 *   Wih: new Float64Array(4),
 *   Whh: new Float64Array(4),
 *   b: new Float64Array([0, forgetBias, 0, 0]),
 * });
 * const step = lstmCell(tensors(800), [1], [1], [3]);
 * assertEquals(lstmCellBackward(tensors(800), tensors(0), step, [0], [5]).gCPrev, [5]);
 * ```
 * @param weights The cell's parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param step What {@linkcode lstmCell} returned.
 * @param gH ∂L/∂h_t, `H`.
 * @param gCNext the part of ∂L/∂c_t from step t + 1 on, `H`.
 * @returns ∂L/∂input, ∂L/∂h_{t−1} and ∂L/∂c_{t−1}.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient of h or c is NaN or infinite.
 */
export function lstmCellBackward(
  weights: LstmWeights,
  gWeights: LstmWeights,
  step: LstmStep,
  gH: Vector,
  gCNext: Vector,
): LstmStepGradient {
  const { input, hPrev, cPrev, i, f, g, o, c } = step;
  checkVector("reverse an LSTM's step", "gradients of h", gH, c.length);
  checkVector("reverse an LSTM's step", "gradients of c", gCNext, c.length);
  // h = o tanh(c)
  const gO = c.map((c_k, k) => gH[k] * tanh(c_k));
  const gC = c.map((c_k, k) => gCNext[k] + gH[k] * o[k] * tanhSlope(tanh(c_k)));
  // c = f c_{t−1} + i g
  const gF = cPrev.map((cPrev_k, k) => gC[k] * cPrev_k);
  const gI = g.map((g_k, k) => gC[k] * g_k);
  const gG = i.map((i_k, k) => gC[k] * i_k);
  const gCPrev = f.map((f_k, k) => gC[k] * f_k);
  // i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o)
  const gA = [
    ...i.map((i_k, k) => gI[k] * sigmoidSlope(i_k)),
    ...f.map((f_k, k) => gF[k] * sigmoidSlope(f_k)),
    ...g.map((g_k, k) => gG[k] * tanhSlope(g_k)),
    ...o.map((o_k, k) => gO[k] * sigmoidSlope(o_k)),
  ];
  // a = W_ih input + W_hh h_{t−1} + b
  accumulate(gWeights.b, gA);
  const gInput = productBackward(weights.Wih, gWeights.Wih, input, gA);
  const gHPrev = productBackward(weights.Whh, gWeights.Whh, hPrev, gA);
  return { gInput, gHPrev, gCPrev };
}
