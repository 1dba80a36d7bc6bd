/**
 * What the records of many runs say together: how many succeeded, and how the others failed.
 *
 * @module
 */
import type { RunRecord } from "./run_record.ts";

/**
 * How a run ended: a *plateau* is a failure whose loss never fell below 0.7 ln K; a *near miss* is one whose loss did, so
 * that the network had begun to learn.
 */
export type Fate = "success" | "near miss" | "plateau";

/**
 * Says how a run ended.
 *
 * @example A failure that had left the plateau.
 * ```ts
 * import { fateOf } from "@/studies/run_fates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fateOf({ success: false, left: 3200 }), "near miss");
 * ```
 * @param record Whether it succeeded, and when its loss fell below 0.7 ln K.
 * @returns Its fate.
 */
export function fateOf({ success, left }: Pick<RunRecord, "success" | "left">): Fate {
  if (success) return "success";
  return left === null ? "plateau" : "near miss";
}

/**
 * Counts the runs of each fate.
 *
 * @example Three runs; a fate that none has is counted too.
 * ```ts
 * import { countFates } from "@/studies/run_fates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [won, stuck] = [{ success: true, left: 3200 }, { success: false, left: null }];
 * assertEquals(countFates([won, stuck, won]), { "success": 2, "near miss": 0, "plateau": 1 });
 * ```
 * @param records The runs.
 * @returns The counts by fate, the best fate first.
 */
export function countFates(
  records: readonly Pick<RunRecord, "success" | "left">[],
): Record<Fate, number> {
  const counts: Record<Fate, number> = { "success": 0, "near miss": 0, "plateau": 0 };
  for (const record of records) counts[fateOf(record)]++;
  return counts;
}

/**
 * Makes a test of whether a run's network was right on all strings of some lengths.
 *
 * @example Right on all strings of 8 to 64 characters, and on half of the longer ones.
 * ```ts
 * import { rightOn } from "@/studies/run_fates.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const record = { scores: { "8..64": [1, 1], "65..128": [0.5, 0.9] } } as const;
 * assertEquals(["8..64", "65..128", "1000"].map((lengths) => rightOn(lengths)(record)), [true, false, false]);
 * ```
 * @param lengths The lengths, as a record names them.
 * @returns The test; a run that was not scored on such strings does not pass.
 */
export function rightOn(lengths: string): (record: Pick<RunRecord, "scores">) => boolean {
  return ({ scores }) => scores[lengths]?.[0] === 1;
}
