/**
 * Training in a notebook cell, with a live chart and a status line, until a budget is spent or a stop is requested.
 *
 * A stop is requested by a file, not by the front end's stop button: if a Deno kernel is interrupted while a cell awaits
 * something, as it does for a live chart, the cell never ends.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { disk } from "@/io/disk.ts";
import { LiveChart } from "./live_chart.ts";

/** The limits of a training. A limit in strings gives the same result on every machine, one in seconds does not. */
export interface TrainingBudget {
  /** Seconds from the first call of `shouldStop`. */
  readonly seconds?: number;
  /** Training strings, or other examples. */
  readonly strings?: number;
}

/** Clock and stop requests. */
export interface LiveTrainingHost {
  /** Returns the current time in milliseconds. */
  now(): number;
  /** Returns whether a stop was requested, and clears the request. */
  takeStopRequest(): boolean;
}

/** Why a training ended. */
export type StopReason = "seconds" | "strings" | "stopped";

/** A file of this name beside the notebook requests a stop. */
const STOP_FILE = "stop";

/** The polling interval of the stop file, in milliseconds. */
const POLL_INTERVAL_MS = 200;

const notebookHost: LiveTrainingHost = {
  now: () => performance.now(),
  takeStopRequest() {
    try {
      if (disk.kindOf(STOP_FILE) !== "file") return false;
      disk.remove(STOP_FILE);
      return true;
    } catch {
      return false; // no permission to remove it
    }
  },
};

/**
 * Counts the strings of a training and decides when it stops.
 *
 * @example Ten strings, four at a time.
 * ```ts
 * import { StoppingRule } from "@/jupyter/live_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = new StoppingRule({ strings: 10 });
 * while (!rule.shouldStop()) rule.count(4);
 * assertEquals([rule.strings, rule.reason], [12, "strings"]);
 * ```
 */
export class StoppingRule {
  readonly #budget: TrainingBudget;
  readonly #host: LiveTrainingHost;
  #start: number | undefined;
  #nextPoll = -Infinity;
  #strings = 0;
  #reason: StopReason | undefined;

  /**
   * @param budget The limits; one that is left out is infinite.
   * @param host Clock and stop requests; those of the notebook if left out.
   * @throws {RangeError} If a limit is not above 0, or both are infinite.
   */
  constructor(budget: TrainingBudget, host: LiveTrainingHost = notebookHost) {
    const { seconds = Infinity, strings = Infinity } = budget;
    if (!(seconds > 0 && strings > 0) || Math.min(seconds, strings) === Infinity) {
      throw new RangeError(
        `Cannot make a stopping rule: wanted seconds or strings above 0, got ${
          JSON.stringify(budget)
        }`,
      );
    }
    this.#budget = { seconds, strings };
    this.#host = host;
  }

  /** Strings counted so far. */
  get strings(): number {
    return this.#strings;
  }

  /** Why the training stopped; undefined while it runs. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /**
   * Counts strings.
   *
   * @param strings Number of further strings.
   */
  count(strings: number): void {
    this.#strings += strings;
  }

  /** Returns whether to stop now; once it is true, it stays true. */
  shouldStop(): boolean {
    const now = this.#host.now();
    if (this.#start === undefined) {
      this.#start = now;
      this.#host.takeStopRequest(); // clears a request that was meant for an earlier run
    }
    this.#reason ??= this.#reasonAt(now);
    return this.#reason !== undefined;
  }

  #reasonAt(now: number): StopReason | undefined {
    const { seconds, strings } = this.#budget;
    if (this.#strings >= strings!) return "strings";
    if (now - this.#start! >= 1000 * seconds!) return "seconds";
    if (now < this.#nextPoll) return undefined;
    this.#nextPoll = now + POLL_INTERVAL_MS;
    return this.#host.takeStopRequest() ? "stopped" : undefined;
  }
}

/** A training loop and its display. */
export interface LiveTraining {
  /** When it stops. */
  readonly budget: TrainingBudget;
  /** Trains a little, and returns the number of strings used; 0 if the training is complete. */
  readonly step: () => number;
  /** Draws the current state. */
  readonly draw: () => Figure;
  /** Describes the current state in one line; it must not depend on time, or the saved notebook does. */
  readonly status?: () => string;
}

/** Shown during training, not after its end. */
const HINT = `make a file named "${STOP_FILE}" beside the notebook to end now`;

/** The training time between two updates of the chart, in milliseconds. */
const SLICE_MS = 50;

/**
 * Trains until the budget is spent, until the training is complete, or until a file named "stop" is created beside the
 * notebook.
 *
 * The state of the training belongs to `step`: run the cell again to continue. There is one output, redrawn at ever longer
 * intervals (see `LiveChart`), and at the end an interactive figure that is saved with the notebook.
 *
 * @example An error that is halved until the strings are spent.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { trainLive } from "@/jupyter/live_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const errors = [1];
 * const reason = await trainLive({
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
 * assertEquals([reason, errors], ["strings", [1, 0.5, 0.25, 0.125]]);
 * ```
 * @param training The training and its display.
 * @param host Clock and stop requests; those of the notebook if left out.
 * @returns Why it ended.
 * @throws {RangeError} If a limit of the budget is not above 0, or both are infinite.
 */
export async function trainLive(
  training: LiveTraining,
  host?: LiveTrainingHost,
): Promise<StopReason | "done"> {
  const { step, draw, status } = training;
  const rule = new StoppingRule(training.budget, host);
  const chart = new LiveChart();
  await chart.prepare(); // before the first `shouldStop`, which starts the clock
  let isDone = false;
  while (!isDone && !rule.shouldStop()) {
    const sliceEnd = performance.now() + SLICE_MS;
    do {
      const strings = step();
      isDone = strings === 0;
      rule.count(strings);
    } while (!isDone && !rule.shouldStop() && performance.now() < sliceEnd);
    await chart.update(draw, status ? `${status()} · ${HINT}` : HINT);
  }
  await chart.finish(draw(), status?.());
  return rule.reason ?? "done";
}
