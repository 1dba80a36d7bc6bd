/**
 * A notebook that says much in little time: what a kernel loses or misplaces is lost or misplaced here first.
 *
 * @module
 */
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";
import type { Output } from "@/jupyter/outputs.ts";

/** So many pairs of a cell that prints and a cell that says nothing. */
const PAIRS = 30;

function cell(source: string, outputs: Output[], k: number): Cell {
  return {
    cell_type: "code",
    source,
    outputs,
    execution_count: k + 1,
    ...{ id: `cell-${k}`, metadata: {} },
  };
}

/**
 * Makes the notebook, with the outputs that it must have after every run.
 *
 * @returns 61 cells, of which 30 print at their very end.
 */
export function chattyNotebook(): Notebook {
  const cells = [cell('import { print } from "@/jupyter/print.ts";', [], 0)];
  for (let i = 0; i < PAIRS; i++) {
    const lines = Array.from({ length: 1 + i % 7 }, (_, k) => `line ${k} of cell ${i}`);
    const text = lines.join("\n") + "\n";
    const source = `print(${lines.map((line) => JSON.stringify(line)).join(", ")});`;
    cells.push(cell(source, [{ output_type: "stream", name: "stdout", text }], cells.length));
    cells.push(cell(`const silent${i} = ${i};`, [], cells.length));
  }
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  return { ...{ nbformat_minor: 5 }, nbformat: 4, metadata, cells };
}
