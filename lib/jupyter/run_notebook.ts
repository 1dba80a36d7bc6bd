/**
 * Running a notebook from code.
 *
 * @module
 */
import { Kernel } from "./kernel.ts";
import { DENO_KERNEL } from "./kernel_spec.ts";
import { type Cell, type Notebook, parseNotebook } from "./notebook_file.ts";
import type { ErrorOutput } from "./outputs.ts";
import { syntaxMessage } from "./syntax_message.ts";

/** How a notebook is run. */
export interface RunOptions {
  /** Seconds that each cell may take. */
  readonly secondsPerCell?: number;
  /** Is told after each code cell how many are done, and of how many. */
  readonly onCell?: (done: number, total: number) => void;
}

/** A cell that failed, told so that it can be found and mended. */
export class CellError extends Error {
  override readonly name = "CellError";

  /**
   * @param notebook The notebook's file name.
   * @param cell The cell's number among the code cells, from 1, as Jupyter shows it.
   * @param source The cell's code.
   * @param reason Why it failed.
   */
  constructor(
    readonly notebook: string,
    readonly cell: number,
    readonly source: string,
    reason: string,
  ) {
    super(`Cannot run ${notebook}: code cell [${cell}] failed: ${reason}\n\n${indented(source)}\n`);
  }
}

function indented(source: string): string {
  return source.split("\n").map((line) => `    ${line}`.trimEnd()).join("\n");
}

/** A kernel tells nothing of an error of syntax but that there was one. */
async function reasonOf(error: ErrorOutput, source: string): Promise<string> {
  if (error.evalue === "Execution failed") return await syntaxMessage(source);
  const place = error.traceback.find((line) => /<anonymous>|\.ts:/.test(line))?.trim();
  return `${error.ename}: ${error.evalue}` + (place ? ` (${place})` : "");
}

/**
 * Runs a notebook's cells from top to bottom in a fresh kernel, up to the first that fails.
 *
 * @param path The notebook's file; its folder is the kernel's working folder.
 * @param options How to run it.
 * @returns The notebook with the outputs of this run; its file is left as it is.
 * @throws {CellError} If a cell fails, does not end in time, or ends the kernel.
 * @throws {UserError} If the file is no notebook.
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<Notebook> {
  const { secondsPerCell = 120, onCell } = options;
  const name = path.split(/[\\/]/).at(-1)!;
  const notebook = parseNotebook(await Deno.readTextFile(path), name);
  const total = notebook.cells.filter((cell) => cell.cell_type === "code").length;
  await using kernel = await Kernel.start(folderOf(path));
  const cells: Cell[] = [];
  let count = 0;
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") {
      cells.push(cell);
      continue;
    }
    count++;
    cells.push(await runCell(kernel, cell, { name, count, secondsPerCell }));
    onCell?.(count, total);
  }
  return { ...askingForDeno(notebook), cells };
}

/** Whoever saves a notebook in Jupyter leaves in it the name of the kernel that happened to be used. */
function askingForDeno(notebook: Notebook): Notebook {
  const { name, title } = DENO_KERNEL;
  const kernelspec = { display_name: title, language: "typescript", name };
  return { ...notebook, metadata: { ...notebook.metadata, kernelspec } };
}

function folderOf(path: string): string {
  return path.replace(/[^\\/]+$/, "") || ".";
}

async function runCell(
  kernel: Kernel,
  cell: Cell,
  { name, count, secondsPerCell }: { name: string; count: number; secondsPerCell: number },
): Promise<Cell> {
  const fail = (reason: string) => new CellError(name, count, cell.source, reason);
  const result = await kernel.run(cell.source, secondsPerCell).catch((error) => {
    throw fail(error.message);
  });
  if (result.error) throw fail(await reasonOf(result.error, cell.source));
  const outputs = result.outputs.map((output) =>
    output.output_type === "execute_result" ? { ...output, execution_count: count } : output
  );
  return { ...cell, execution_count: count, outputs };
}
