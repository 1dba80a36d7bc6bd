/**
 * On which strings a network for string reversal is examined.
 *
 * Training goes by the first two alone; test strings come from streams of their own, and only once it is
 * over.
 *
 * @module
 */
import type { LengthRange, ReversalPurpose } from "@/tasks/streams.ts";
import type { ReversalPlan } from "./plan.ts";
import type { Tensors } from "@/engine/engine.ts";
import { createStepper, type Stepper } from "@/engine/stepper.ts";
import type { ReversalScores } from "@/tasks/scores.ts";
import { setScoresSteps, type StringSet } from "./evaluation.ts";

/** How a network is examined. */
export interface ReversalSets {
  /** Training strings between two examinations. */
  readonly every: number;
  /** How many of the validation strings an examination looks at: the first ones. */
  readonly examined: number;
  /** Longer validation strings, in the order in which they are asked; a run is done that answers them all. */
  readonly longer: readonly StringSet[];
  /** The last table, in its order, for a run of certain lengths. */
  last(plan: ReversalPlan): readonly StringSet[];
}

const exactly = (length: number): LengthRange => ({ shortest: length, longest: length });

/** The sets of the experiment. */
export const REVERSAL_SETS: ReversalSets = {
  every: 400,
  examined: 100,
  longer: [
    { purpose: "longer validation", strings: 100, lengths: exactly(1000) },
    { purpose: "longer validation", strings: 10, lengths: exactly(10_000) },
  ],
  last({ lengths }) {
    const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
    return [
      { purpose: "validation", strings: 1000, lengths },
      { purpose: "test", strings: 1000, lengths: longer },
      { purpose: "test", strings: 100, lengths: exactly(1000) },
      { purpose: "test", strings: 10, lengths: exactly(10_000) },
    ];
  },
};

/** What an examination found. */
export interface Examination {
  /** On validation strings. */
  readonly coarse: number;
  /** On validation strings. */
  readonly fine: number;
  /** Whether every longer validation string was right too; they are asked only of a network that may be done. */
  readonly done: boolean;
}

/** A network that was examined, and what was found. */
export interface ExaminedNetwork extends Examination {
  /** As they were examined. */
  readonly parameters: Tensors;
  /** Training strings that it had learned from. */
  readonly strings: number;
}

/** Someone who examines the networks of one run. */
export interface Examiner {
  /**
   * Examines a network, a step of it at a time: longer strings may take minutes.
   *
   * @param parameters Its parameters.
   * @param mayBeDone Whether longer strings are to be asked, if validation strings are all right.
   * @returns A generator that yields the share that is done, and returns what was found. It ends early where
   * a string is answered wrong, and may be left at any step; only one may be under way.
   */
  examination(parameters: Tensors, mayBeDone: boolean): Generator<number, Examination>;
  /** A network to ask by oneself, until the next examination. */
  network(parameters: Tensors): Stepper;
}

/**
 * Makes an examiner.
 *
 * @param plan What is trained.
 * @param sets On which strings.
 * @returns The examiner; what it finds depends on the parameters and the run's seed alone.
 */
export function createExaminer(plan: ReversalPlan, sets: ReversalSets): Examiner {
  const { shape, lengths, settings: { build } } = plan;
  let stepper: Stepper | undefined;

  function network(parameters: Tensors): Stepper {
    if (stepper) stepper.setParameters(parameters);
    else stepper = createStepper(shape, parameters, build);
    return stepper;
  }
  const validation = { purpose: "validation", strings: sets.examined, lengths } as const;
  return {
    network,
    *examination(parameters, mayBeDone) {
      const asked = [validation, ...(mayBeDone ? sets.longer : [])];
      const scores = yield* setScoresSteps(network(parameters), plan, asked, isRight);
      const [{ coarse, fine }] = scores;
      const done = mayBeDone && scores.every(isRight);
      return { coarse, fine, done };
    },
  };
}

function isRight({ coarse }: ReversalScores): boolean {
  return coarse === 1;
}

/**
 * Whether one examination is at least as good as another: done above all, then coarse, then fine.
 *
 * @example A later network that is as good is preferred.
 * ```ts
 * import { atLeastAsGood } from "@/training/validation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const good = { coarse: 1, fine: 1, done: false };
 * assertEquals(atLeastAsGood(good, good), true);
 * assertEquals(atLeastAsGood({ ...good, coarse: 0.9 }, good), false);
 * assertEquals(atLeastAsGood(good, { ...good, done: true }), false);
 * ```
 * @param one The later one.
 * @param other The earlier one.
 * @returns Whether the later one takes its place.
 */
export function atLeastAsGood(one: Examination, other: Examination): boolean {
  if (one.done !== other.done) return one.done;
  if (one.coarse !== other.coarse) return one.coarse > other.coarse;
  return one.fine >= other.fine;
}

/**
 * Multiplies the push's and the pop's sums, and so makes both crisper: no decision changes, σ(2a) is as
 * far from ½ as σ(a) on the same side, and its distance from 0 or 1 is squared.
 *
 * d = σ(gain · (w_d · o′ + b_d)), u likewise
 *
 * @example What is at 0.5 stays there.
 * ```ts
 * import { withCrispControls } from "@/training/validation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const parameters = { "push.weight": new Float32Array([1, -2]), "push.bias": new Float32Array(1) };
 * assertEquals(withCrispControls(parameters, 2)["push.weight"], new Float32Array([2, -4]));
 * ```
 * @param parameters A network's, with a stack or without.
 * @param gain What their weights and biases are multiplied with.
 * @returns New tensors for the two heads, the same ones for all else.
 */
export function withCrispControls(parameters: Tensors, gain: number): Tensors {
  const crisp: Tensors = { ...parameters };
  for (const name of ["push.weight", "push.bias", "pop.weight", "pop.bias"]) {
    if (name in crisp) crisp[name] = crisp[name].map((weight) => gain * weight);
  }
  return crisp;
}
