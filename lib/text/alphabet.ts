/**
 * The alphabet of a text: its symbols are characters (code points) or bytes.
 *
 * `K` symbols, numbered 0 … K − 1.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";

/** What a symbol of a text can be. */
export const TEXT_UNITS = ["characters", "bytes"] as const;

/** One of them. */
export type TextUnit = (typeof TEXT_UNITS)[number];

/** The symbols of a text. */
export interface Alphabet {
  readonly unit: TextUnit;
  /** The character of each symbol, in the order of their code points; empty if symbols are bytes. */
  readonly characters: string;
  /** `K`, the number of symbols: 256 if they are bytes. */
  readonly size: number;
}

/** The number of different bytes. */
const BYTES = 256;

/**
 * Creates the alphabet of a text.
 *
 * @example The characters in order, each once.
 * ```ts
 * import { createAlphabet } from "@/text/alphabet.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { characters, size } = createAlphabet("a whale, a whale", "characters");
 * assertEquals([characters, size], [" ,aehlw", 7]);
 * assertEquals(createAlphabet("a whale", "bytes").size, 256);
 * ```
 * @param text The text.
 * @param unit What a symbol is.
 * @returns Every character of the text, or all bytes.
 */
export function createAlphabet(text: string, unit: TextUnit): Alphabet {
  if (unit === "bytes") return { unit, characters: "", size: BYTES };
  const codes = new Set<number>();
  for (const character of text) codes.add(character.codePointAt(0)!);
  const sorted = [...codes].sort((a, b) => a - b);
  const characters = sorted.map((code) => String.fromCodePoint(code)).join("");
  return { unit, characters, size: sorted.length };
}

/**
 * Converts a text to symbols.
 *
 * @example A character outside the alphabet.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { createAlphabet, encodeText } from "@/text/alphabet.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const alphabet = createAlphabet("abc", "characters");
 * assertEquals([...encodeText(alphabet, "cab", "read the prompt")], [2, 0, 1]);
 * assertThrows(
 *   () => encodeText(alphabet, "bad", "read the prompt"),
 *   UserError,
 *   'Cannot read the prompt: wanted characters of "abc", got "d" (U+0064) as character 3',
 * );
 * ```
 * @param alphabet The alphabet.
 * @param text The text.
 * @param action The action that fails, as in "Cannot <action>".
 * @returns A symbol for each character, or for each byte of the text in UTF-8.
 * @throws {UserError} If a character is not in the alphabet.
 */
export function encodeText(alphabet: Alphabet, text: string, action: string): Int32Array {
  if (alphabet.unit === "bytes") return Int32Array.from(new TextEncoder().encode(text));
  const symbols = new Map([...alphabet.characters].map((character, k) => [character, k]));
  const encoded = new Int32Array(text.length);
  let length = 0;
  for (const character of text) {
    const symbol = symbols.get(character);
    if (symbol === undefined) {
      throw new UserError(action, wantedCharacters(alphabet), describe(character, length));
    }
    encoded[length++] = symbol;
  }
  return encoded.slice(0, length);
}

/** The most characters that an error lists. */
const MOST_LISTED = 128;

function wantedCharacters({ characters, size }: Alphabet): string {
  const listed = [...characters].slice(0, MOST_LISTED).join("");
  const more = size > MOST_LISTED ? ` and ${size - MOST_LISTED} others` : "";
  return `characters of ${JSON.stringify(listed)}${more}`;
}

function describe(character: string, before: number): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return `${JSON.stringify(character)} (U+${code}) as character ${before + 1}`;
}

/** Converts symbols to text one after the other, as a network writes them. */
export interface SymbolDecoder {
  /** Returns the text that a further symbol completes: nothing while a character lacks some of its bytes. */
  add(symbol: number): string;
  /** Returns the rest at the end: a replacement character if a character lacks some of its bytes. */
  end(): string;
}

/**
 * Creates a decoder of symbols.
 *
 * @param alphabet The alphabet.
 * @returns The decoder; bytes that are not UTF-8 become replacement characters (U+FFFD).
 */
export function createDecoder({ unit, characters }: Alphabet): SymbolDecoder {
  const list = [...characters], utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  if (unit === "characters") return { add: (symbol) => list[symbol], end: () => "" };
  return {
    add: (symbol) => utf8.decode(Uint8Array.of(symbol), { stream: true }),
    end: () => utf8.decode(),
  };
}

/**
 * Converts symbols to text.
 *
 * @example Two bytes are one character.
 * ```ts
 * import { createAlphabet, decodeSymbols, encodeText } from "@/text/alphabet.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = createAlphabet("", "bytes"), symbols = encodeText(bytes, "é", "read a text");
 * assertEquals([...symbols], [0xc3, 0xa9]);
 * assertEquals(decodeSymbols(bytes, symbols), "é");
 * ```
 * @param alphabet The alphabet.
 * @param symbols Symbols of it.
 * @returns The text.
 */
export function decodeSymbols(alphabet: Alphabet, symbols: Iterable<number>): string {
  const decoder = createDecoder(alphabet), parts: string[] = [];
  for (const symbol of symbols) parts.push(decoder.add(symbol));
  return parts.join("") + decoder.end();
}
