/**
 * The small table under a picture over time: what was popped, pushed and read at each step.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { fittingText } from "./fitting_text.ts";
import { numeral } from "./rounding.ts";
import { readTerms, term } from "./terms.ts";
import type { TextMark } from "./text_marks.ts";

const FONT = 13;
const LINE = 17;

/** A table whose y coordinates are pixels from its upper edge. */
export interface StepTable {
  /** In pixels. */
  readonly height: number;
  /** What each row holds, and where it stands. */
  readonly rows: { readonly name: string; readonly y: number }[];
  /** The cells, at x = t. */
  readonly cells: TextMark[];
}

/** The row's texts, each the first of its candidates that fits; undefined if one has none that does. */
function fittingRow(
  candidates: readonly (readonly string[])[],
  width: number,
): string[] | undefined {
  const texts = candidates.map((texts) => fittingText(texts, width, 4 * LINE, FONT));
  return texts.includes("") ? undefined : texts;
}

/**
 * Lays out the rows "pop u", "push d" and "read r"; a row that does not fit is left out.
 *
 * @example Three rows of one cell.
 * ```ts
 * import { stepTable } from "@/figures/step_table.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1]], pops: [0], pushes: [0.8] });
 * const { cells } = stepTable(trace, ["a"], 60);
 * assertEquals(cells.map((cell) => cell.text), ["0", "0.8", "0.8 a"]);
 * ```
 * @param trace What the stack did.
 * @param names Name of each row's value.
 * @param width Of a column, in pixels.
 * @returns Rows, cells and the room that they need.
 */
export function stepTable(trace: StackTrace, names: readonly string[], width: number): StepTable {
  const terms = trace.strengths.map((s) => readTerms(s, names));
  const candidates: [string, string[][]][] = [
    ["pop <i>u</i>", trace.pops.map((u) => [numeral(u)])],
    ["push <i>d</i>", trace.pushes.map((d) => [numeral(d)])],
    ["read <i>r</i>", terms.map((texts) => [texts.join(" + "), texts.join(" +<br>")])],
  ];
  const rows: { name: string; y: number }[] = [];
  const cells: TextMark[] = [];
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
 * Says what each step does, for those who do not see the picture.
 *
 * @example One step.
 * ```ts
 * import { stepWords } from "@/figures/step_table.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1]], pops: [0], pushes: [0.8] });
 * assertEquals(stepWords(trace, ["a"]), ["step 1 pops 0, pushes 0.8 a, reads 0.8 a"]);
 * ```
 * @param trace What the stack did.
 * @param names Name of each row's value.
 * @returns A clause for each step.
 */
export function stepWords(trace: StackTrace, names: readonly string[]): string[] {
  return trace.strengths.map((s, t) => {
    const [u, d] = [numeral(trace.pops[t]), term(trace.pushes[t], names[t])];
    return `step ${t + 1} pops ${u}, pushes ${d}, reads ${readTerms(s, names).join(" + ")}`;
  });
}
