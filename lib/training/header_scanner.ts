/**
 * Reads the few kinds of JSON that a safetensors header is made of, from left to right.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { quoted } from "./tensor_words.ts";

const BLANKS = " \t\n\r";
const NUMBER_CHARACTERS = "+-.0123456789eE";

/** More digits than any whole number has that a `number` holds exactly. */
const LONGEST_NUMBER = 17;

/**
 * A place in a header's text; every method reads what comes next and moves past it.
 *
 * @example One pair.
 * ```ts
 * import { HeaderScanner } from "@/training/header_scanner.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const scanner = new HeaderScanner('{"shape": [2, 3]}', "weights.safetensors");
 * scanner.readObject((key) => {
 *   assertEquals(key, "shape");
 *   assertEquals(scanner.readWholeNumbers(), [2, 3]);
 * });
 * scanner.readEnd();
 * ```
 */
export class HeaderScanner {
  #at = 0;

  /**
   * @param text The header.
   * @param path The file's name, for messages.
   */
  constructor(readonly text: string, readonly path: string) {}

  /**
   * Checks what the whole header begins with.
   *
   * @param character What it must be.
   * @throws {UserError} If it is not.
   */
  checkFirst(character: string): void {
    if (this.text[0] !== character) throw this.#surprise(`"${character}"`);
  }

  /**
   * Reads an object.
   *
   * @param readValue Given each name in turn, reads what belongs to it.
   * @throws {UserError} If something else comes, or a name comes twice.
   */
  readObject(readValue: (name: string) => void): void {
    const names = new Set<string>();
    this.#expect("{");
    if (this.#takes("}")) return;
    do {
      const name = this.readText();
      if (names.has(name)) {
        throw this.refusal("each name once", `${quoted(name)} twice`);
      }
      names.add(name);
      this.#expect(":");
      readValue(name);
    } while (this.#takes(","));
    this.#expect("}");
  }

  /**
   * Reads a list of whole numbers.
   *
   * @returns Numbers from 0 to 2⁵³ − 1.
   * @throws {UserError} If something else comes.
   */
  readWholeNumbers(): number[] {
    const numbers: number[] = [];
    this.#expect("[");
    if (this.#takes("]")) return numbers;
    do numbers.push(this.#readWholeNumber()); while (this.#takes(","));
    this.#expect("]");
    return numbers;
  }

  /**
   * Reads a text.
   *
   * @returns What it stands for.
   * @throws {UserError} If something else comes.
   */
  readText(): string {
    this.#skipBlanks();
    const start = this.#at;
    if (this.text[start] !== '"') throw this.#surprise("a text");
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    const text = parseText(this.text.slice(start, this.#at));
    if (text !== undefined) return text;
    this.#at = start;
    throw this.#surprise("a whole text");
  }

  /**
   * Reads the end: nothing but blanks may be left.
   *
   * @throws {UserError} If something comes.
   */
  readEnd(): void {
    this.#skipBlanks();
    if (this.#at < this.text.length) throw this.#surprise("its end");
  }

  /**
   * What to throw when the header says what it must not.
   *
   * @param wanted What would have been right.
   * @param got What was there.
   * @returns The error.
   */
  refusal(wanted: string, got: string): UserError {
    return new UserError(`read ${this.path}`, `${wanted} in its header`, got);
  }

  #readWholeNumber(): number {
    this.#skipBlanks();
    const start = this.#at;
    while (this.#at < this.text.length && NUMBER_CHARACTERS.includes(this.text[this.#at])) {
      this.#at++;
    }
    const digits = this.text.slice(start, Math.min(this.#at, start + LONGEST_NUMBER));
    if (this.#at === start) throw this.#surprise("a whole number");
    if (/^(0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(Number(digits))) {
      return Number(digits);
    }
    throw this.refusal("whole numbers from 0 to 2⁵³ − 1", digits);
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#surprise(`"${character}"`);
  }

  #takes(character: string): boolean {
    this.#skipBlanks();
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    while (this.#at < this.text.length && BLANKS.includes(this.text[this.#at])) this.#at++;
  }

  #surprise(wanted: string): UserError {
    const rest = this.text.slice(this.#at, this.#at + 12);
    const got = rest === "" ? "its end" : quoted(rest);
    return this.refusal(`${wanted} at character ${this.#at}`, got);
  }
}

/** The text that a JSON literal stands for; nothing if it is none, or holds half a character. */
function parseText(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(literal);
    return typeof text === "string" && text.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
}
