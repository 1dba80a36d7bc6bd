/**
 * The interface of a study: a table that takes longer to compute than a notebook may run, stored in `notebooks/data`.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { range } from "@/math/lists.ts";
import { joinWithOr, type SeedRange } from "@/options/option.ts";
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
  /** Whether it can be made for some seeds only. */
  readonly takesSeeds?: boolean;
  /**
   * Computes the table, or only the rows that {@linkcode chooseRows} chooses by `part` and only some seeds; returns the exit
   * code if it was stopped.
   */
  make(part: string, host: StudyHost, seeds?: SeedRange): void | Promise<StopCode | void>;
  /** The stored table for the terminal, printed after `make`, also if it was stopped. */
  tables?(): readonly TitledRows[];
}

/** Rows of a table for the terminal, each with the same columns. */
export interface TitledRows {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Chooses the rows of a study by their names, or by parts of them.
 *
 * @example Capitals do not count; a whole name chooses that row alone; commas separate several.
 * ```ts
 * import { chooseRows } from "@/studies/study.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const rows = ["LSTM", "LSTM + stack", "RNN", "GRU, large"].map((name) => ({ name }));
 * const choose = (part: string) => chooseRows(rows, part).map(({ name }) => name);
 * assertEquals(choose("lst"), ["LSTM", "LSTM + stack"]);
 * assertEquals(choose("lstm"), ["LSTM"]);
 * assertEquals(choose("rnn,stack"), ["LSTM + stack", "RNN"]);
 * assertEquals(choose("gru, large"), ["GRU, large"]);
 * assertThrows(() => choose("rnn,mlp"), Error, 'got "mlp"');
 * ```
 * @param rows All rows.
 * @param part A name or a part of names, or several separated by commas; all names contain the empty one.
 * @returns The rows that it names or, if it names none in full, whose names contain it; in their order.
 * @throws {UserError} If there are none.
 */
export function chooseRows<T extends { readonly name: string }>(
  rows: readonly T[],
  part: string,
): T[] {
  const found = rowsNamed(rows, part);
  if (found.length > 0) return found;
  const chosen = new Set(
    part.split(",").flatMap((each) => {
      const found = rowsNamed(rows, each.trim());
      if (found.length > 0 && each !== "") return found;
      const names = joinWithOr(rows.map(({ name }) => JSON.stringify(name)));
      throw new UserError("choose rows", `a part of ${names}`, JSON.stringify(each));
    }),
  );
  return rows.filter((row) => chosen.has(row));
}

/**
 * Chooses the seeds of a study that has a fixed number of them.
 *
 * @example Seeds that the study does not have are left out, but not all.
 * ```ts
 * import { chooseSeeds } from "@/studies/study.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const planned = { first: 1, last: 3 };
 * assertEquals(chooseSeeds(planned), [1, 2, 3]);
 * assertEquals(chooseSeeds(planned, { first: 2, last: 9 }), [2, 3]);
 * assertThrows(() => chooseSeeds(planned, { first: 7, last: 9 }), Error, "some of the seeds 1..3");
 * ```
 * @param planned The seeds of the study.
 * @param wanted The seeds that were asked for; all if left out.
 * @returns Those of the study that were asked for.
 * @throws {UserError} If there are none.
 */
export function chooseSeeds(planned: SeedRange, wanted: SeedRange = planned): number[] {
  const chosen = range(planned.first, planned.last + 1)
    .filter((seed) => seed >= wanted.first && seed <= wanted.last);
  if (chosen.length > 0) return chosen;
  const some = `some of the seeds ${planned.first}..${planned.last} for --seeds`;
  throw new UserError("make statistics", some, `${wanted.first}..${wanted.last}`);
}

/** The rows with this name or, if there are none, those whose names contain it; capitals do not count. */
function rowsNamed<T extends { readonly name: string }>(rows: readonly T[], part: string): T[] {
  const wanted = part.toLowerCase(), lower = ({ name }: T) => name.toLowerCase();
  const whole = rows.filter((row) => lower(row) === wanted);
  return whole.length > 0 ? whole : rows.filter((row) => lower(row).includes(wanted));
}
