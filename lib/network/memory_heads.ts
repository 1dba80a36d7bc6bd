/**
 * The heads between a controller and its memory, with their gradient: for each port how strongly to push and to pop and
 * what to push, and the output.
 *
 * The sums of the push and the pop are kept before noise is added: a loss may keep them where σ is not saturated, and
 * noise on them trains the controller towards saturated controls.
 *
 * A superposition stack's push and pop are two of three probabilities, that of a no-op is the third: a softmax of three sums
 * has the place of the two σ. The sum of the no-op has no noise and no loss of its own: only differences count.
 *
 * `H` numbers in o′_t, `M` in a value, `P` ports.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4; the noise is not in the paper. Joulin and Mikolov 2015,
 * arXiv:1503.01007, section 3.2, for the softmax.
 *
 * @module
 */
import {
  sigmoid,
  sigmoidSlope,
  softmax,
  softmaxBackward,
  tanh,
  tanhSlope,
} from "@/math/activations.ts";
import { checkVector, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "./affine.ts";

/** The parameters of a port's heads, or their gradients; matrices by rows. */
export interface PortHeadsWeights {
  /** o′_t → push, 1 × `H`. */
  readonly Wd: Float64Array;
  /** 1. */
  readonly bd: Float64Array;
  /** o′_t → pop, 1 × `H`. */
  readonly Wu: Float64Array;
  /** 1. */
  readonly bu: Float64Array;
  /** o′_t → no-op, 1 × `H`; left out, the push and the pop are each a σ of its own. */
  readonly Wn?: Float64Array;
  /** 1; with `Wn` only. */
  readonly bn?: Float64Array;
  /** o′_t → value, `M` × `H`. */
  readonly Wv: Float64Array;
  /** `M`. */
  readonly bv: Float64Array;
}

/** The parameters of all heads, or their gradients. */
export interface MemoryHeadsWeights {
  /** Of each port, `P`. */
  readonly ports: readonly PortHeadsWeights[];
  /** o′_t → output, `M` × `H`. */
  readonly Wo: Float64Array;
  /** `M`. */
  readonly bo: Float64Array;
}

/** What is added to the sums of a port's controls before their σ. */
export interface ControlsNoise {
  /** To the push's sum. */
  readonly push: number;
  /** To the pop's sum. */
  readonly pop: number;
}

/** The results of a port's heads for one o′_t. */
export interface PortHeadsStep {
  /** The push's sum, without noise. */
  readonly pushSum: number;
  /** The pop's sum, without noise. */
  readonly popSum: number;
  /** d_t, from 0 to 1. */
  readonly push: number;
  /** u_t, from 0 to 1. */
  readonly pop: number;
  /** v_t, `M`. */
  readonly value: Vector;
}

/** The results of all heads for one o′_t. */
export interface MemoryHeadsStep {
  /** Of each port, `P`. */
  readonly ports: readonly PortHeadsStep[];
  /** o_t, `M`. */
  readonly output: Vector;
}

/** Gradients of the loss with respect to the results of a port's heads. */
export interface PortHeadsGradient {
  /** By the push's sum directly, not through d_t. */
  readonly gPushSum: number;
  /** By the pop's sum directly, not through u_t. */
  readonly gPopSum: number;
  /** ∂L/∂d_t. */
  readonly gPush: number;
  /** ∂L/∂u_t. */
  readonly gPop: number;
  /** ∂L/∂v_t, `M`. */
  readonly gValue: Vector;
}

/** Gradients of the loss with respect to the results of all heads. */
export interface MemoryHeadsGradient {
  /** Of each port, `P`. */
  readonly ports: readonly PortHeadsGradient[];
  /** ∂L/∂o_t, `M`. */
  readonly gOutput: Vector;
}

/**
 * Computes the controls and the value of each port, and the output, from o′_t.
 *
 * d = σ(a_d + noise), a_d = W_d o′ + b_d; u = σ(a_u + noise), a_u = W_u o′ + b_u; v = tanh(W_v o′ + b_v), for each port
 *
 * With a no-op: (d, u, 1 − d − u) = softmax(a_d + noise, a_u + noise, W_n o′ + b_n)
 *
 * o = tanh(W_o o′ + b_o)
 *
 * Source: Grefenstette et al. 2015, section 3.4; Joulin and Mikolov 2015, section 3.2.
 *
 * @example Saturated controls are exactly 1 and 0.
 * ```ts
 * import { memoryHeads } from "@/network/memory_heads.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [zero, one, minus800, plus800] = [0, 1, -800, 800].map((x) => new Float64Array([x]));
 * const port = { Wd: zero, bd: plus800, Wu: zero, bu: minus800, Wv: one, bv: zero };
 * const { ports, output } = memoryHeads({ ports: [port], Wo: one, bo: one }, [0.5]);
 * assertEquals([ports[0].push, ports[0].pop], [1, 0]);
 * assertEquals([ports[0].value, output], [[Math.tanh(0.5)], [Math.tanh(1.5)]]);
 * ```
 * @example With a no-op, three equal sums make a third of each.
 * ```ts
 * import { memoryHeads } from "@/network/memory_heads.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const zero = new Float64Array(1), all = { Wd: zero, bd: zero, Wu: zero, bu: zero, Wv: zero, bv: zero };
 * const port = { ...all, Wn: zero, bn: zero };
 * const { ports: [{ push, pop }] } = memoryHeads({ ports: [port], Wo: zero, bo: zero }, [0.5]);
 * assertEquals([push, pop], [1 / 3, 1 / 3]);
 * ```
 * @param weights The heads' parameters.
 * @param oPrime o′_t, `H`.
 * @param noise Added to the sums of each port's controls, `P`; none if left out.
 * @returns The controls, their sums and the value of each port, and the output.
 * @throws {TypeError} If a shape does not fit.
 */
export function memoryHeads(
  { ports, Wo, bo }: MemoryHeadsWeights,
  oPrime: Vector,
  noise: readonly ControlsNoise[] = ports.map(() => ({ push: 0, pop: 0 })),
): MemoryHeadsStep {
  return {
    ports: ports.map((weights, p) => portHeads(weights, oPrime, noise[p])),
    output: sum(product(Wo, oPrime), bo).map(tanh),
  };
}

function portHeads(
  { Wd, bd, Wu, bu, Wn, bn, Wv, bv }: PortHeadsWeights,
  oPrime: Vector,
  noise: ControlsNoise,
): PortHeadsStep {
  const [pushSum] = sum(product(Wd, oPrime), bd);
  const [popSum] = sum(product(Wu, oPrime), bu);
  const noisy = [pushSum + noise.push, popSum + noise.pop];
  const [push, pop] = Wn && bn
    ? softmax([...noisy, ...sum(product(Wn, oPrime), bn)])
    : noisy.map(sigmoid);
  const value = sum(product(Wv, oPrime), bv).map(tanh);
  return { pushSum, popSum, push, pop, value };
}

/**
 * Reverses {@linkcode memoryHeads}.
 *
 * ∂L/∂a_d = ∂L/∂d d (1 − d) + ∂L/∂a_d directly, and likewise for u; ∂L/∂a = ∂L/∂v (1 − v²) for v, and so
 * for o; then each product is reversed. With a no-op, p the three probabilities and g the gradients by them, that by the
 * no-op's being 0: ∂L/∂a_k = p_k (g_k − Σ_j p_j g_j).
 *
 * Source: the chain rule.
 *
 * @example A control is steepest at one half; the gradient of one unit passes the push's weight of 2.
 * ```ts
 * import { memoryHeads, memoryHeadsBackward } from "@/network/memory_heads.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tensors = (pushWeight: number) => {
 *   const [Wd, bd, Wu, bu, Wv, bv, Wo, bo] = [pushWeight, 0, 0, 0, 0, 0, 0, 0]
 *     .map((x) => new Float64Array([x]));
 *   return { ports: [{ Wd, bd, Wu, bu, Wv, bv }], Wo, bo };
 * };
 * const step = memoryHeads(tensors(2), [0]);
 * const port = { gPushSum: 0, gPopSum: 0, gPush: 1, gPop: 1, gValue: [1] };
 * const gStep = { ports: [port], gOutput: [1] };
 * assertEquals(memoryHeadsBackward(tensors(2), tensors(0), [0], step, gStep), [2 * 0.25]);
 * ```
 * @param weights The heads' parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param oPrime o′_t, `H`.
 * @param step What {@linkcode memoryHeads} returned.
 * @param gStep ∂L with respect to what it returned.
 * @returns ∂L/∂o′_t, `H`.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient of a value or of the output is NaN or infinite.
 */
export function memoryHeadsBackward(
  weights: MemoryHeadsWeights,
  gWeights: MemoryHeadsWeights,
  oPrime: Vector,
  step: MemoryHeadsStep,
  gStep: MemoryHeadsGradient,
): Vector {
  const { ports, output } = step, { gOutput } = gStep;
  checkVector("reverse the heads", "gradients of the output", gOutput, output.length);
  const [gOPrime, ...others] = ports.map((port, p) =>
    portHeadsBackward(weights.ports[p], gWeights.ports[p], oPrime, port, gStep.ports[p])
  );
  // o = tanh(W_o o′ + b_o)
  const gAo = output.map((o_m, m) => gOutput[m] * tanhSlope(o_m));
  accumulate(gWeights.bo, gAo);
  return sum(gOPrime, ...others, productBackward(weights.Wo, gWeights.Wo, oPrime, gAo));
}

function portHeadsBackward(
  weights: PortHeadsWeights,
  gWeights: PortHeadsWeights,
  oPrime: Vector,
  { push, pop, value }: PortHeadsStep,
  { gPushSum, gPopSum, gPush, gPop, gValue }: PortHeadsGradient,
): Vector {
  checkVector("reverse the heads", "gradients of the value", gValue, value.length);
  // d = σ(a_d + noise), u = σ(a_u + noise), v = tanh(a_v)
  const { Wn } = weights, { Wn: gWn, bn: gBn } = gWeights;
  // or, with a no-op, (d, u, 1 − d − u) = softmax(a_d + noise, a_u + noise, a_n)
  const [gPushed, gPopped, ...gAn] = Wn
    ? softmaxBackward([push, pop, 1 - push - pop], [gPush, gPop, 0])
    : [gPush * sigmoidSlope(push), gPop * sigmoidSlope(pop)];
  const gAd = [gPushSum + gPushed], gAu = [gPopSum + gPopped];
  const gAv = value.map((v_m, m) => gValue[m] * tanhSlope(v_m));
  // a = W o′ + b, three or four times
  accumulate(gWeights.bd, gAd);
  accumulate(gWeights.bu, gAu);
  accumulate(gWeights.bv, gAv);
  if (gBn) accumulate(gBn, gAn);
  return sum(
    productBackward(weights.Wd, gWeights.Wd, oPrime, gAd),
    productBackward(weights.Wu, gWeights.Wu, oPrime, gAu),
    productBackward(weights.Wv, gWeights.Wv, oPrime, gAv),
    ...(Wn && gWn ? [productBackward(Wn, gWn, oPrime, gAn)] : []),
  );
}
