/**
 * Strings that grow as a network learns: a curriculum.
 *
 * A network without a memory of its own has to find room in its hidden units for every place of a string. Short
 * strings first, it finds the places one after the other, and each step of the way is cheap.
 *
 * Source: Bengio et al. 2009, "Curriculum Learning".
 *
 * @module
 */
import type { LengthRange } from "@/tasks/reversal_streams.ts";

/** How strings grow. */
export interface LengthCurriculum {
  /** The longest string at the start. */
  readonly first: number;
  /** By how much the longest grows. */
  readonly by: number;
  /** It grows whenever the running loss is below this share of ln K, the loss of a network that knows nothing. */
  readonly below: number;
}

/**
 * The lengths of the next strings.
 *
 * @example A network that knows strings of 8 characters gets some of 12; one that knows all gets no longer ones.
 * ```ts
 * import { grownLengths } from "@/training/length_curriculum.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum = { first: 8, by: 4, below: 0.2 }, whole = { shortest: 8, longest: 13 };
 * const longest = (now: number, share: number) =>
 *   grownLengths(curriculum, whole, { shortest: 8, longest: now }, share).longest;
 * assertEquals([longest(8, 0.3), longest(8, 0.1), longest(12, 0.1), longest(13, 0.1)], [8, 12, 13, 13]);
 * ```
 * @param curriculum How strings grow.
 * @param whole The lengths that are to be learned in the end.
 * @param now The lengths of the last strings.
 * @param share The running loss as a share of ln K.
 * @returns `now`, or longer ones.
 */
export function grownLengths(
  { by, below }: LengthCurriculum,
  { shortest, longest }: LengthRange,
  now: LengthRange,
  share: number,
): LengthRange {
  return share < below ? { shortest, longest: Math.min(longest, now.longest + by) } : now;
}

/**
 * The lengths of the first strings.
 *
 * @example No shorter and no longer than what is to be learned.
 * ```ts
 * import { firstLengths } from "@/training/length_curriculum.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const longest = (shortest: number, longest: number) =>
 *   firstLengths({ first: 12, by: 4, below: 0.2 }, { shortest, longest }).longest;
 * assertEquals([longest(8, 64), longest(20, 64), longest(3, 5)], [12, 20, 5]);
 * ```
 * @param curriculum How strings grow; without one they are all there from the start.
 * @param whole The lengths that are to be learned in the end.
 * @returns Lengths within `whole`.
 */
export function firstLengths(
  curriculum: LengthCurriculum | undefined,
  { shortest, longest }: LengthRange,
): LengthRange {
  if (!curriculum) return { shortest, longest };
  return { shortest, longest: Math.min(longest, Math.max(shortest, curriculum.first)) };
}
