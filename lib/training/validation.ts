/**
 * Validation: how good a network is while it is trained, whether it is the best so far, and whether training can stop.
 *
 * Decisions are made on validation pairs alone; test pairs come from streams of their own, and only once training is
 * over.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { isOfControls } from "@/models/sequence_shape.ts";
import type { Scores } from "@/tasks/scores.ts";
import { type LengthRange, type Task, testLengths } from "@/tasks/task.ts";
import { type EvaluateSet, type RunPairSet, scoreSets } from "./evaluation.ts";
import type { TrainingPlan } from "./training_plan.ts";

/** A number of pairs and their lengths. What they are used for decides the purpose, and so the stream. */
export type SetSize = Omit<RunPairSet, "purpose">;

/** What the sets of a run depend on: the lengths that it trains on, and the task's. */
export interface SetsBasis extends Pick<TrainingPlan, "lengths"> {
  readonly task: Pick<Task, "lengths">;
}

/** The sets of pairs of a run. */
export interface ValidationSets {
  /** Training strings between two validations. */
  readonly every: number;
  /** How many of the validation pairs a validation uses: the first ones. */
  readonly validated: number;
  /** Further validation pairs, in order; training stops once a network whose last phase is over is right on all of them. */
  further(basis: SetsBasis): readonly SetSize[];
  /** How many of the validation pairs the final scores use. */
  readonly scored: number;
  /** The test pairs of the final scores. */
  test(basis: SetsBasis): readonly SetSize[];
}

/** Far longer strings, fewer of them the longer they are: 100 of 1,000 symbols, 10 of 10,000. */
const farLonger = (length: number): SetSize => ({
  strings: Math.min(100, Math.ceil(100_000 / length)),
  lengths: { shortest: length, longest: length },
});

const longerThan = ({ longest }: LengthRange): LengthRange => {
  return { shortest: longest + 1, longest: 2 * longest };
};

/** The sets of `deno task train`. */
export const STANDARD_SETS: ValidationSets = {
  every: 400,
  validated: 100,
  further({ lengths, task }) {
    const longer = longerThan(lengths);
    return [
      { strings: 100, lengths: longer }, // the first of 3,000: most networks that fail do so here
      { strings: 3000, lengths }, // short ones, in which each character is often the last
      { strings: 3000, lengths: longer },
      ...task.lengths.validation.map(farLonger),
    ];
  },
  scored: 1000,
  test: ({ lengths, task }) => [
    { strings: 1000, lengths: testLengths(task.lengths, lengths) },
    ...[1000, 10_000].map(farLonger),
  ],
};

/**
 * The sets of a run's final scores: validation pairs, then test pairs.
 *
 * @param sets The run's.
 * @param basis The run's plan.
 * @returns The sets, in the order in which they are scored.
 */
export function finalSets(sets: ValidationSets, basis: SetsBasis): RunPairSet[] {
  const test = sets.test(basis).map((size) => ({ ...size, purpose: "test" } as const));
  return [{ purpose: "validation", strings: sets.scored, lengths: basis.lengths }, ...test];
}

/** The result of a validation. */
export interface Validation {
  /** Exact match on validation pairs. */
  readonly coarse: number;
  /** Prefix accuracy on validation pairs. */
  readonly fine: number;
  /** How many further validation pairs were right, up to the first set with a mistake; they are only asked once the last phase is over. */
  readonly further: number;
  /** Whether every further validation pair was right too. */
  readonly done: boolean;
}

/** A network and its validation. */
export interface ValidatedNetwork extends Validation {
  /** As they were validated. */
  readonly parameters: Tensors;
  /** Training strings that it was trained on. */
  readonly strings: number;
}

/** What is validated, and on what. */
export interface ValidationRequest extends SetsBasis {
  readonly sets: ValidationSets;
  readonly seed: number;
  /** Whether to go on to the further pairs, if all validation pairs are right. */
  readonly phaseComplete: boolean;
}

/**
 * Validates a network: on validation pairs, then, if all are right and its last phase is over, on further ones.
 *
 * @param evaluate Scores the network on a set.
 * @param request What to validate on.
 * @param onProgress Receives the share that is done; further pairs may take minutes. It may throw in order to stop.
 * @returns The result; it depends on the network and the seed alone.
 * @throws {RangeError} If the network gives a NaN.
 */
export function validate(
  evaluate: EvaluateSet,
  { sets, lengths, task, seed, phaseComplete }: ValidationRequest,
  onProgress: (share: number) => void,
): Validation {
  const validation = { purpose: "validation", strings: sets.validated, lengths } as const;
  const further = sets.further({ lengths, task }).map((size) => {
    return { ...size, purpose: "longer validation" } as const; // the name that the stream has always had
  });
  const asked = [validation, ...(phaseComplete ? further : [])];
  const scores = scoreSets(evaluate, seed, asked, { continueWhile: isRight, onProgress });
  const [{ coarse, fine }, ...ofFurther] = scores;
  const right = ofFurther.reduce((sum, { exact }) => sum + exact, 0);
  return { coarse, fine, further: right, done: phaseComplete && scores.every(isRight) };
}

function isRight({ coarse }: Scores): boolean {
  return coarse === 1;
}

/**
 * Whether one validation is at least as good as another: done first, then exact match, further pairs, prefix accuracy.
 *
 * @example A later network that is as good is preferred.
 * ```ts
 * import { atLeastAsGood } from "@/training/validation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const good = { coarse: 1, fine: 1, further: 0, done: false };
 * assertEquals(atLeastAsGood(good, good), true);
 * assertEquals(atLeastAsGood({ ...good, coarse: 0.9 }, good), false);
 * assertEquals(atLeastAsGood(good, { ...good, further: 1 }), false);
 * assertEquals(atLeastAsGood(good, { ...good, done: true }), false);
 * ```
 * @param later The later one.
 * @param earlier The earlier one.
 * @returns Whether the later one takes its place.
 */
export function atLeastAsGood(later: Validation, earlier: Validation): boolean {
  if (later.done !== earlier.done) return later.done;
  if (later.coarse !== earlier.coarse) return later.coarse > earlier.coarse;
  if (later.further !== earlier.further) return later.further > earlier.further;
  return later.fine >= earlier.fine;
}

/**
 * Multiplies the pre-activations of push and pop, so that both saturate: no decision changes, σ(2a) lies on the same side
 * of ½ as σ(a), and its distance from 0 or 1 is about squared.
 *
 * d = σ(gain · (w_d · o′ + b_d)), u likewise; in the softmax of a superposition stack the sum of the no-op too, so that the
 * most probable action stays the most probable
 *
 * @example A bias of 0 stays 0.
 * ```ts
 * import { sharpenGates } from "@/training/validation.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const parameters = { "push.weight": new Float32Array([1, -2]), "push.bias": new Float32Array(1) };
 * assertEquals(sharpenGates(parameters, 2)["push.weight"], new Float32Array([2, -4]));
 * ```
 * @param parameters A network's, with a memory or without.
 * @param gain The factor on the weights and biases of these heads, of every port.
 * @returns New tensors for these heads, the same ones for all else.
 */
export function sharpenGates(parameters: Tensors, gain: number): Tensors {
  const sharpened = Object.entries(parameters).map(([name, tensor]) => //
  [name, isOfControls(name) ? tensor.map((weight) => gain * weight) : tensor]);
  return Object.fromEntries(sharpened);
}
