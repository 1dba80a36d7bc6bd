/**
 * Scores of answers: coarse (exact match) and fine (prefix accuracy), strictly and as published code counts them; and the
 * per-token accuracy of the length-generalization benchmarks.
 *
 * k + 1 symbols in a target, its terminator included if it has one. An answer is what the network wrote, up to its own
 * terminator or until it was stopped (`decodeGreedily` in `decoding.ts`).
 *
 * @module
 */

/** The scores of a set of answers. */
export interface Scores {
  /** The number of strings. */
  readonly strings: number;
  /** How many answers count as right in full. */
  readonly exact: number;
  /** `exact` ÷ `strings`. */
  readonly coarse: number;
  /** The mean over strings of the share of each answer that is right. */
  readonly fine: number;
}

/** One answer against its target. */
interface Verdict {
  readonly exact: boolean;
  /** Symbols of the target that count as right. */
  readonly right: number;
}

/**
 * Counts the symbols that are right before the first mistake.
 *
 * @example Two are right, then one is wrong, and what comes after does not count.
 * ```ts
 * import { rightBeforeMistake } from "@/tasks/scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rightBeforeMistake([1, 2, 9, 4], [1, 2, 3, 4]), 2);
 * ```
 * @param answer What the network wrote.
 * @param target What it should have written.
 * @returns 0 to the length of the shorter one.
 */
export function rightBeforeMistake(answer: ArrayLike<number>, target: ArrayLike<number>): number {
  const shared = Math.min(answer.length, target.length);
  let right = 0;
  while (right < shared && answer[right] === target[right]) right++;
  return right;
}

/**
 * Scores answers strictly: the figures of this project.
 *
 * coarse = share of answers equal to their targets, terminator and end included;
 * fine = mean of (symbols right before the first mistake) ÷ (k + 1)
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @example One of two is right; the other is wrong from its third symbol of four.
 * ```ts
 * import { strictScores } from "@/tasks/scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const targets = [[1, 2, 3, 9], [1, 2, 3, 9]];
 * const { coarse, fine } = strictScores([[1, 2, 3, 9], [1, 2, 7, 9]], targets);
 * assertEquals([coarse, fine], [0.5, 0.75]);
 * ```
 * @param answers One for each target.
 * @param targets Each ends with its terminator.
 * @returns The scores.
 * @throws {TypeError} If there are not as many answers as targets.
 * @throws {RangeError} If there are none, or a target is empty.
 */
export function strictScores(
  answers: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
): Scores {
  return meanScores(answers, targets, (answer, target) => {
    const right = rightBeforeMistake(answer, target);
    return { exact: right === target.length && answer.length === target.length, right };
  });
}

/**
 * Scores answers as published code does, for comparison with published figures only.
 *
 * Only the places that answer and target share are compared. coarse = share of answers without a
 * mistake there: an answer that was cut off counts as right in full, if it is right as far as it goes.
 * fine = mean of (places that agree) ÷ (k + 1): what is right after a mistake, or by chance, counts too.
 * Never below {@linkcode strictScores}. The two coarse scores differ only for answers that stop
 * before the end of their target. Published decoding stops every answer after 129 symbols; `decodeGreedily` does not.
 *
 * Source: Flamant 2019, "neural-stack", the methods `coarse_scores` and `accuracy_scores`; the report
 * that goes with it defines fine as the strict one.
 *
 * @example The same two answers, stopped or mistaken, strictly and as published.
 * ```ts
 * import { publishedScores, strictScores } from "@/tasks/scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const targets = [[1, 2, 3, 9], [1, 2, 3, 9]];
 * const answers = [[1, 2], [7, 2, 3, 9]];
 * const [strict, published] = [strictScores, publishedScores].map((f) => f(answers, targets));
 * assertEquals([strict.coarse, strict.fine], [0, 0.25]);
 * assertEquals([published.coarse, published.fine], [0.5, 0.625]);
 * ```
 * @param answers One for each target.
 * @param targets Each ends with its terminator.
 * @returns The scores.
 * @throws {TypeError} If there are not as many answers as targets.
 * @throws {RangeError} If there are none, or a target is empty.
 */
export function publishedScores(
  answers: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
): Scores {
  return meanScores(answers, targets, (answer, target) => {
    const right = agreeingPlaces(answer, target);
    return { exact: right === Math.min(answer.length, target.length), right };
  });
}

/**
 * The per-token accuracy of the length-generalization benchmarks: what is right counts, whatever came before it.
 *
 * mean over strings of (places of the target where the answer agrees) ÷ (places of the target)
 *
 * It is also the fine score of {@linkcode publishedScores}. Guessing bits gives ½.
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, section 4.
 *
 * @example A mistake in the first of four places costs a quarter, in the only place all.
 * ```ts
 * import { perTokenAccuracy } from "@/tasks/scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(perTokenAccuracy([[0, 0, 1, 1]], [[1, 0, 1, 1]]), 0.75);
 * assertEquals(perTokenAccuracy([[0, 0, 1, 1], [0]], [[1, 0, 1, 1], [1]]), 0.375);
 * ```
 * @param answers One for each target.
 * @param targets What each should be.
 * @returns The mean share, from 0 to 1.
 * @throws {TypeError} If there are not as many answers as targets.
 * @throws {RangeError} If there are none, or a target is empty.
 */
export function perTokenAccuracy(
  answers: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
): number {
  return publishedScores(answers, targets).fine;
}

function agreeingPlaces(answer: ArrayLike<number>, target: ArrayLike<number>): number {
  const shared = Math.min(answer.length, target.length);
  let agreeing = 0;
  for (let i = 0; i < shared; i++) if (answer[i] === target[i]) agreeing++;
  return agreeing;
}

function meanScores(
  answers: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
  judge: (answer: ArrayLike<number>, target: ArrayLike<number>) => Verdict,
): Scores {
  const strings = targets.length;
  if (answers.length !== strings) {
    throw new TypeError(`Cannot score: wanted ${strings} answers, got ${answers.length}`);
  }
  if (strings === 0) throw new RangeError("Cannot score: wanted at least 1 answer, got 0");
  let exact = 0, shares = 0;
  targets.forEach((target, i) => {
    if (target.length === 0) {
      throw new RangeError(
        `Cannot score: wanted a target with a symbol at least, got none at ${i}`,
      );
    }
    const verdict = judge(answers[i], target);
    if (verdict.exact) exact++;
    shares += verdict.right / target.length;
  });
  return { strings, exact, coarse: exact / strings, fine: shares / strings };
}

/**
 * Formats a score with four decimals; a score is rounded to 1 or 0 only if it is exactly that.
 *
 * @example One mistake in a hundred thousand remains visible.
 * ```ts
 * import { scoreText } from "@/tasks/scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 0.99999, 0.5, 0].map(scoreText), ["1.0000", "0.9999", "0.5000", "0.0000"]);
 * ```
 * @param score The score, from 0 to 1.
 * @returns The text.
 */
export function scoreText(score: number): string {
  const bound = score < 1 ? 0.9999 : 1;
  return Math.max(score > 0 ? 0.0001 : 0, Math.min(bound, score)).toFixed(4);
}
