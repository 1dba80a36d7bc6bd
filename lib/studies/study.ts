/**
 * The interface of a study: a table that takes longer to compute than a notebook may run, stored in `notebooks/data`.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { joinWithOr } from "@/options/option.ts";
import type { StopCode } from "@/io/signals.ts";
import type { Terminal } from "@/io/terminal.ts";
import type { JobWorker, StopFlag, StopSignals } from "@/runs/worker.ts";

/** The services that the command line provides to a study. */
export interface StudyHost extends StopSignals {
  readonly terminal: Terminal;
  /** Number of cores of the machine. */
  readonly cores: number;
  /** Starts a worker that runs one job at a time; its jobs poll the stop flag. */
  startWorker(stop: StopFlag): JobWorker;
}

/** A stored table, and the function that computes it. */
export interface Study {
  /** Its name on the command line. */
  readonly name: string;
  /** The file of its table, the notebook that shows it, and the meaning of `part`. */
  readonly about: string;
  /** Computes the table, or only the rows whose names contain `part`; returns the exit code if it was stopped. */
  make(part: string, host: StudyHost): void | Promise<StopCode | void>;
}

/**
 * Chooses the rows of a study by a part of their names.
 *
 * @example Capitals do not count.
 * ```ts
 * import { chooseRows } from "@/studies/study.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const rows = [{ name: "LSTM" }, { name: "RNN" }];
 * assertEquals(chooseRows(rows, "lstm"), [{ name: "LSTM" }]);
 * assertThrows(() => chooseRows(rows, "gru"), Error, 'wanted a part of "LSTM" or "RNN", got "gru"');
 * ```
 * @param rows All rows.
 * @param part The part; all names contain the empty one.
 * @returns The rows whose names contain it.
 * @throws {UserError} If there are none.
 */
export function chooseRows<T extends { readonly name: string }>(
  rows: readonly T[],
  part: string,
): T[] {
  const chosen = rows.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
  if (chosen.length > 0) return chosen;
  const names = joinWithOr(rows.map(({ name }) => JSON.stringify(name)));
  throw new UserError("choose rows", `a part of ${names}`, JSON.stringify(part));
}
