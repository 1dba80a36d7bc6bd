/**
 * Learning in a cell, with a chart and a line of status that change in place.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { type Allowance, Budget, type BudgetWorld, type Ending, STOP_FILE } from "./budget.ts";
import { LiveChart } from "./live_chart.ts";

/** What learns, and how it is shown. */
export interface LiveTraining {
  /** What may be spent. */
  readonly budget: Allowance;
  /** Learns a little, and gives from how many strings; 0 if there is nothing left to learn. */
  readonly step: () => number;
  /** Draws how things stand. */
  readonly draw: () => Figure;
  /** Says in one line how things stand; nothing in it may depend on time, or the saved notebook does. */
  readonly status?: () => string;
}

/** Shown while it trains, not when it has ended. */
const HINT = `make a file named "${STOP_FILE}" beside the notebook to end now`;

/** Steps are taken for so long before the chart is given its turn. */
const TURN_MS = 50;

/**
 * Trains until the budget is spent, until there is nothing left to learn, or until a file named "stop" is made beside
 * the notebook.
 *
 * Whatever `step` has learned stays where `step` keeps it: run the cell again to go on. There is one output, redrawn
 * ever more seldom (see `LiveChart`), and at the end an interactive figure that is saved with the notebook.
 *
 * @example Halving, until the strings are spent.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { trainLive } from "@/jupyter/live_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const errors = [1];
 * const ending = await trainLive({
 *   budget: { strings: 30 },
 *   step() {
 *     errors.push(errors.at(-1)! / 2);
 *     return 10;
 *   },
 *   draw: () =>
 *     makeFigure({
 *       title: "The error halves",
 *       description: `A curve that falls from 1 to ${errors.at(-1)}.`,
 *       data: [{ type: "scatter", y: errors }],
 *     }),
 *   status: () => `error ${errors.at(-1)}`,
 * });
 * assertEquals([ending, errors], ["strings", [1, 0.5, 0.25, 0.125]]);
 * ```
 * @param training What learns, and how it is shown.
 * @param world Clock and stop file; the notebook's own if left out.
 * @returns Why it ended.
 * @throws {RangeError} If the budget is not above 0, or has no end.
 */
export async function trainLive(
  training: LiveTraining,
  world?: BudgetWorld,
): Promise<Ending | "done"> {
  const { step, draw, status } = training;
  const budget = new Budget(training.budget, world);
  const chart = new LiveChart();
  await chart.prepare(); // the budget's clock begins with the first question
  let isDone = false;
  while (!isDone && !budget.isOver()) {
    const turn = performance.now() + TURN_MS;
    do {
      const strings = step();
      isDone = strings === 0;
      budget.spend(strings);
    } while (!isDone && !budget.isOver() && performance.now() < turn);
    await chart.update(draw, status ? `${status()} · ${HINT}` : HINT);
  }
  await chart.finish(draw(), status?.());
  return budget.ending ?? "done";
}
