/**
 * Greedy line wrapping: each line takes as many words as fit.
 *
 * @module
 */

/**
 * Wraps the lines of a text greedily.
 *
 * A line takes a word as long as it then has at most `columns` characters. A word that is longer has a line of its own.
 * Line breaks of the text stay; blanks between words become one, or a line break.
 *
 * @example Five columns.
 * ```ts
 * import { wrapLines } from "@/text/line_wrapping.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapLines("a bc de f\n\nIshmael", 5), "a bc\nde f\n\nIshmael");
 * ```
 * @param text The text.
 * @param columns The most characters (code points) of a line of several words, at least 1.
 * @returns The wrapped text.
 * @throws {RangeError} If `columns` is not an integer of at least 1.
 */
export function wrapLines(text: string, columns: number): string {
  if (!(Number.isSafeInteger(columns) && columns >= 1)) {
    throw new RangeError(`Cannot wrap lines: wanted at least 1 column, got ${columns}`);
  }
  return text.split("\n").map((line) => wrapLine(line, columns)).join("\n");
}

function wrapLine(line: string, columns: number): string {
  let [wrapped, length] = ["", 0];
  for (const word of line.split(/[ \t]+/)) {
    if (word === "") continue;
    const wordLength = [...word].length;
    if (length === 0) wrapped += word;
    else if (length + 1 + wordLength <= columns) wrapped += ` ${word}`;
    else {
      wrapped += `\n${word}`;
      length = -1; // no blank before the word
    }
    length += length === 0 ? wordLength : 1 + wordLength;
  }
  return wrapped;
}
