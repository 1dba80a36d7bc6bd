/**
 * What a network did with its stack while it answered a string, as a table for a screen of 80 columns.
 *
 * @module
 */
import type { ReversalSymbols } from "@/tasks/string_reversal.ts";
import { type DecodingTrace, type TopRows, topRows } from "@/training/decoding_trace.ts";

/** As many rows of the stack as there is room for. */
const ROWS = 36;
/** What is weaker than this is not worth a sign. */
const WEAKEST = 0.005;
const BARS = [..."▁▂▃▄▅▆▇█"];
/** The width of the longest word among the symbols. */
const SYMBOL = "terminator".length;

/**
 * Makes the table, line by line.
 *
 * @example A toy network that holds one character.
 * ```ts
 * import { decodingTable } from "@/cli/decoding_table.ts";
 * import { reversalSymbols } from "@/tasks/string_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, separator, terminator } = reversalSymbols(), a = 97;
 * const trace = {
 *   fed: Int32Array.of(start, a, separator, a),
 *   answer: Int32Array.of(a, terminator),
 *   pushes: Float32Array.of(0, 1, 0, 0),
 *   pops: Float32Array.of(0, 0, 0.5, 1),
 * };
 * assertEquals([...decodingTable(trace, reversalSymbols())].slice(0, 5), [
 *   "step  read        written       pop   push  stack, its top on the right",
 *   "   1  start                   0.000  0.000",
 *   "   2  a                       0.000  1.000  █",
 *   "   3  separator   a           0.500  0.000  ▄",
 *   "   4  a           terminator  1.000  0.000",
 * ]);
 * ```
 * @param trace What happened.
 * @param symbols The symbols of the task.
 * @returns A generator of lines, none longer than 80 columns.
 */
export function* decodingTable(trace: DecodingTrace, symbols: ReversalSymbols): Generator<string> {
  const { fed, answer, pushes, pops } = trace;
  const firstWritten = fed.length - answer.length, digits = Math.max(4, `${fed.length}`.length);
  const line = (...[step, read, written, pop, push, stack]: readonly string[]) =>
    `${step.padStart(digits)}  ${read.padEnd(SYMBOL)}  ${written.padEnd(SYMBOL)}  ` +
    `${pop.padStart(5)}  ${push.padStart(5)}  ${stack}`.trimEnd();
  const room = ROWS + 4 - digits;
  yield line("step", "read", "written", "pop", "push", "stack, its top on the right");
  let t = 0;
  for (const rows of topRows(trace, { most: room, least: WEAKEST })) {
    const written = t < firstWritten ? "" : symbolWord(answer[t - firstWritten], symbols);
    const [u, d] = [pops[t].toFixed(3), pushes[t].toFixed(3)];
    yield line(String(t + 1), symbolWord(fed[t], symbols), written, u, d, bars(rows, room));
    t++;
  }
  yield "";
  yield "A step writes, pops, pushes and reads its stack, in this order. Each bar is a";
  yield `row of the stack, ▁ to █ its strength; +9 are nine more. Rows of less than ${WEAKEST}`;
  yield "are left out.";
}

/** A sign for each row, from the bottom up; of those that there is no room for, how many they are. */
function bars({ strengths, deeper }: TopRows, room: number): string {
  const all = deeper + strengths.length, count = `+${all} `.length;
  const shown = deeper > 0 ? strengths.slice(0, room - count) : strengths;
  const hidden = deeper > 0 ? `+${all - shown.length}`.padEnd(count) : "";
  return hidden + shown.map(bar).reverse().join("");
}

function bar(strength: number): string {
  return BARS[Math.max(1, Math.min(BARS.length, Math.round(BARS.length * strength))) - 1];
}

/**
 * A symbol in a way that takes a place on the screen and does nothing else to it.
 *
 * @example Marks are words, blanks and controls have signs.
 * ```ts
 * import { symbolWord } from "@/cli/decoding_table.ts";
 * import { reversalSymbols } from "@/tasks/string_reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [97, 32, 10, 127, 128].map((symbol) => symbolWord(symbol, reversalSymbols()));
 * assertEquals(words, ["a", "␣", "␊", "␡", "start"]);
 * ```
 * @param symbol 0 … `K` − 1.
 * @param symbols The symbols of the task.
 * @returns One sign for a character of ASCII, its number for any other, a word for a mark.
 */
export function symbolWord(symbol: number, symbols: ReversalSymbols): string {
  if (symbol === symbols.start) return "start";
  if (symbol === symbols.separator) return "separator";
  if (symbol === symbols.terminator) return "terminator";
  if (symbol === 32) return "␣";
  if (symbol === 127) return "␡";
  if (symbol > 127) return String(symbol);
  return String.fromCharCode(symbol < 32 ? 0x2400 + symbol : symbol); // Unicode's control pictures
}
