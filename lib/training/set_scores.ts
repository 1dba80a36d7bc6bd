/**
 * A network's scores on several sets of strings, a step of the network at a time.
 *
 * @module
 */
import type { SequenceStepper } from "@/tasks/decoding_steps.ts";
import type { ReversalScores } from "@/tasks/reversal_scores.ts";
import { firstStrings } from "@/tasks/reversal_streams.ts";
import { evaluationSteps } from "./reversal_evaluation.ts";
import type { ReversalPlan } from "./reversal_options.ts";
import type { StringSet } from "./reversal_sets.ts";

/**
 * Scores a network on one set after another.
 *
 * @example Two sets, of which the second is not asked for.
 * ```ts
 * import { reversalSymbols } from "@/tasks/string_reversal.ts";
 * import { setScoresSteps } from "@/training/set_scores.ts";
 * import { allAtOnce } from "@/training/steps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * symbols.size }, (_, i) => i % symbols.size),
 * };
 * const set = { purpose: "validation", strings: 3, lengths: { shortest: 1, longest: 4 } } as const;
 * const right = ({ coarse }: { coarse: number }) => coarse === 1;
 * const scores = allAtOnce(setScoresSteps(silent, { symbols, seed: 1 }, [set, set], right));
 * assertEquals(scores, [{ strings: 3, exact: 0, coarse: 0, fine: 0 }]);
 * ```
 * @param network The network.
 * @param plan The symbols of the task and the seed of the strings.
 * @param sets The sets, in their order.
 * @param goOn Whether the next set is asked for, after the scores of one; always, if left out.
 * @returns A generator that yields the share of all sets that is done after each step of the network, and
 * returns the scores of each set that was asked for.
 * @throws {RangeError} If the network gives a NaN.
 */
export function* setScoresSteps(
  network: SequenceStepper,
  { symbols, seed }: Pick<ReversalPlan, "symbols" | "seed">,
  sets: readonly StringSet[],
  goOn: (scores: ReversalScores) => boolean = () => true,
): Generator<number, ReversalScores[]> {
  const total = sets.reduce((sum, set) => sum + charactersOf(set), 0);
  const scores: ReversalScores[] = [];
  let done = 0;
  for (const set of sets) {
    const drawn = firstStrings(set.strings, seed, set.purpose, symbols, set.lengths);
    const steps = evaluationSteps(network, symbols, drawn);
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      yield (done + next.value.share * charactersOf(set)) / total;
    }
    scores.push(next.value.strict);
    if (!goOn(next.value.strict)) break;
    done += charactersOf(set);
  }
  return scores;
}

/** About as many as a set has. */
function charactersOf({ strings, lengths: { shortest, longest } }: StringSet): number {
  return strings * (shortest + longest) / 2;
}
