/**
 * The header of a safetensors file, read to the letter.
 *
 * `JSON.parse` would let pass what the format forbids: of two tensors with one name it keeps the last,
 * 1.5e1 is a number like 15, and brackets may nest until the call stack ends. So the header, whose
 * grammar is small, is read by hand; nothing in it recurses.
 *
 * @module
 */
import { HeaderScanner } from "./header_scanner.ts";
import { METADATA } from "./safetensors.ts";
import { quoted } from "./tensor_words.ts";

/** What there must be for each tensor, and nothing else. */
const PARTS = "dtype, shape and a pair of data_offsets";

/** What a header says of one tensor. */
export interface HeaderEntry {
  readonly name: string;
  /** The type of its numbers, as yet unchecked. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Where its bytes begin, counted from the end of the header. */
  readonly begin: number;
  /** Where they end. */
  readonly end: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a header.
 *
 * @example A name that comes twice is refused.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { parseHeader } from "@/training/safetensors_header.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const entry = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
 * assertThrows(
 *   () => parseHeader(`{${entry},${entry}}`, "weights.safetensors"),
 *   UserError,
 *   'Cannot read weights.safetensors: wanted each name once in its header, got "a" twice',
 * );
 * ```
 * @param text The header.
 * @param path The file's name, for messages.
 * @returns What it says.
 * @throws {UserError} If it is not a header to the letter.
 */
export function parseHeader(text: string, path: string): SafetensorsHeader {
  const scanner = new HeaderScanner(text, path);
  scanner.checkFirst("{"); // the format allows blanks after it, not before
  const entries: HeaderEntry[] = [];
  const metadata = new Map<string, string>();
  scanner.readObject((name) => {
    if (name !== METADATA) entries.push(readEntry(scanner, name));
    else scanner.readObject((key) => metadata.set(key, scanner.readText()));
  });
  scanner.readEnd();
  return { entries, metadata };
}

function readEntry(scanner: HeaderScanner, name: string): HeaderEntry {
  let type: string | undefined, shape: number[] | undefined, offsets: number[] | undefined;
  scanner.readObject((key) => {
    if (key === "dtype") type = scanner.readText();
    else if (key === "shape") shape = scanner.readWholeNumbers();
    else if (key === "data_offsets") offsets = scanner.readWholeNumbers();
    else throw scanner.refusal(`only ${PARTS} of ${quoted(name)}`, quoted(key));
  });
  if (type === undefined || shape === undefined || offsets?.length !== 2) {
    throw scanner.refusal(`${PARTS} of ${quoted(name)}`, "something else");
  }
  return { name, type, shape, begin: offsets[0], end: offsets[1] };
}
