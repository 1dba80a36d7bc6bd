/**
 * A curriculum of lengths, for a network without a memory.
 *
 * Source: Bengio et al. 2009, "Curriculum Learning".
 *
 * @module
 */
import type { LengthRange } from "@/tasks/task.ts";

/** A curriculum of lengths: strings grow as the loss falls. */
export interface LengthCurriculum {
  /** The longest string at the start. */
  readonly first: number;
  /** By how much the longest grows. */
  readonly by: number;
  /** It grows whenever the running loss is below this share of ln K. */
  readonly below: number;
}

/**
 * The lengths of the next strings.
 *
 * @example From 8 characters to 12 once the loss is low, and never beyond the longest.
 * ```ts
 * import { grownLengths } from "@/training/curriculum.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum = { first: 8, by: 4, below: 0.2 }, whole = { shortest: 8, longest: 13 };
 * const longest = (now: number, share: number) =>
 *   grownLengths(curriculum, whole, { shortest: 8, longest: now }, share).longest;
 * assertEquals([longest(8, 0.3), longest(8, 0.1), longest(12, 0.1), longest(13, 0.1)], [8, 12, 13, 13]);
 * ```
 * @param curriculum First length and growth.
 * @param whole The lengths of the task.
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
 * @example Within the lengths of the task.
 * ```ts
 * import { firstLengths } from "@/training/curriculum.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const longest = (shortest: number, longest: number) =>
 *   firstLengths({ first: 12, by: 4, below: 0.2 }, { shortest, longest }).longest;
 * assertEquals([longest(8, 64), longest(20, 64), longest(3, 5)], [12, 20, 5]);
 * ```
 * @param curriculum First length and growth; without one, all lengths from the start.
 * @param whole The lengths of the task.
 * @returns Lengths within `whole`.
 */
export function firstLengths(
  curriculum: LengthCurriculum | undefined,
  { shortest, longest }: LengthRange,
): LengthRange {
  if (!curriculum) return { shortest, longest };
  return { shortest, longest: Math.min(longest, Math.max(shortest, curriculum.first)) };
}
