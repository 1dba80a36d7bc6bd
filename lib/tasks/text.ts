/**
 * ASCII text as symbols and back: with 128 characters, each is its own code.
 *
 * @module
 */
import type { Vocabulary } from "./task.ts";

const ASCII = 128;

/**
 * Turns a text into the symbols of its characters.
 *
 * @example Codes, and what has none.
 * ```ts
 * import { textToSymbols } from "@/tasks/text.ts";
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals([...textToSymbols("Ab\n", createVocabulary())], [65, 98, 10]);
 * assertThrows(
 *   () => textToSymbols("Café", createVocabulary()),
 *   RangeError,
 *   'Cannot read a text: wanted ASCII characters, got "é" (U+00E9) as character 4',
 * );
 * ```
 * @param text At least one character, each with a code below n and below 128.
 * @param symbols The symbols of the task.
 * @returns The codes.
 * @throws {RangeError} If the text is empty or a character has no symbol.
 */
export function textToSymbols(text: string, symbols: Vocabulary): Int32Array {
  if (text.length === 0) {
    throw new RangeError("Cannot read a text: wanted at least 1 character, got an empty text");
  }
  const codes = new Int32Array(text.length);
  const end = Math.min(symbols.characters, ASCII);
  for (let i = 0; i < text.length; i++) {
    codes[i] = text.charCodeAt(i);
    if (codes[i] >= end) throw new RangeError(refusal(text, i, end));
  }
  return codes;
}

/**
 * Turns symbols into text: what a network answered, for people to read.
 *
 * A terminator at the end is left out; any other mark among the characters is the network's mistake,
 * and is written as ⟨start⟩, ⟨separator⟩ or ⟨terminator⟩.
 *
 * @example An answer with a mistake in it.
 * ```ts
 * import { symbolsToText } from "@/tasks/text.ts";
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { separator, terminator } = createVocabulary();
 * assertEquals(symbolsToText([111, 107, terminator], createVocabulary()), "ok");
 * assertEquals(symbolsToText([111, separator], createVocabulary()), "o⟨separator⟩");
 * ```
 * @param codes Symbols, 0 … `K` − 1; characters from 128 on, if the task has them, are written as ⟨128⟩ …
 * @param symbols The symbols of the task.
 * @returns The text.
 */
export function symbolsToText(codes: ArrayLike<number>, symbols: Vocabulary): string {
  const ended = codes.length > 0 && codes[codes.length - 1] === symbols.terminator;
  const marks = new Map([
    [symbols.start, "⟨start⟩"],
    [symbols.separator, "⟨separator⟩"],
    [symbols.terminator, "⟨terminator⟩"],
  ]);
  const parts: string[] = [];
  for (let i = 0; i < codes.length - (ended ? 1 : 0); i++) {
    const code = codes[i];
    parts.push(marks.get(code) ?? (code < ASCII ? String.fromCharCode(code) : `⟨${code}⟩`));
  }
  return parts.join("");
}

function refusal(text: string, i: number, end: number): string {
  const code = text.codePointAt(i)!;
  const name = code.toString(16).toUpperCase().padStart(4, "0");
  const wanted = end === ASCII ? "ASCII characters" : `characters with codes from 0 to ${end - 1}`;
  // JSON writes control characters and halves of pairs as escapes.
  const character = JSON.stringify(String.fromCodePoint(code));
  return `Cannot read a text: wanted ${wanted}, got ${character} (U+${name}) as character ${i + 1}`;
}

/**
 * One symbol in a way that takes one place on the screen and does nothing else to it.
 *
 * @example Marks are words; blanks and control characters have signs.
 * ```ts
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { symbolText } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [97, 32, 10, 127, 128].map((symbol) => symbolText(symbol, createVocabulary()));
 * assertEquals(words, ["a", "␣", "␊", "␡", "start"]);
 * ```
 * @param symbol 0 … `K` − 1.
 * @param vocabulary The task's symbols.
 * @returns One sign for a character of ASCII, its number for any other, a word for a mark.
 */
export function symbolText(symbol: number, vocabulary: Vocabulary): string {
  if (symbol === vocabulary.start) return "start";
  if (symbol === vocabulary.separator) return "separator";
  if (symbol === vocabulary.terminator) return "terminator";
  if (symbol === 32) return "␣";
  if (symbol === 127) return "␡";
  if (symbol > 127) return String(symbol);
  return String.fromCharCode(symbol < 32 ? 0x2400 + symbol : symbol); // Unicode's control pictures
}
