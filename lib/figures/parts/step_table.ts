/**
 * The table below a figure over time: pop, push and read of each step.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { fittingText } from "./text_width.ts";
import { formatNumber, formatTerm, weightedSumTerms } from "./number_text.ts";
import type { PlotLabel } from "./plot_labels.ts";

const FONT = 13;
const LINE = 17;

/** A table; its y coordinates are pixels from its upper edge. */
export interface StepTable {
  /** In pixels. */
  readonly height: number;
  /** Name and position of each row. */
  readonly rows: { readonly name: string; readonly y: number }[];
  /** The cells, at x = t. */
  readonly cells: PlotLabel[];
}

/** The row's texts, each the first of its candidates that fits; undefined if a cell has none that fits. */
function fittingRow(
  candidates: readonly (readonly string[])[],
  width: number,
): string[] | undefined {
  const texts = candidates.map((texts) => fittingText(texts, width, 4 * LINE, FONT));
  return texts.includes("") ? undefined : texts;
}

/**
 * Makes the rows "pop u", "push d" and "read r"; a row that does not fit is left out.
 *
 * @example Three rows of one cell.
 * ```ts
 * import { stepTable } from "@/figures/parts/step_table.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1]], pops: [0], pushes: [0.8] });
 * const { cells } = stepTable(trace, ["a"], 60);
 * assertEquals(cells.map((cell) => cell.text), ["0", "0.8", "0.8 a"]);
 * ```
 * @param trace The trace of the stack.
 * @param names Name of each row's value.
 * @param width Width of a column, in pixels.
 * @returns Rows, cells and height.
 */
export function stepTable(trace: StackTrace, names: readonly string[], width: number): StepTable {
  const terms = trace.strengths.map((s) => weightedSumTerms(s, names));
  const candidates: [string, string[][]][] = [
    ["pop <i>u</i>", trace.pops.map((u) => [formatNumber(u)])],
    ["push <i>d</i>", trace.pushes.map((d) => [formatNumber(d)])],
    ["read <i>r</i>", terms.map((texts) => [texts.join(" + "), texts.join(" +<br>")])],
  ];
  const rows: { name: string; y: number }[] = [];
  const cells: PlotLabel[] = [];
  let height = 0;
  for (const [name, columns] of candidates) {
    const texts = fittingRow(columns, width - 6);
    if (!texts) continue;
    const rowHeight = LINE * Math.max(...texts.map((text) => text.split("<br>").length)) + 6;
    const y = height + rowHeight / 2;
    rows.push({ name, y });
    texts.forEach((text, t) => cells.push({ x: t + 1, y, text }));
    height += rowHeight;
  }
  return { height, rows, cells };
}

/**
 * Describes what each step does, for the text alternative.
 *
 * @example One step.
 * ```ts
 * import { describeSteps } from "@/figures/parts/step_table.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1]], pops: [0], pushes: [0.8] });
 * assertEquals(describeSteps(trace, ["a"]), ["step 1 pops 0, pushes 0.8 a, reads 0.8 a"]);
 * ```
 * @param trace The trace of the stack.
 * @param names Name of each row's value.
 * @returns A clause for each step.
 */
export function describeSteps(trace: StackTrace, names: readonly string[]): string[] {
  return trace.strengths.map((s, t) => {
    const [u, d] = [formatNumber(trace.pops[t]), formatTerm(trace.pushes[t], names[t])];
    return `step ${t + 1} pops ${u}, pushes ${d}, reads ${weightedSumTerms(s, names).join(" + ")}`;
  });
}
