/**
 * What `deno task notebooks` does, with the running of a notebook left to its host.
 *
 * @module
 */
import { notebookDifference } from "@/jupyter/notebook_difference.ts";
import { formatNotebook, type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { CellError, type RunOptions } from "@/jupyter/run_notebook.ts";
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { givenOptions } from "./given_options.ts";
import type { Terminal } from "@/io/terminal.ts";

/** The world around the command. */
export interface NotebooksHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The folder of the notebooks. */
  readonly folder: string;
  /** A clock in milliseconds. */
  now(): number;
  run(path: string, options: RunOptions): Promise<Notebook>;
}

const OPTIONS = new Map([["--check", false], ["--help", false]]);

/** As many kernels as run side by side. */
const SIDE_BY_SIDE = 2;

const HELP = [
  "Runs the notebooks from top to bottom and writes their outputs into their files.",
  "",
  "Usage: deno task notebooks [NAME …] [--check]",
  "",
  "  NAME      how a notebook's file name begins, as in 01; all notebooks if none is given",
  "  --check   writes nothing, and fails if a run gives anything but what is in the file",
  "",
  "Exit codes: 0 done, 1 a cell failed or an output differs, 2 wrong input.",
];

/**
 * Runs the command.
 *
 * @param words The command line.
 * @param host The world around it.
 * @returns The exit code: 0 done, 1 a cell failed or an output differs, 2 wrong input.
 */
export async function notebooksCommand(
  words: readonly string[],
  host: NotebooksHost,
): Promise<number> {
  try {
    const options = givenOptions(words.filter((word) => word.startsWith("-")), OPTIONS);
    if (options.has("--help")) {
      for (const line of HELP) host.terminal.print(line);
      return 0;
    }
    const names = chosenNames(words.filter((word) => !word.startsWith("-")), host);
    const committed = new Map(names.map((name) => [name, readCommitted(name, host)]));
    const succeeded = await new Round(committed, options.has("--check"), host).run();
    return succeeded ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    host.terminal.note(error.message);
    return 2;
  }
}

/** File names of the notebooks that begin with one of the words, in order. */
function chosenNames(words: string[], { files, folder }: NotebooksHost): string[] {
  const all = files.list(folder).filter((name) => name.endsWith(".ipynb"));
  if (all.length === 0) throw new UserError("run the notebooks", `some in ${folder}`, "none");
  const wanted = words.map((word) => word.split(/[\\/]/).at(-1)!);
  for (const word of wanted) {
    if (!all.some((name) => name.startsWith(word))) {
      throw new UserError("run the notebooks", `the beginning of one of ${all.join(", ")}`, word);
    }
  }
  return all.filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));
}

/** A notebook as its file is. */
interface Committed {
  readonly text: string;
  readonly notebook: Notebook;
}

function readCommitted(name: string, { files, folder }: NotebooksHost): Committed {
  const text = files.readText(join(folder, name));
  return { text, notebook: parseNotebook(text, name) };
}

/** What a run changes in a file: a cell, or, in words for it, anything around the cells. */
function differenceOf({ text, notebook }: Committed, run: Notebook): string | undefined {
  const difference = notebookDifference(notebook, run);
  if (difference || text === formatNotebook(run)) return difference;
  return "the cells are as committed, but the file is not written as a run writes it " +
    "(was it saved in Jupyter? `deno task notebooks` mends it)";
}

/** One run of the command, a few notebooks at a time. */
class Round {
  readonly #waiting: string[];
  readonly #width: number;
  readonly #progress = new Map<string, string>();
  #succeeded = true;

  constructor(
    readonly committed: ReadonlyMap<string, Committed>,
    readonly isCheck: boolean,
    readonly host: NotebooksHost,
  ) {
    this.#waiting = [...committed.keys()];
    this.#width = Math.max(...this.#waiting.map((name) => name.length));
  }

  async run(): Promise<boolean> {
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => this.#work()));
    return this.#succeeded;
  }

  async #work(): Promise<void> {
    for (let name = this.#waiting.shift(); name; name = this.#waiting.shift()) {
      const start = this.host.now();
      const outcome = await this.#one(name);
      this.#progress.delete(name);
      const seconds = ((this.host.now() - start) / 1000).toFixed(1).padStart(6);
      this.#say(`${name.padEnd(this.#width)} ${seconds} s  ${outcome}`);
    }
  }

  /** Runs one notebook and tells in a word or a few lines what came of it. */
  async #one(name: string): Promise<string> {
    const { files, folder } = this.host;
    const path = join(folder, name);
    try {
      const onCell = (done: number, total: number) => this.#show(name, `${done} of ${total}`);
      this.#show(name, "starting");
      const run = await this.host.run(path, { onCell });
      const difference = differenceOf(this.committed.get(name)!, run);
      if (!difference) return "unchanged";
      if (this.isCheck) return this.#failed(difference);
      writeAtomically(files, path, formatNotebook(run));
      return "refreshed";
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      return this.#failed(error.message);
    }
  }

  #failed(why: string): string {
    this.#succeeded = false;
    return `failed\n${why}`;
  }

  /** A line of its own for each notebook that is done, below it the state of those that run. */
  #say(line: string): void {
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
