/**
 * A study: a table that takes longer to make than a notebook may run, stored in `notebooks/data`.
 *
 * @module
 */
import type { Terminal } from "@/io/terminal.ts";
import type { JobWorker, StopFlag } from "@/runs/worker.ts";

/** What a study needs of the command that makes it. */
export interface StudyHost {
  readonly terminal: Terminal;
  /** Cores of the machine. */
  readonly cores: number;
  /** Calls `listener` at the first Ctrl-C or SIGTERM, until the function that it returns is called. */
  onStopSignal(listener: () => void): () => void;
  /** Starts a thread for one job at a time; its jobs look at the flag. */
  startWorker(stop: StopFlag): JobWorker;
}

/** A stored table, and how it is made. */
export interface Study {
  /** Its name on the command line. */
  readonly name: string;
  /** The file of its table, and which notebook shows it. */
  readonly about: string;
  /** Makes the table, or only the rows whose names contain `part`. */
  make(part: string, host: StudyHost): void | Promise<void>;
}
