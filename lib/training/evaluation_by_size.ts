/**
 * Evaluation by size: a network's answers to strings of every length or depth, scored size by size.
 *
 * @module
 */
import { answerPairs, type SymbolStepper } from "@/tasks/decoding.ts";
import { perTokenAccuracy, strictScores } from "@/tasks/scores.ts";
import { expectedAnswer, type Pair, type Task } from "@/tasks/task.ts";
import { groupPairs, type OnEvaluation } from "./evaluation.ts";

/** The share of a group that counts as done while not every answer has ended. */
const ALMOST_DONE = 0.99;

/** Pairs of one size: a length, a depth, or a line of a file. */
export interface SizedPairs {
  readonly size: number;
  /** At least one. */
  readonly pairs: readonly Pair[];
}

/** The scores of one size. */
export interface SizeScores {
  readonly size: number;
  readonly strings: number;
  /** How many answers are not entirely right. */
  readonly wrong: number;
  /** Per-token accuracy, see `perTokenAccuracy`. */
  readonly perToken: number;
}

/**
 * Scores a network on pairs of several sizes; they go through the network in groups of like length, whatever their sizes.
 *
 * @example A network that writes nothing but 0, on bits to reverse.
 * ```ts
 * import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
 * import { evaluateBySize } from "@/training/evaluation_by_size.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = reverseBinaryTask(), { size: K } = task.vocabulary;
 * const zeros = {
 *   start() {},
 *   step: (fed: Int32Array) =>
 *     Float32Array.from({ length: fed.length * K }, (_, i) => i % K === 0 ? 1 : 0),
 * };
 * const sets = [{ size: 2, pairs: [task.pairOf!([0, 0]), task.pairOf!([0, 1])] }];
 * assertEquals(evaluateBySize(zeros, task, sets), [{ size: 2, strings: 2, wrong: 1, perToken: 0.75 }]);
 * ```
 * @param network The network.
 * @param task The task.
 * @param sets At least one.
 * @param onProgress Receives the progress after every step of the network; it may throw in order to stop.
 * @returns The scores of each size, in the order of the sets.
 * @throws {RangeError} If there are no pairs, or the network gives a NaN.
 */
export function evaluateBySize(
  network: SymbolStepper,
  task: Task,
  sets: readonly SizedPairs[],
  onProgress: OnEvaluation = () => {},
): SizeScores[] {
  const pairs = sets.flatMap(({ pairs }) => pairs), answers = new Map<Pair, Int32Array>();
  const symbolsOf = (group: readonly Pair[]) =>
    group.reduce((sum, { source }) => sum + source.length, 0);
  const all = symbolsOf(pairs);
  let done = 0;
  for (const group of groupPairs(pairs)) {
    const symbols = symbolsOf(group), answered = answers.size;
    const steps = Math.max(...group.map((pair) => task.layOut(pair).inputs.length));
    let t = 0;
    const found = answerPairs(network, task, group, () => {
      const share = Math.min(ALMOST_DONE, ++t / steps);
      onProgress({ answered, share: (done + share * symbols) / all });
    });
    group.forEach((pair, i) => answers.set(pair, found[i]));
    done += symbols;
    onProgress({ answered: answers.size, share: done / all });
  }
  return sets.map(({ size, pairs }) => {
    const given = pairs.map((pair) => answers.get(pair)!);
    const targets = pairs.map((pair) => expectedAnswer(task, pair));
    const { strings, exact } = strictScores(given, targets);
    return { size, strings, wrong: strings - exact, perToken: perTokenAccuracy(given, targets) };
  });
}
