/**
 * Text as symbols and back: a character of a task is a character of ASCII.
 *
 * | characters of the task | the symbol of a character                                            |
 * | ---------------------- | -------------------------------------------------------------------- |
 * | 128 or more            | its code in ASCII; symbols from 128 on have no character             |
 * | n < 128                | its place in a–z, A–Z, 0–9, punctuation, the space, other characters |
 *
 * So small alphabets have characters that can be typed: with n = 16, symbols 0 … 15 are a … p. Some tasks have characters of
 * their own, such as the digits and signs of sums. In a task on words, each word is a symbol, and blanks separate them.
 *
 * @module
 */
import type { Vocabulary } from "./task.ts";

const ASCII = String.fromCharCode(...Array(128).keys());

/** Kinds of characters, those that are easiest to type first. */
const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!-~]/, / /, /[^]/];
const kindOf = (character: string) => KINDS.findIndex((kind) => kind.test(character));
/** The characters of ASCII in the order in which small alphabets take them: by kind, then by code. */
const SMALL_ALPHABET_ORDER = [...ASCII].sort((a, b) => kindOf(a) - kindOf(b)).join("");

/**
 * Lists the characters of a vocabulary.
 *
 * @example A small alphabet.
 * ```ts
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { alphabetOf } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(alphabetOf(createVocabulary(16)), "abcdefghijklmnop");
 * ```
 * @param vocabulary The task's symbols.
 * @returns The characters of the symbols 0, 1, …, n − 1, up to 128.
 */
export function alphabetOf({ alphabet, characters }: Vocabulary): string {
  if (alphabet !== undefined) return alphabet;
  return characters >= ASCII.length ? ASCII : SMALL_ALPHABET_ORDER.slice(0, characters);
}

/**
 * Describes the characters or the words of a vocabulary for a sentence.
 *
 * @param vocabulary The task's symbols.
 * @returns `ASCII characters`, `characters of` and a list of fewer, or the number of words and one of them.
 */
export function describeAlphabet(vocabulary: Vocabulary): string {
  const { words } = vocabulary;
  if (words) return `the task's ${words.length} words, such as ${JSON.stringify(words[0])}`;
  const alphabet = alphabetOf(vocabulary);
  // JSON escapes control characters.
  return alphabet === ASCII ? "ASCII characters" : `characters of ${JSON.stringify(alphabet)}`;
}

/**
 * Turns a text into the symbols of its characters.
 *
 * @example Codes of ASCII, and a character that is not in it.
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
 * @param text At least one character, each of the task's alphabet.
 * @param symbols The symbols of the task.
 * @returns A symbol for each character.
 * @throws {RangeError} If the text is empty or a character has no symbol.
 */
export function textToSymbols(text: string, symbols: Vocabulary): Int32Array {
  if (symbols.words) return wordsToSymbols(text, symbols.words, describeAlphabet(symbols));
  if (text.length === 0) {
    throw new RangeError("Cannot read a text: wanted at least 1 character, got an empty text");
  }
  const codes = new Int32Array(text.length);
  const symbolOf = new Map(
    [...alphabetOf(symbols)].map((character, symbol) => [character, symbol]),
  );
  for (let i = 0; i < text.length; i++) {
    const symbol = symbolOf.get(text[i]);
    if (symbol === undefined) throw new RangeError(refusal(text, i, symbols));
    codes[i] = symbol;
  }
  return codes;
}

/**
 * Turns symbols into text: what a network answered, for people to read.
 *
 * A terminator at the end is left out; any other mark among the characters is the network's mistake,
 * and is written as its name: ⟨start⟩, ⟨separator⟩, ⟨terminator⟩, ⟨blank⟩.
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
  const { characters, words, marks, terminator } = symbols, alphabet = alphabetOf(symbols);
  const ended = codes.length > 0 && codes[codes.length - 1] === terminator;
  const shown = Array.from(codes).slice(0, ended ? -1 : undefined);
  const texts = shown.map((code) => {
    if (code >= characters) return `⟨${marks[code - characters] ?? code}⟩`;
    return words?.[code] ?? alphabet[code] ?? `⟨${code}⟩`;
  });
  return texts.join(words ? " " : "");
}

function refusal(text: string, i: number, symbols: Vocabulary): string {
  const code = text.codePointAt(i)!;
  const name = code.toString(16).toUpperCase().padStart(4, "0");
  const wanted = describeAlphabet(symbols);
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
 * @returns One sign for a character of ASCII, its number for any other, a word for a mark or a word.
 */
export function symbolText(symbol: number, vocabulary: Vocabulary): string {
  const { characters, words, marks } = vocabulary;
  if (symbol >= characters) return marks[symbol - characters];
  if (words) return words[symbol];
  const character = alphabetOf(vocabulary)[symbol];
  if (character === undefined) return String(symbol);
  if (character === " ") return "␣";
  if (character === "\x7f") return "␡";
  const code = character.charCodeAt(0);
  return code < 32 ? String.fromCharCode(0x2400 + code) : character; // Unicode's control pictures
}

function wordsToSymbols(text: string, words: readonly string[], wanted: string): Int32Array {
  const symbols = new Map(words.map((word, symbol) => [word, symbol]));
  const found = text.split(/\s+/).filter((word) => word !== "");
  if (found.length === 0) throw new RangeError(`Cannot read a text: wanted ${wanted}, got none`);
  return Int32Array.from(found, (word, i) => {
    const symbol = symbols.get(word);
    if (symbol !== undefined) return symbol;
    const got = `${JSON.stringify(word)} as word ${i + 1}`;
    throw new RangeError(`Cannot read a text: wanted ${wanted}, got ${got}`);
  });
}

/** Whether the symbols of a vocabulary are the task's own, so that no other number of them can be asked for. */
export function hasOwnSymbols({ alphabet, words }: Vocabulary): boolean {
  return (alphabet ?? words) !== undefined;
}

/** What the symbols of a vocabulary are, in the plural. */
export function symbolNoun({ words }: Vocabulary): string {
  return words ? "words" : "characters";
}
