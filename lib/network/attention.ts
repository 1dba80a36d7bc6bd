/**
 * Attention: a weighted mean of values, whose weights depend on how well a query fits each value's key; with its gradient.
 *
 * | symbol | size  | what it is                                                          |
 * | ------ | ----- | ------------------------------------------------------------------- |
 * | q      | Q     | the query: what is looked for, such as the decoder's h_{t−1}          |
 * | k_s    | C     | the key of place s: what is known of it, such as the encoder's h_s    |
 * | v_s    | M     | the value of place s; often its key                                 |
 * | p      | A     | W_q q, the query's projection                                       |
 * | k′_s   | A     | W_k k_s, the key's projection                                       |
 * | e_s    |       | the score of place s                                                |
 * | α_s    |       | its weight; all weights sum to 1                                    |
 * | z      | M     | the context: Σ_s α_s v_s                                            |
 *
 * There are two kinds. Additive: e_s = w · tanh(p + k′_s). Dot product: e_s = p · k′_s / √A; it has no w.
 * ∂L/∂X is called gX.
 *
 * `S` places, `A` numbers in a projection, `Q` in a query, `C` in a key, `M` in a value.
 *
 * Source: Bahdanau, Cho and Bengio 2015, "Neural Machine Translation by Jointly Learning to Align and Translate",
 * arXiv:1409.0473; Luong et al. 2015, arXiv:1508.04025, and Vaswani et al. 2017, arXiv:1706.03762, for the dot product.
 *
 * @module
 */
