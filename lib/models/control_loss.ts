/**
 * The parts of the loss that act on the sums of a port's push and pop before noise and σ, with their gradient: the anchor,
 * which keeps them near fixed numbers, and the hinge, which keeps them below one.
 *
 * λ_a [(a_d − A_d)² + (a_u − A_u)²] + λ_h max(0, a − b)²
 *
 * Both distinguish the steps that read, where there is a value target, from the others; the anchor also distinguishes the
 * first of them, and those of the others that should pop. The hinge is on a = a_u while reading, and on a = a_d at the others.
 * Neither part is in the paper. Of a superposition stack they are the sums before its softmax, in which that of the no-op has no
 * such loss.
 *
 * @module
 */
import type { ControlSums, LossWeights, SequenceString, StepKind } from "./sequence_batch.ts";

/** A port's sums at one step. */
interface PortSums {
  /** a_d. */
  readonly pushSum: number;
  /** a_u. */
  readonly popSum: number;
}

/** Gradients of the loss with respect to a port's sums at one step. */
export interface PortSumsGradient {
  /** ∂L/∂a_d. */
  readonly gPushSum: number;
  /** ∂L/∂a_u. */
  readonly gPopSum: number;
}

/**
 * Whether a string is being read at a step: there is a symbol that its value should stand for.
 *
 * @example Two characters between two marks.
 * ```ts
 * import { isReading } from "@/models/control_loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const string = { inputs: [2, 0, 1, 3], targets: [-1, -1, -1, 0], valueTargets: [-1, 0, 1, -1] };
 * assertEquals([0, 1, 2, 3].map((t) => isReading(string, t)), [false, true, true, false]);
 * ```
 * @param string The string.
 * @param t The step, from 0.
 * @returns Whether it is.
 */
export function isReading({ valueTargets }: SequenceString, t: number): boolean {
  return valueTargets !== undefined && valueTargets[t] >= 0;
}

/**
 * Finds the kind of a step.
 *
 * @example Two characters between two marks.
 * ```ts
 * import { stepKind } from "@/models/control_loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const string = { inputs: [2, 0, 1, 3], targets: [-1, -1, -1, 0], valueTargets: [-1, 0, 1, -1] };
 * const kinds = [0, 1, 2, 3].map((t) => stepKind(string, t));
 * assertEquals(kinds, ["others", "first", "reading", "others"]);
 * const popping = [false, false, false, true]; // said by the string's task
 * assertEquals(stepKind({ ...string, popping }, 3), "popping");
 * ```
 * @param string The string.
 * @param t The step, from 0.
 * @returns Its kind; a step that reads is "first" if the one before does not.
 */
export function stepKind(string: SequenceString, t: number): StepKind {
  if (!isReading(string, t)) return string.popping?.[t] ? "popping" : "others";
  return isReading(string, t - 1) ? "reading" : "first";
}

/**
 * Finds the anchors of a port: its own, or the one pair of numbers for all ports and steps.
 *
 * @example One pair for all.
 * ```ts
 * import { anchorsOf } from "@/models/control_loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pair = { push: 0, pop: -1 };
 * const anchors = anchorsOf({ outputWeight: 1, anchorPop: -1 }, 0);
 * assertEquals(anchors, { others: pair, reading: pair, first: pair, popping: pair });
 * ```
 * @param weights Of the loss.
 * @param port The port.
 * @returns Its anchors at each kind of step.
 */
export function anchorsOf(
  weights: LossWeights,
  port: number,
): Readonly<Record<StepKind, ControlSums>> {
  const { anchorPush: push = 0, anchorPop: pop = 0, anchors } = weights;
  const pair = { push, pop };
  const own = anchors?.[port] ?? { others: pair, reading: pair, first: pair };
  return { ...own, popping: own.popping ?? own.others };
}

/**
 * The anchor's weight at a kind of step.
 *
 * @param weights Of the loss.
 * @param kind The kind of step.
 * @returns λ_a.
 */
export function anchorWeightAt(
  { anchorWeight = 0, firstAnchorWeight = anchorWeight }: LossWeights,
  kind: StepKind,
): number {
  return kind === "first" ? firstAnchorWeight : anchorWeight;
}

/** Which of its sums the hinge holds at a kind of step: a factor for each, 1 or 0. */
function hingedSums(kind: StepKind): ControlSums {
  return kind === "reading" || kind === "first" ? { push: 0, pop: 1 } : { push: 1, pop: 0 };
}

/**
 * The loss of one port's sums at one step.
 *
 * @example The anchor at 0 and −1, the hinge from −2 on.
 * ```ts
 * import { controlLoss } from "@/models/control_loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { outputWeight: 1, anchorWeight: 10, anchorPop: -1 };
 * const sums = { pushSum: 1, popSum: 0 };
 * assertEquals(controlLoss(weights, 0, "others", sums), 10 * (1 + 1));
 * const hinge = { ...weights, hingeWeight: 100, hingeBound: -2 };
 * assertEquals(controlLoss(hinge, 0, "others", sums), 20 + 100 * 3 ** 2);
 * assertEquals(controlLoss(hinge, 0, "reading", sums), 20 + 100 * 2 ** 2);
 * ```
 * @param weights Of the loss.
 * @param port The port.
 * @param kind The kind of step; see {@linkcode stepKind}.
 * @param sums The port's.
 * @returns The loss.
 */
export function controlLoss(
  weights: LossWeights,
  port: number,
  kind: StepKind,
  { pushSum, popSum }: PortSums,
): number {
  const { hingeWeight = 0, hingeBound = 0 } = weights;
  const anchorWeight = anchorWeightAt(weights, kind), anchor = anchorsOf(weights, port)[kind];
  const [push, pop] = [pushSum - anchor.push, popSum - anchor.pop];
  const hinged = hingedSums(kind), over = (sum: number) => Math.max(0, sum - hingeBound);
  const hinge = hinged.push * over(pushSum) ** 2 + hinged.pop * over(popSum) ** 2;
  return anchorWeight * (push ** 2 + pop ** 2) + hingeWeight * hinge;
}

/**
 * Reverses {@linkcode controlLoss}.
 *
 * ∂/∂a = 2 λ_a (a − A) + 2 λ_h max(0, a − b)
 *
 * @example A push that is 3 too high for the hinge.
 * ```ts
 * import { controlLossBackward } from "@/models/control_loss.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = { outputWeight: 1, hingeWeight: 100, hingeBound: -2 };
 * const sums = { pushSum: 1, popSum: 1 };
 * assertEquals(controlLossBackward(weights, 0, "others", sums), { gPushSum: 600, gPopSum: 0 });
 * ```
 * @param weights Of the loss.
 * @param port The port.
 * @param kind The kind of step.
 * @param sums The port's.
 * @returns ∂L/∂sums.
 */
export function controlLossBackward(
  weights: LossWeights,
  port: number,
  kind: StepKind,
  { pushSum, popSum }: PortSums,
): PortSumsGradient {
  const { hingeWeight = 0, hingeBound = 0 } = weights, hinged = hingedSums(kind);
  const anchorWeight = anchorWeightAt(weights, kind), anchor = anchorsOf(weights, port)[kind];
  const gOver = (sum: number) => hingeWeight * 2 * Math.max(0, sum - hingeBound);
  return {
    gPushSum: anchorWeight * 2 * (pushSum - anchor.push) + hinged.push * gOver(pushSum),
    gPopSum: anchorWeight * 2 * (popSum - anchor.pop) + hinged.pop * gOver(popSum),
  };
}
