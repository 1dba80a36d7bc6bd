/**
 * The scores of a network that is fed the right symbols (teacher forcing): its cross-entropy at each position of the target, and
 * how far greedy decoding would be right.
 *
 * Greedy decoding feeds the symbol with the largest logit. As long as these are the right ones, both are fed the same: so the
 * first mistake comes at the same position, and a string is right in full in the one if it is in the other.
 *
 * `T` symbols in a target, terminator included, `K` symbols.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4, for the two scores (coarse and fine).
 *
 * @module
 */
import { mean, range } from "@/math/lists.ts";
import { crossEntropy } from "@/network/cross_entropy.ts";
import { rightBeforeMistake } from "@/tasks/scores.ts";

/** The scores of strings of one length. */
export interface ForcedScores {
  /** The mean cross-entropy at each position, in nats, `T`; the last one is the terminator's. */
  readonly nats: readonly number[];
  /** How many strings greedy decoding gets right in full, terminator included. */
  readonly exact: number;
  /** The mean share of a target before its first mistake, in greedy decoding. */
  readonly fine: number;
}

/**
 * Scores logits.
 *
 * @example Two strings of one symbol and a terminator; the second is wrong at once.
 * ```ts
 * import { forcedScores } from "@/studies/forced_scores.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const even = [0, 0, 0], first = [9, 0, 0], last = [0, 0, 9];
 * const logits = [[...first, ...last], [...even, ...last]].map((all) => Float32Array.from(all));
 * const { nats, exact, fine } = forcedScores(logits, [[0, 2], [1, 2]]);
 * assertAlmostEquals(nats[0], Math.log(3) / 2, 1e-3);
 * assertEquals([exact, fine], [1, 0.5]);
 * ```
 * @param logits Of each string at every step, `T` × `K`.
 * @param targets Of each string, `T` symbols: all of the same length.
 * @returns The scores.
 * @throws {TypeError} If there are not as many lists of logits as targets, or the targets are not all of the same length.
 * @throws {RangeError} If there is no string, or no symbol in a target.
 */
export function forcedScores(
  logits: readonly ArrayLike<number>[],
  targets: readonly (readonly number[])[],
): ForcedScores {
  checkTargets(logits, targets);
  const T = targets[0].length, K = logits[0].length / T;
  const rows = logits.map((all) => range(T).map((t) => Array.from(all).slice(t * K, (t + 1) * K)));
  const right = rows.map((steps, i) => rightBeforeMistake(steps.map(largest), targets[i]));
  return {
    nats: range(T).map((t) => mean(rows.map((steps, i) => crossEntropy(steps[t], targets[i][t])))),
    exact: right.filter((symbols) => symbols === T).length,
    fine: mean(right) / T,
  };
}

/** Of equal logits the first symbol's wins. */
function largest(logits: readonly number[]): number {
  return logits.indexOf(Math.max(...logits));
}

function checkTargets(
  logits: readonly ArrayLike<number>[],
  targets: readonly (readonly number[])[],
): void {
  if (targets.length === 0 || targets[0].length === 0) {
    throw new RangeError("Cannot score targets: wanted at least 1 with a symbol, got none");
  }
  const lengths = [...new Set(targets.map(({ length }) => length))];
  if (lengths.length > 1) {
    throw new TypeError(`Cannot score targets: wanted one length, got ${lengths.join(", ")}`);
  }
  if (logits.length !== targets.length) {
    throw new TypeError(
      `Cannot score targets: wanted logits of ${targets.length} strings, got ${logits.length}`,
    );
  }
}
