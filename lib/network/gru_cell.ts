/**
 * One step of the GRU, with its gradient.
 *
 * | symbol | what it is                                                        |
 * | ------ | ----------------------------------------------------------------- |
 * | r      | the reset gate: how much of h_{t−1}'s part of the candidate counts |
 * | z      | the update gate: how much of h_{t−1} is kept                      |
 * | m      | h_{t−1}'s part of the candidate's sum, before the reset gate      |
 * | n      | the candidate: what takes the place of what is not kept           |
 * | h      | the hidden state                                                  |
 *
 * The sums of the gates lie one after the other in the order r, z, n, which is PyTorch's, and so is the place of the
 * reset gate: it multiplies W_hn h_{t−1} + b_hn. (In the paper it multiplies h_{t−1} before the product, and there are
 * no biases; its z is 1 − z here.) The biases of input and h_{t−1} are added to the same sum for r and z, so there is one
 * for both; n has one of each. ∂L/∂X is called gX.
 *
 * `H` hidden units, `I` inputs.
 *
 * Source: Cho et al. 2014, "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine
 * Translation", arXiv:1406.1078, section 2.3; the equations below are those of PyTorch's `torch.nn.GRU`.
 *
 * @module
 */
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from "@/math/activations.ts";
import { checkVector, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "./affine.ts";

/** The parameters of a GRU cell, or their gradients. */
export interface GruWeights {
  /** Input → sums, 3`H` × `I`, by rows. */
  readonly Wih: Float64Array;
  /** h_{t−1} → sums, 3`H` × `H`, by rows. */
  readonly Whh: Float64Array;
  /** Of the sums, 3`H`; the candidate's is not reset. */
  readonly b: Float64Array;
  /** b_hn, of m, `H`: it is reset. */
  readonly bHn: Float64Array;
}

/** One step of a GRU: its inputs and its results; all but the input are `H` wide. */
export interface GruStep {
  /** `I`. */
  readonly input: Vector;
  /** h_{t−1}. */
  readonly hPrev: Vector;
  /** r_t, the reset gate. */
  readonly r: Vector;
  /** z_t, the update gate. */
  readonly z: Vector;
  /** m_t = W_hn h_{t−1} + b_hn. */
  readonly m: Vector;
  /** n_t, the candidate. */
  readonly n: Vector;
  /** h_t. */
  readonly h: Vector;
}

/** Gradients of the loss with respect to the inputs of one step. */
export interface GruStepGradient {
  /** ∂L/∂input, `I`. */
  readonly gInput: Vector;
  /** ∂L/∂h_{t−1}, `H`. */
  readonly gHPrev: Vector;
}

/**
 * Takes one step.
 *
 * r = σ(W_ir input + W_hr h_{t−1} + b_r), z = σ(W_iz input + W_hz h_{t−1} + b_z)
 *
 * m = W_hn h_{t−1} + b_hn, n = tanh(W_in input + b_n + r m)
 *
 * h_t = (1 − z) n + z h_{t−1}, unit by unit
 *
 * Source: Cho et al. 2014, section 2.3, with the reset gate where PyTorch has it.
 *
 * @example Both gates at one half, and a candidate of 0: half of the state is kept.
 * ```ts
 * import { gruCell } from "@/network/gru_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [Wih, Whh, b, bHn] = [3, 3, 3, 1].map((length) => new Float64Array(length));
 * assertEquals(gruCell({ Wih, Whh, b, bHn }, [7], [3]).h, [1.5]);
 * ```
 * @param weights The cell's parameters.
 * @param input `I` numbers.
 * @param hPrev h_{t−1}, `H`.
 * @returns The step: what went in, the gates, the candidate and h_t.
 * @throws {TypeError} If a shape does not fit.
 */
export function gruCell(weights: GruWeights, input: Vector, hPrev: Vector): GruStep {
  const { Wih, Whh, b, bHn } = weights, H = hPrev.length;
  const aInput = sum(product(Wih, input), b), aHidden = product(Whh, hPrev);
  if (aInput.length !== 3 * H) {
    throw new TypeError(`Cannot step a GRU: wanted ${3 * H} sums, got ${aInput.length}`);
  }
  const r = sum(aInput.slice(0, H), aHidden.slice(0, H)).map(sigmoid);
  const z = sum(aInput.slice(H, 2 * H), aHidden.slice(H, 2 * H)).map(sigmoid);
  const m = sum(aHidden.slice(2 * H), bHn);
  const n = aInput.slice(2 * H).map((a_k, k) => tanh(a_k + r[k] * m[k]));
  const h = hPrev.map((hPrev_k, k) => (1 - z[k]) * n[k] + z[k] * hPrev_k);
  return { input, hPrev, r, z, m, n, h };
}

/**
 * Reverses {@linkcode gruCell}.
 *
 * ∂L/∂n = ∂L/∂h (1 − z), ∂L/∂z = ∂L/∂h (h_{t−1} − n); with a_n the sum inside tanh, ∂L/∂r = ∂L/∂a_n m and
 * ∂L/∂m = ∂L/∂a_n r; h_{t−1} also has ∂L/∂h z, past all products.
 *
 * Source: the chain rule.
 *
 * @example An update gate of 1 passes the gradient on as it is.
 * ```ts
 * import { gruCell, gruCellBackward } from "@/network/gru_cell.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tensors = (updateBias: number) => {
 *   const [Wih, Whh, bHn] = [3, 3, 1].map((length) => new Float64Array(length));
 *   return { Wih, Whh, b: new Float64Array([0, updateBias, 0]), bHn };
 * };
 * const step = gruCell(tensors(800), [1], [3]);
 * assertEquals(step.h, [3]);
 * assertEquals(gruCellBackward(tensors(800), tensors(0), step, [5]).gHPrev, [5]);
 * ```
 * @param weights The cell's parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param step What {@linkcode gruCell} returned.
 * @param gH ∂L/∂h_t, `H`.
 * @returns ∂L/∂input and ∂L/∂h_{t−1}.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient of h is NaN or infinite.
 */
export function gruCellBackward(
  weights: GruWeights,
  gWeights: GruWeights,
  step: GruStep,
  gH: Vector,
): GruStepGradient {
  const { input, hPrev, r, z, m, n, h } = step;
  checkVector("reverse a GRU's step", "gradients of h", gH, h.length);
  // h = (1 − z) n + z h_{t−1}
  const gN = z.map((z_k, k) => gH[k] * (1 - z_k));
  const gZ = hPrev.map((hPrev_k, k) => gH[k] * (hPrev_k - n[k]));
  const gHKept = z.map((z_k, k) => gH[k] * z_k);
  // n = tanh(a_n), a_n = W_in input + b_n + r m
  const gAn = n.map((n_k, k) => gN[k] * tanhSlope(n_k));
  const gR = m.map((m_k, k) => gAn[k] * m_k);
  const gM = r.map((r_k, k) => gAn[k] * r_k);
  // r = σ(a_r), z = σ(a_z)
  const gAr = r.map((r_k, k) => gR[k] * sigmoidSlope(r_k));
  const gAz = z.map((z_k, k) => gZ[k] * sigmoidSlope(z_k));
  // a = W_i input + W_h h_{t−1} + b, m = W_hn h_{t−1} + b_hn
  const gAInput = [...gAr, ...gAz, ...gAn], gAHidden = [...gAr, ...gAz, ...gM];
  accumulate(gWeights.b, gAInput);
  accumulate(gWeights.bHn, gM);
  const gInput = productBackward(weights.Wih, gWeights.Wih, input, gAInput);
  const gHPrev = sum(gHKept, productBackward(weights.Whh, gWeights.Whh, hPrev, gAHidden));
  return { gInput, gHPrev };
}
