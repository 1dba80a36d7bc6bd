/**
 * Runs a notebook in a new kernel, and collects its outputs; errors name the cell.
 *
 * @module
 */
import { WITHOUT_LINKER_VARIABLES } from "@/io/programs.ts";
import { stripVTControlCharacters } from "node:util";
import { disk } from "@/io/disk.ts";
import { Kernel } from "./kernel.ts";
import { DENO_KERNEL } from "./kernel_spec.ts";
import { type Cell, type Notebook, parseNotebook } from "./notebook_file.ts";
import type { ErrorOutput } from "./outputs.ts";

/** Finds the syntax error in a cell by letting Deno format the cell: a kernel reports only that there is one. */
async function syntaxMessage(source: string): Promise<string> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    env: { ...WITHOUT_LINKER_VARIABLES },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { stderr } = await formatter.output();
  const errors = stripVTControlCharacters(new TextDecoder().decode(stderr));
  const message = /SyntaxError: (.*)/.exec(errors)?.[1];
  const place = /:(\d+):(\d+)\s*$/m.exec(errors);
  if (!message) return "SyntaxError: a kernel cannot run this (is there an import.meta in it?)";
  return `SyntaxError: ${message}` + (place ? ` (line ${place[1]}, column ${place[2]})` : "");
}

/** Options of running a notebook. */
export interface RunOptions {
  /** Ends the kernel when it is aborted; the run then fails. */
  readonly stop?: AbortSignal;
  /** Time limit of each cell, in seconds. */
  readonly secondsPerCell?: number;
  /** Called after each code cell with the number of finished cells and of all cells. */
  readonly onCell?: (done: number, total: number) => void;
}

/** The error of a cell that failed, with its position and code. */
export class CellError extends Error {
  override readonly name = "CellError";

  /**
   * @param notebook The notebook's file name.
   * @param cell The number of the code cell, from 1, as Jupyter shows it.
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

async function reasonOf(error: ErrorOutput, source: string): Promise<string> {
  if (error.evalue === "Execution failed") return await syntaxMessage(source);
  const place = error.traceback.find((line) => /<anonymous>|\.ts:/.test(line))?.trim();
  return `${error.ename}: ${error.evalue}` + (place ? ` (${place})` : "");
}

/**
 * Runs a notebook's cells from top to bottom in a new kernel, up to the first that fails.
 *
 * @param path The notebook's file; its folder is the kernel's working folder.
 * @param options Time limit and progress callback.
 * @returns The notebook with the outputs of this run; its file is not changed.
 * @throws {CellError} If a cell fails, exceeds the time limit, or kills the kernel.
 * @throws {UserError} If the file cannot be read or is not a notebook, or if no kernel can be started.
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<Notebook> {
  const { secondsPerCell = 120, onCell, stop } = options;
  const name = path.split(/[\\/]/).at(-1)!;
  const notebook = parseNotebook(disk.readText(path), name);
  const total = notebook.cells.filter((cell) => cell.cell_type === "code").length;
  await using kernel = await Kernel.start(folderOf(path));
  stop?.throwIfAborted();
  stop?.addEventListener("abort", () => kernel.kill());
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
  return { ...withDenoKernel(notebook), cells };
}

/** Sets the kernel to Deno: Jupyter saves the name of whichever kernel was used. */
function withDenoKernel(notebook: Notebook): Notebook {
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
