/**
 * The end of a training that has diverged.
 *
 * @module
 */
import type { UpdateReport } from "@/engine/engine.ts";

/**
 * Refuses an update that the engine has not applied.
 *
 * @example A loss that is not a number.
 * ```ts
 * import { checkApplied } from "@/training/divergence.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const report = { loss: NaN, gradientNorm: NaN, applied: false };
 * assertThrows(() => checkApplied(report, 7), RangeError, "got NaN at update 7");
 * ```
 * @param report The engine's report of the update.
 * @param update Its number, counted from 1.
 * @throws {RangeError} If the loss or its gradient is not finite.
 */
export function checkApplied(
  { applied, loss, gradientNorm }: Pick<UpdateReport, "applied" | "loss" | "gradientNorm">,
  update: number,
): void {
  if (applied) return;
  const got = Number.isFinite(loss) ? gradientNorm : loss;
  throw new RangeError(
    `Cannot train: wanted a finite loss and gradient, got ${got} at update ${update}`,
  );
}
