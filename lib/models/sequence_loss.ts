/**
 * The loss of a sequence model, step by step, with its gradient.
 *
 * L = λ_o Σ_t CE(logits_t, target_t) + λ_v Σ_t CE(W_l v_t + b_l, valueTarget_t)
 *   + λ_p Σ_t CE(W_p v_t + b_p, x_{t−1}) + Σ_t Σ_p controlLoss(a_d, a_u)
 *
 * CE is the cross-entropy; steps whose target is −1 are left out of its sums, as is the symbol before the first one, x_0. The
 * third sum is over the steps that have a value target. Σ_p runs over the memory's ports, each with its own a_d and a_u, the
 * sums of the push and the pop before noise and σ; v_t is the value of {@linkcode AUXILIARY_PORT}. The second part asks each
 * pushed value to stand for a symbol, the third for the symbol before it too, through a matrix that only the training has;
 * `control_loss.ts` has the rest. All but the first need a memory, and none of them is in the paper.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4, for the first part.
 *
 * `T` steps, `K` symbols; t counts steps from 0.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { crossEntropy, crossEntropyBackward } from "@/network/cross_entropy.ts";
import {
  controlLoss,
  controlLossBackward,
  isReading,
  type PortSumsGradient,
  stepKind,
} from "./control_loss.ts";
import type { LossWeights, SequenceString } from "./sequence_batch.ts";

/** The port whose values the loss asks to stand for symbols: a deque's top. */
export const AUXILIARY_PORT = 0;

/** The part of a step that the loss depends on. */
export interface LossStep {
  /** `K`. */
  readonly logits: Vector;
  /** With a memory only. */
  readonly memory?: LossMemoryStep;
}

interface LossMemoryStep {
  /** The sums of each port's push and pop before noise and σ. */
  readonly heads: { readonly ports: readonly LossPortStep[] };
  /** W_l v_t + b_l of {@linkcode AUXILIARY_PORT}, `K`. */
  readonly valueLogits: Vector;
  /** W_p v_t + b_p, `K`; empty in a model without W_p. */
  readonly previousLogits: Vector;
}

interface LossPortStep {
  readonly pushSum: number;
  readonly popSum: number;
}

/** The part of a string's trace that the loss depends on: a step for each symbol. */
export interface LossTrace {
  readonly steps: readonly LossStep[];
}

/** Gradients of the loss with respect to its inputs at one step. */
export interface StepLossGradient {
  /** ∂L/∂logits, `K`. */
  readonly gLogits: Vector;
  /** ∂L/∂(W_l v_t + b_l), `K`; empty without a memory. */
  readonly gValueLogits: Vector;
  /** ∂L/∂(W_p v_t + b_p), `K`; empty in a model without W_p. */
  readonly gPreviousLogits: Vector;
  /** Of each port, `P`; empty without a memory. */
  readonly ports: readonly PortSumsGradient[];
}

/**
 * Finds the symbol that the value should name beside its own: the one before, where there is one and a value target.
 *
 * @param string Inputs and value targets.
 * @param t The step, from 0.
 * @returns The symbol, or −1.
 */
export function previousTarget(string: SequenceString, t: number): number {
  return t > 0 && isReading(string, t) ? string.inputs[t - 1] : -1;
}

/** The loss of one step; the caller has checked the arguments. */
function stepLoss(
  weights: LossWeights,
  string: SequenceString,
  step: LossStep,
  t: number,
): number {
  const { outputWeight } = weights, target = string.targets[t];
  const output = target < 0 ? 0 : outputWeight * crossEntropy(step.logits, target);
  return step.memory === undefined ? output : output + memoryLoss(weights, string, step.memory, t);
}

function memoryLoss(
  weights: LossWeights,
  string: SequenceString,
  { heads: { ports }, valueLogits, previousLogits }: LossMemoryStep,
  t: number,
): number {
  const { valueWeight = 0, previousWeight = 0 } = weights;
  const target = string.valueTargets?.[t] ?? -1, before = previousTarget(string, t);
  const value = target < 0 ? 0 : valueWeight * crossEntropy(valueLogits, target);
  const previous = before < 0 || previousWeight === 0
    ? 0
    : previousWeight * crossEntropy(previousLogits, before);
  const kind = stepKind(string, t);
  return ports.reduce((L, sums, p) => L + controlLoss(weights, p, kind, sums), value + previous);
}

/** Reverses {@linkcode stepLoss}. */
export function stepLossBackward(
  weights: LossWeights,
  string: SequenceString,
  { logits, memory }: LossStep,
  t: number,
): StepLossGradient {
  const { outputWeight, valueWeight = 0, previousWeight = 0 } = weights;
  const target = string.targets[t], valueTarget = string.valueTargets?.[t] ?? -1;
  const gradientOf = (logits: Vector, target: number, weight: number) =>
    target < 0 ? logits.map(() => 0) : crossEntropyBackward(logits, target, weight);
  const gLogits = gradientOf(logits, target, outputWeight);
  if (memory === undefined) return { gLogits, gValueLogits: [], gPreviousLogits: [], ports: [] };
  const { heads: { ports }, valueLogits, previousLogits } = memory;
  const before = previousLogits.length > 0 ? previousTarget(string, t) : -1;
  const kind = stepKind(string, t);
  return {
    gLogits,
    gValueLogits: gradientOf(valueLogits, valueTarget, valueWeight),
    gPreviousLogits: gradientOf(previousLogits, before, previousWeight),
    ports: ports.map((sums, p) => controlLossBackward(weights, p, kind, sums)),
  };
}

/**
 * Adds up the loss of a string.
 *
 * L = Σ_t of the steps' losses
 *
 * Source: Grefenstette et al. 2015, section 4, for the cross-entropy of the targets.
 *
 * @example With all parameters 0 two symbols are equally likely at the one step that has a target.
 * ```ts
 * import { sequenceLoss } from "@/models/sequence_loss.ts";
 * import { runSequence } from "@/models/sequence_model.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 1, symbols: 2 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const string = { inputs: [0, 1], targets: [-1, 0] };
 * const trace = runSequence(shape, zeroParameters(shape), string);
 * assertEquals(sequenceLoss({ outputWeight: 3 }, string, trace), 3 * Math.LN2);
 * ```
 * @param weights Of the parts of the loss.
 * @param string Inputs and targets.
 * @param trace What `runSequence` returned for it.
 * @returns L.
 * @throws {TypeError} If the trace does not have one step for each symbol of the string.
 */
export function sequenceLoss(
  weights: LossWeights,
  string: SequenceString,
  trace: LossTrace,
): number {
  checkTrace("add up the loss", string, trace);
  return trace.steps.reduce((L, step, t) => L + stepLoss(weights, string, step, t), 0);
}

/**
 * Checks that a trace has a step for each symbol of a string.
 *
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param string Its inputs.
 * @param trace Its steps.
 * @throws {TypeError} If the trace does not have one step for each symbol of the string.
 */
export function checkTrace(action: string, string: SequenceString, trace: LossTrace): void {
  const [T, steps] = [string.inputs.length, trace.steps.length];
  if (steps !== T) {
    throw new TypeError(`Cannot ${action}: wanted ${T} steps in the trace, got ${steps}`);
  }
}
