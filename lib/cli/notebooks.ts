/**
 * `deno task notebooks`: runs the notebooks and writes their outputs into their files.
 *
 * @module
 */
import "@/io/require_deno.ts";
import {
  formatNotebook,
  type Notebook,
  notebookDifference,
  parseNotebook,
} from "@/jupyter/notebook_file.ts";
import { CellError, runNotebook, type RunOptions } from "@/jupyter/run_notebook.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { flag } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { UserError } from "@/io/user_error.ts";
import type { StopSignals } from "@/runs/worker.ts";
import { disk } from "@/io/disk.ts";
import { createProcessInterrupts, type StopCode } from "@/io/signals.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";

/** Everything outside its own code that the command uses. */
export interface NotebooksHost extends StopSignals {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The folder of the notebooks. */
  readonly folder: string;
  /** A clock in milliseconds. */
  now(): number;
  run(path: string, options: RunOptions): Promise<Notebook>;
}

const OPTIONS = {
  check: flag({
    description: "write nothing, and fail if an output differs from the file",
  }),
};

const ACTION = "run the notebooks";

/** The command. */
export const COMMAND: Command<typeof OPTIONS> = {
  action: ACTION,
  summary: "Runs the notebooks from top to bottom and writes their outputs into their files.",
  usage: ["deno task notebooks [NAME …] [--check]"],
  words: {
    name: "NAME",
    description: "the beginning of a notebook's file name, such as 01 (default all notebooks)",
    minimum: 0,
    maximum: Infinity,
    wanted: "the beginnings of file names",
  },
  options: OPTIONS,
  exitCodes: {
    1: "a cell failed or an output differs",
    75: EXIT_CODES[75],
    130: EXIT_CODES[130],
  },
};

/** The number of kernels that run in parallel. */
const KERNELS = 2;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal and clock to use, and the function that runs a notebook.
 * @returns The exit code: 0 done, 1 a cell failed or an output differs, 2 wrong input, 75 or 130 stopped.
 */
export function notebooksCommand(words: readonly string[], host: NotebooksHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words, values }) => {
    const names = chooseNames(words, host);
    const committed = new Map(names.map((name) => [name, readCommitted(name, host)]));
    const stop = new AbortController();
    let stopCode: StopCode | undefined;
    const removeListener = host.onStopSignal((code) => {
      stopCode = code;
      stop.abort();
    });
    const runs = new NotebookRuns(committed, values.check, host, stop.signal);
    const succeeded = await runs.run().finally(removeListener);
    return stopCode ?? (succeeded ? 0 : 1);
  });
}

/** Lists the file names of the notebooks that begin with one of the words, in order. */
function chooseNames(
  words: readonly string[],
  { files, folder }: NotebooksHost,
): string[] {
  const all = files.list(folder).filter((name) => name.endsWith(".ipynb"));
  if (all.length === 0) throw new UserError(ACTION, `some in ${folder}`, "none");
  const wanted = words.map((word) => word.split(/[\\/]/).at(-1)!);
  for (const word of wanted) {
    if (!all.some((name) => name.startsWith(word))) {
      throw new UserError(ACTION, `the beginning of one of ${all.join(", ")}`, word);
    }
  }
  return all.filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));
}

/** The text and the content of a notebook's file. */
interface Committed {
  readonly text: string;
  readonly notebook: Notebook;
}

function readCommitted(name: string, { files, folder }: NotebooksHost): Committed {
  const text = files.readText(join(folder, name));
  return { text, notebook: parseNotebook(text, name) };
}

/** Describes how a run differs from the file: in a cell, or only in the format of the file. Undefined if it does not. */
function describeDifference({ text, notebook }: Committed, run: Notebook): string | undefined {
  const difference = notebookDifference(notebook, run);
  if (difference || text === formatNotebook(run)) return difference;
  if (text.replaceAll("\r\n", "\n") === formatNotebook(run)) {
    return "the cells are unchanged, but the lines of the file end with CR LF " +
      "(wanted LF; with `git config core.autocrlf input` and a fresh clone they do)";
  }
  return "the cells are unchanged, but the format of the file differs " +
    "(was it saved in Jupyter? `deno task notebooks` rewrites it)";
}

/** One run of the command, {@linkcode KERNELS} notebooks at a time. */
class NotebookRuns {
  readonly #waiting: string[];
  readonly #width: number;
  readonly #progress = new Map<string, string>();
  #succeeded = true;

  constructor(
    readonly committed: ReadonlyMap<string, Committed>,
    readonly isCheck: boolean,
    readonly host: NotebooksHost,
    readonly stop: AbortSignal,
  ) {
    // The last notebooks take longest: started first, none of them runs alone at the end.
    this.#waiting = [...committed.keys()].reverse();
    this.#width = Math.max(...this.#waiting.map((name) => name.length));
  }

  async run(): Promise<boolean> {
    const work = Array.from({ length: KERNELS }, () => this.#work());
    // After an error the other notebook runs to its end: this process must not end before its kernels.
    const ended = await Promise.allSettled(work);
    for (const { reason } of ended.filter((one) => one.status === "rejected")) throw reason;
    return this.#succeeded;
  }

  async #work(): Promise<void> {
    for (let name = this.#next(); name; name = this.#next()) {
      const start = this.host.now();
      const outcome = await this.#runOne(name);
      this.#progress.delete(name);
      const seconds = ((this.host.now() - start) / 1000).toFixed(1).padStart(6);
      this.#report(`${name.padEnd(this.#width)} ${seconds} s  ${outcome}`);
    }
  }

  #next(): string | undefined {
    return this.stop.aborted ? undefined : this.#waiting.shift();
  }

  /** Runs one notebook and returns the outcome as text. */
  async #runOne(name: string): Promise<string> {
    const { files, folder } = this.host;
    const path = join(folder, name);
    try {
      const onCell = (done: number, total: number) => this.#show(name, `${done} of ${total}`);
      this.#show(name, "starting");
      const run = await this.host.run(path, { onCell, stop: this.stop });
      const difference = describeDifference(this.committed.get(name)!, run);
      if (!difference) return "unchanged";
      if (this.isCheck) return this.#fail(difference);
      writeAtomically(files, path, formatNotebook(run));
      return "updated";
    } catch (error) {
      if (this.stop.aborted) return "stopped";
      if (!(error instanceof CellError)) {
        this.#waiting.length = 0;
        throw error;
      }
      return this.#fail(error.message);
    }
  }

  #fail(reason: string): string {
    this.#succeeded = false;
    return `failed\n${reason}`;
  }

  /** Prints a line for a finished notebook, above the progress of those that are running. */
  #report(line: string): void {
    if (this.host.terminal.columns() !== null) this.host.terminal.overwrite("");
    this.host.terminal.note(line);
  }

  #show(name: string, state: string): void {
    this.#progress.set(name, state);
    const columns = this.host.terminal.columns();
    if (columns === null) return;
    const states = [...this.#progress].map(([name, state]) => `${name}: ${state}`);
    this.host.terminal.overwrite(states.join("   ").slice(0, columns - 1));
  }
}

if (import.meta.main) {
  const interrupts = createProcessInterrupts();
  const code = await notebooksCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    folder: "notebooks",
    now: () => performance.now(),
    onStopSignal: (listener) => interrupts.listen(listener),
    run: runNotebook,
  });
  Deno.exit(code);
}
