/**
 * One measurement of a run over its training.
 *
 * @module
 */
import type { Metrics } from "./run.ts";

/**
 * Lists one measurement, row by row.
 *
 * @example The error at two iterations.
 * ```ts
 * import { metricColumn } from "@/runs/metric_column.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const history = [{ iteration: 0, error: 2 }, { iteration: 4, error: 1 }];
 * assertEquals(metricColumn(history, "error"), [2, 1]);
 * ```
 * @param history The measurements of a run.
 * @param name The measurement's name.
 * @returns Its number in each row.
 * @throws {TypeError} If a row does not have it, or it is not a number.
 */
export function metricColumn(history: readonly Metrics[], name: string): number[] {
  return history.map((metrics) => {
    const number = metrics[name];
    if (typeof number === "number") return number;
    throw new TypeError(
      `Cannot read the measurements: wanted a number "${name}" in each row, ` +
        `got ${number} at iteration ${metrics.iteration}`,
    );
  });
}