import { softmax, softmaxBackward, tanh, tanhSlope } from "@/math/activations.ts";
import { checkMatrix, checkVector, type Matrix, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "./affine.ts";

/** The parameters of attention, or their gradients. */
export interface AttentionWeights {
  /** q → p, `A` × `Q`, by rows. */
  readonly Wq: Float64Array;
  /** k_s → k′_s, `A` × `C`, by rows. */
  readonly Wk: Float64Array;
  /** w, `A`; additive attention only. */
  readonly w?: Float64Array;
}

/** What attention made of a query: its inputs and its results. */
export interface AttentionStep {
  /** q, `Q`. */
  readonly query: Vector;
  /** k_1 … k_S, `S` × `C`. */
  readonly keys: Matrix;
  /** v_1 … v_S, `S` × `M`. */
  readonly values: Matrix;
  /** p, `A`. */
  readonly projectedQuery: Vector;
  /** k′_1 … k′_S, `S` × `A`. */
  readonly projectedKeys: Matrix;
  /** tanh(p + k′_s), `S` × `A`; no row in dot-product attention. */
  readonly sums: Matrix;
  /** e_1 … e_S. */
  readonly scores: Vector;
  /** α_1 … α_S. */
  readonly weights: Vector;
  /** z, `M`. */
  readonly context: Vector;
}

/** Gradients of the loss with respect to the inputs of attention. */
export interface AttentionGradient {
  /** ∂L/∂q, `Q`. */
  readonly gQuery: Vector;
  /** ∂L/∂k_1 … ∂L/∂k_S, `S` × `C`. */
  readonly gKeys: Matrix;
  /** ∂L/∂v_1 … ∂L/∂v_S, `S` × `M`. */
  readonly gValues: Matrix;
}

/**
 * Reads the values at the places whose keys fit the query.
 *
 * p = W_q q, k′_s = W_k k_s; e_s = w · tanh(p + k′_s), or p · k′_s / √A without a w
 *
 * α = softmax(e), z = Σ_s α_s v_s
 *
 * Source: Bahdanau et al. 2015, section 3.1 and appendix A.1.2; Vaswani et al. 2017, equation 1, for the dot product.
 *
 * @example The query fits the second key, so the context is nearly the second value.
 * ```ts
 * import { attend } from "@/network/attention.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const Wq = new Float64Array([20]), Wk = new Float64Array([1]);
 * const { scores, context } = attend({ Wq, Wk }, [1], [[0], [1]], [[10], [30]]);
 * assertEquals(scores, [0, 20]);
 * assertAlmostEquals(context[0], 30, 1e-6);
 * ```
 * @example A query of 0 fits all keys alike: the context is the values' mean.
 * ```ts
 * import { attend } from "@/network/attention.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const Wq = new Float64Array([20]), Wk = new Float64Array([1]);
 * assertEquals(attend({ Wq, Wk }, [0], [[0], [1]], [[10], [30]]).context, [20]);
 * ```
 * @param weights The parameters; additive attention if there is a w.
 * @param query q, `Q`.
 * @param keys k_1 … k_S, `S` × `C`, at least one.
 * @param values v_1 … v_S, `S` × `M`; the keys, if left out.
 * @returns The step: what went in, scores, weights and context.
 * @throws {TypeError} If there is no key, or a shape does not fit.
 * @throws {RangeError} If a score is NaN or infinite.
 */
export function attend(
  { Wq, Wk, w }: AttentionWeights,
  query: Vector,
  keys: Matrix,
  values: Matrix = keys,
): AttentionStep {
  if (keys.length === 0) throw new TypeError("Cannot attend: wanted at least 1 key, got 0");
  checkMatrix("attend", "keys", keys);
  checkMatrix("attend", "values", values, keys.length);
  const projectedQuery = product(Wq, query), projectedKeys = keys.map((key) => product(Wk, key));
  const sums = w ? projectedKeys.map((key) => sum(key, projectedQuery).map(tanh)) : [];
  const scores = w
    ? sums.map((u) => dot(u, w))
    : projectedKeys.map((key) => dot(key, projectedQuery) / Math.sqrt(key.length));
  const weights = softmax(scores);
  const context = values[0].map((_, m) => values.reduce((z, v, s) => z + weights[s] * v[m], 0));
  return { query, keys, values, projectedQuery, projectedKeys, sums, scores, weights, context };
}

/** Σ_a x_a y_a; throws a TypeError if they are not equally long. */
function dot(x: Vector, y: ArrayLike<number>): number {
  if (x.length !== y.length) {
    throw new TypeError(
      `Cannot attend: wanted projections of ${y.length} numbers, got ${x.length}`,
    );
  }
  return x.reduce((sum, x_a, a) => sum + x_a * y[a], 0);
}

/**
 * Reverses {@linkcode attend}.
 *
 * ∂L/∂v_s = α_s ∂L/∂z, ∂L/∂α_s = ∂L/∂z · v_s, then through the softmax to ∂L/∂e_s; ∂L/∂e_s w (1 − tanh²) is the
 * gradient of p + k′_s in additive attention, ∂L/∂e_s k′_s / √A that of p and ∂L/∂e_s p / √A that of k′_s in the other.
 *
 * Source: the chain rule.
 *
 * @example Two places with equal weights: the gradient moves weight to the greater value, and reaches both values.
 * ```ts
 * import { attend, attendBackward } from "@/network/attention.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { Wq: new Float64Array([1]), Wk: new Float64Array([1]) };
 * const gWeights = { Wq: new Float64Array(1), Wk: new Float64Array(1) };
 * const step = attend(weights, [2], [[0], [0]], [[1], [5]]);
 * const { gKeys, gValues } = attendBackward(weights, gWeights, step, [1]);
 * assertEquals(gValues, [[0.5], [0.5]]);
 * assertEquals(gKeys, [[-2], [2]]); // ∂z/∂e = 1/4 · (1 − 5) and 1/4 · (5 − 1), times p = 2
 * ```
 * @param weights The parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param step What {@linkcode attend} returned.
 * @param gContext ∂L/∂z, `M`.
 * @returns ∂L/∂query, ∂L/∂keys and ∂L/∂values; where the values are the keys, the sum of the last two counts.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient of the context is NaN or infinite.
 */
export function attendBackward(
  weights: AttentionWeights,
  gWeights: AttentionWeights,
  step: AttentionStep,
  gContext: Vector,
): AttentionGradient {
  const { query, keys, values, context } = step;
  checkVector("reverse attention", "gradients of the context", gContext, context.length);
  // z = Σ_s α_s v_s
  const gValues = step.weights.map((α_s) => gContext.map((gZ_m) => α_s * gZ_m));
  const gAlpha = values.map((v_s) => v_s.reduce((gα_s, v_m, m) => gα_s + v_m * gContext[m], 0));
  // α = softmax(e)
  const gScores = softmaxBackward(step.weights, gAlpha);
  const { gProjectedQuery, gProjectedKeys } = weights.w && gWeights.w
    ? additiveBackward(weights.w, gWeights.w, step, gScores)
    : dotProductBackward(step, gScores);
  // p = W_q q, k′_s = W_k k_s
  const gQuery = productBackward(weights.Wq, gWeights.Wq, query, gProjectedQuery);
  const gKeys = keys.map((key, s) =>
    productBackward(weights.Wk, gWeights.Wk, key, gProjectedKeys[s])
  );
  return { gQuery, gKeys, gValues };
}

interface ProjectionGradients {
  /** ∂L/∂p, `A`. */
  readonly gProjectedQuery: Vector;
  /** ∂L/∂k′_1 … ∂L/∂k′_S, `S` × `A`. */
  readonly gProjectedKeys: Matrix;
}

/** Reverses e_s = w · tanh(p + k′_s). */
function additiveBackward(
  w: Float64Array,
  gW: Float64Array,
  { sums }: AttentionStep,
  gScores: Vector,
): ProjectionGradients {
  sums.forEach((u, s) => accumulate(gW, u.map((u_a) => gScores[s] * u_a)));
  const gProjectedKeys = sums.map((u, s) => u.map((u_a, a) => gScores[s] * w[a] * tanhSlope(u_a)));
  const [first, ...others] = gProjectedKeys;
  return { gProjectedQuery: sum(first, ...others), gProjectedKeys };
}

/** Reverses e_s = p · k′_s / √A. */
function dotProductBackward(
  { projectedQuery: p, projectedKeys }: AttentionStep,
  gScores: Vector,
): ProjectionGradients {
  const gDots = gScores.map((gE_s) => gE_s / Math.sqrt(p.length));
  return {
    gProjectedQuery: p.map((_, a) =>
      projectedKeys.reduce((gP_a, key, s) => gP_a + gDots[s] * key[a], 0)
    ),
    gProjectedKeys: gDots.map((gDot) => p.map((p_a) => gDot * p_a)),
  };
}
