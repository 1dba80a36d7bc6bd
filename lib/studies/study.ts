/**
 * A study: a table that takes longer to make than a notebook may run, stored in `notebooks/data`.
 *
 * @module
 */
import type { Terminal } from "@/io/terminal.ts";

/** A stored table, and how it is made. */
export interface Study {
  /** Its name on the command line. */
  readonly name: string;
  /** The file of its table, and which notebook shows it. */
  readonly about: string;
  /** Makes the table, or only the rows whose names contain `part`. */
  make(part: string, terminal: Terminal): void | Promise<void>;
}
