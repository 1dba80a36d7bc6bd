/**
 * What is wrong with a committed notebook, as far as its file alone can tell.
 *
 * @module
 */
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";
import type { Output } from "@/jupyter/outputs.ts";
import { PLOTLY } from "@/jupyter/show.ts";
import { type Drawing, marksCutOff, reversedAxes } from "../figures/marks.ts";

/** The largest file that GitHub still shows comfortably. */
export const LARGEST_FILE = 1_500_000;

/** A statement that is not inside another. */
const SHOWS =
  /^(?:const \w+ = )?(?:await )?(?:(?:show|showMarkdown|print|trainLive)\(|console\.(?:log|error)\(|Deno\.jupyter\.display\()/m;
const PRINT = /(?<![\w.])print\(/g;
const FORGOTTEN_AWAIT = /(?<!await\s+)(?<!function\s+)(?<![\w.])(?:show|showMarkdown|trainLive)\(/;
/** Other things have an `update` or a `finish` too; a live chart is known by how it was made. */
const CHART = /\b(\w+)(?:: LiveChart)? = new LiveChart\(/g;
const FOLDER = /(?:^|[\s"'(`=/])(?:\/(?:home|Users|root|tmp|private|var|usr|opt)\/|[A-Z]:\\)/;
const NOT_CODE =
  /\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`/g;
// deno-lint-ignore no-control-regex
const CONTROL = /\x1b/;

function textOf(output: Output): string {
  if (output.output_type === "stream") return output.text;
  if (output.output_type === "error") return output.traceback.join("\n");
  return JSON.stringify(output.data);
}

function* faultsOfOutput(output: Output): Generator<string> {
  if (output.output_type === "error") yield "has a committed error";
  if (output.output_type === "execute_result") yield "leaves a value that nobody asked for";
  if (output.output_type === "stream" && output.name === "stderr") yield "writes to stderr";
  if (CONTROL.test(textOf(output)) || textOf(output).includes("\\u001b")) yield "has colours in it";
  if (FOLDER.test(textOf(output))) yield "has a folder of someone's machine in it";
  if (output.output_type !== "display_data" && output.output_type !== "execute_result") return;
  const types = Object.keys(output.data);
  if (types.includes("text/html")) yield "has HTML in it";
  if (!types.includes(PLOTLY)) return;
  if (!types.includes("image/svg+xml")) yield "has a figure without a static picture";
  if (types.includes("image/png")) yield "has a PNG, which hides the interactive figure";
  if (!output.data["text/plain"]) yield "has a figure without a description";
  const figure = output.data[PLOTLY] as Drawing;
  for (const mark of marksCutOff(figure)) yield `has a figure that cuts off ${mark}`;
  for (const axis of reversedAxes(figure)) yield `has a figure whose ${axis} runs the wrong way`;
}

const codeOf = ({ source }: Cell) => source.replace(NOT_CODE, "");

/** How the live charts of a notebook are called. */
function chartsIn(cells: readonly Cell[]): string[] {
  return cells.flatMap((cell) => [...codeOf(cell).matchAll(CHART)].map(([, name]) => name));
}

/** Whether a live chart is finished here, and whether it is drawn without waiting for it. */
function chartFaults(
  code: string,
  charts: readonly string[],
): { shows: boolean; hurries: boolean } {
  const has = (pattern: (name: string) => string) =>
    charts.some((name) => new RegExp(pattern(name), "m").test(code));
  return {
    shows: has((name) => `^(?:await )?${name}\\.finish\\(`),
    hurries: has((name) => `(?<!await\\s+)(?<![\\w.])${name}\\.(?:update|finish)\\(`),
  };
}

function* faultsOfCell(cell: Cell, charts: readonly string[]): Generator<string> {
  const { source, outputs = [], execution_count } = cell;
  const code = codeOf(cell), { shows, hurries } = chartFaults(code, charts);
  if (source.trim() === "") yield "is empty";
  if (!execution_count) yield "was never run";
  if ((shows || SHOWS.test(code)) && outputs.length === 0) yield "shows nothing";
  if ([...code.matchAll(PRINT)].length > 1) yield "prints in more than one piece";
  if (hurries || FORGOTTEN_AWAIT.test(code)) yield "shows something without waiting for it";
  for (const output of outputs) yield* faultsOfOutput(output);
}

/**
 * Looks for everything that a committed notebook must not have.
 *
 * @param notebook The notebook as its file is.
 * @returns One sentence for each fault.
 */
export function faultsOf(notebook: Notebook): string[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  const charts = chartsIn(cells);
  return cells.flatMap((cell, i) =>
    [...faultsOfCell(cell, charts)].map((fault) => `code cell [${i + 1}] ${fault}`)
  );
}
