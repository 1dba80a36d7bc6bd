/**
 * How two runs of a notebook differ.
 *
 * @module
 */
import { type Cell, formatNotebook, type Notebook } from "./notebook_file.ts";

/** How much of a long line is shown on each side of the place where it begins to differ. */
const AROUND = 40;

function linesOf(cell: Cell | undefined): string[] {
  return cell ? formatNotebook({ nbformat: 4, cells: [cell] }).split("\n").slice(2, -4) : [];
}

function excerpt(line: string | undefined, at: number): string {
  if (line === undefined) return "nothing";
  const begin = Math.max(0, at - AROUND);
  const end = Math.min(line.length, at + AROUND);
  return (begin > 0 ? "…" : "") + line.slice(begin, end).trim() + (end < line.length ? "…" : "");
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/**
 * Finds the first line in which what is committed differs from what a run gives.
 *
 * @example A result that has changed.
 * ```ts
 * import { notebookDifference } from "@/jupyter/notebook_difference.ts";
 * import type { Notebook } from "@/jupyter/notebook_file.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const printing = (text: string): Notebook => ({
 *   nbformat: 4,
 *   cells: [{
 *     cell_type: "code",
 *     source: "print(x)",
 *     outputs: [{ output_type: "stream", name: "stdout", text }],
 *   }],
 * });
 * const difference = notebookDifference(printing("one"), printing("two"))!;
 * assertStringIncludes(difference, 'code cell [1]');
 * assertStringIncludes(difference, 'this run:  "two"');
 * ```
 * @param committed The notebook as its file is.
 * @param run The notebook as `runNotebook` gives it.
 * @returns Which cell differs and in what, in three lines; nothing if they are equal.
 */
export function notebookDifference(committed: Notebook, run: Notebook): string | undefined {
  let count = 0;
  for (let i = 0; i < Math.max(committed.cells.length, run.cells.length); i++) {
    if (run.cells[i]?.cell_type === "code") count++;
    const [was, is] = [linesOf(committed.cells[i]), linesOf(run.cells[i])];
    const line = differingLine(was, is);
    if (line < 0) continue;
    const at = firstDifference(was[line] ?? "", is[line] ?? "");
    return `code cell [${count}] no longer gives what is committed\n` +
      `    committed: ${excerpt(was[line], at)}\n` +
      `    this run:  ${excerpt(is[line], at)}`;
  }
}

function differingLine(was: string[], is: string[]): number {
  const length = Math.max(was.length, is.length);
  for (let line = 0; line < length; line++) if (was[line] !== is[line]) return line;
  return -1;
}
