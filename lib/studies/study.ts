/**
 * The interface of a study: a table that takes longer to compute than a notebook may run, stored in `notebooks/data`.
 *
 * @module
 */
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
