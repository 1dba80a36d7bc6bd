/**
 * The table of one answer: what the network read and wrote, its pops and pushes, and its memory, step by step.
 *
 * @module
 */
import type { MemoryName } from "@/memory/memories.ts";
import { NO_TARGET, type Vocabulary } from "@/tasks/task.ts";
import { symbolText } from "@/tasks/text.ts";
import { type DecodingTrace, type EndRows, endRows } from "@/training/decoding_trace.ts";

/** The maximum number of rows of a memory with one port that are drawn. */
const MAX_ROWS = 36;
/** The width of a port's pop and push. */
const PORT_WIDTH = "  1.000  1.000".length;
/** Where the end of each memory is drawn at which its first port pops. */
const DRAWN = {
  none: "",
  stack: "its top on the right",
  queue: "its front on the left",
  deque: "top at right",
  superposition: "its top on the right",
};
/** Rows with a smaller strength are not drawn. */
const MIN_STRENGTH = 0.005;
const BARS = [..."▁▂▃▄▅▆▇█"];
/** The width of a column of symbols: that of the longest name of one. */
const SYMBOL_WIDTH = "terminator".length;

/**
 * Writes the trace of one answer as a table of 80 columns.
 *
 * @example A toy network that pushes and pops one character.
 * ```ts
 * import { decodingTable } from "@/cli/decoding_table.ts";
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, separator, terminator } = createVocabulary(), a = 97;
 * const trace = {
 *   fed: Int32Array.of(start, a, separator, a),
 *   written: Int32Array.of(-1, -1, a, terminator),
 *   ports: [{ pushes: Float32Array.of(0, 1, 0, 0), pops: Float32Array.of(0, 0, 0.5, 1) }],
 * };
 * assertEquals([...decodingTable(trace, "stack", createVocabulary())].slice(0, 5), [
 *   "step  read        written       pop   push  stack, its top on the right",
 *   "   1  start                   0.000  0.000",
 *   "   2  a                       0.000  1.000  █",
 *   "   3  separator   a           0.500  0.000  ▄",
 *   "   4  a           terminator  1.000  0.000",
 * ]);
 * ```
 * @param trace The trace of one answer.
 * @param memory The network's memory.
 * @param vocabulary The vocabulary of the task.
 * @param cells How many cells a superposition stack has, if it has a fixed number.
 * @returns A generator of the lines, none of them wider than 80 columns.
 */
export function* decodingTable(
  { fed, written, ports }: Omit<DecodingTrace, "answer">,
  memory: MemoryName,
  vocabulary: Vocabulary,
  cells?: number,
): Generator<string> {
  const digits = Math.max(4, `${fed.length}`.length);
  const columns = MAX_ROWS + 4 - digits - PORT_WIDTH * (ports.length - 1);
  const names = ports.flatMap(() => ["pop", "push"]);
  yield tableLine(
    "step".padStart(digits),
    ["read", "written"],
    names,
    `${memory}, ${DRAWN[memory]}`,
  );
  let t = 0;
  for (const rows of endRows(memory, ports, { most: columns, least: MIN_STRENGTH }, cells)) {
    const symbol = written[t] === NO_TARGET ? "" : symbolText(written[t], vocabulary);
    const controls = ports.flatMap(({ pops, pushes }) => [pops[t], pushes[t]]);
    yield tableLine(
      String(t + 1).padStart(digits),
      [symbolText(fed[t], vocabulary), symbol],
      controls.map((control) => control.toFixed(3)),
      bars(rows, columns, memory === "queue"),
    );
    t++;
  }
  yield "";
  if (ports.length > 1) {
    yield "The first pop and push are those of the top, the others of the bottom.";
  }
  if (memory === "superposition") {
    yield "A step writes a symbol, mixes what each cell would hold after a push, a pop and";
    yield "neither, and reads the top. Each bar is a cell, its height how much of it was";
    yield "ever pushed; +9 means nine more cells. Empty ones at the end are left out.";
    return;
  }
  yield `A step writes a symbol, then pops, pushes and reads the ${memory}. Each bar is a row`;
  yield `of the ${memory}, its height the strength; +9 means nine more rows. Rows with a`;
  yield `strength of less than ${MIN_STRENGTH} are left out.`;
}

function tableLine(
  step: string,
  symbols: readonly string[],
  controls: readonly string[],
  rows: string,
): string {
  const columns = [
    ...symbols.map((name) => name.padEnd(SYMBOL_WIDTH)),
    ...controls.map((control) => control.padStart(5)),
  ];
  return [step, ...columns, rows].join("  ").trimEnd();
}

/** Draws a bar for each row, the outermost on the left or on the right, beyond it the number of rows that do not fit. */
function bars({ strengths, deeper }: EndRows, columns: number, fromLeft: boolean): string {
  const all = deeper + strengths.length, count = `+${all} `.length;
  const shown = deeper > 0 ? strengths.slice(0, columns - count) : strengths;
  const drawn = shown.map(bar), hidden = deeper > 0 ? `+${all - shown.length}` : "";
  if (fromLeft) return `${drawn.join("")} ${hidden}`;
  return hidden.padEnd(deeper > 0 ? count : 0) + drawn.reverse().join("");
}

function bar(strength: number): string {
  return BARS[Math.max(1, Math.min(BARS.length, Math.round(BARS.length * strength))) - 1];
}
