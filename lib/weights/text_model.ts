/**
 * Saves and loads a network for text, in a file like that of `trained_model.ts`, with these texts in its metadata:
 *
 * | name       | text                                                                     |
 * | ---------- | ------------------------------------------------------------------------ |
 * | `task`     | `text`                                                                   |
 * | `unit`     | what a symbol is: `characters` or `bytes`                                |
 * | `alphabet` | the characters of the symbols, in order; empty if they are bytes         |
 * | others     | the shape and the checksum, as in `trained_model.ts`; there is no memory |
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";
import { type Alphabet, createAlphabet, TEXT_UNITS } from "@/text/alphabet.ts";
import { type MetadataReader, TEXT_TITLE } from "./metadata_reader.ts";
import {
  type DescribedNetwork,
  type LoadedModel,
  loadNetwork,
  type Network,
  saveNetwork,
} from "./trained_model.ts";

/** A network for text. */
export interface TextModel extends Network {
  /** The alphabet; it has as many symbols as the shape. */
  readonly alphabet: Alphabet;
}

/** A network for text from a file. */
export type LoadedTextModel = TextModel & Pick<LoadedModel, "metadata" | "warnings">;

/**
 * Saves a network for text; the old file is replaced atomically.
 *
 * @param files The file system.
 * @param path The file.
 * @param model The network.
 * @param notes Further texts of the metadata by name, such as the settings of the run.
 * @throws {UserError} If the file cannot be written; the old file remains.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or a note's name is already used.
 * @throws {RangeError} If a number is NaN or infinite, or the alphabet has other symbols than the shape; nothing is written.
 */
export function saveTextModel(
  files: Files,
  path: string,
  { alphabet, shape, parameters }: TextModel,
  notes: Iterable<readonly [string, string]> = [],
): void {
  const { unit, characters, size } = alphabet;
  if (size !== shape.symbols) {
    throw new RangeError(
      `Cannot save the network: wanted the alphabet's ${size} symbols, got ${shape.symbols}`,
    );
  }
  const texts = Object.entries({ task: TEXT_TITLE, unit, alphabet: characters });
  saveNetwork(files, path, { shape, parameters }, [...texts, ...notes]);
}

/**
 * Loads a network for text, and checks that the file is intact and that its tensors agree with its metadata.
 *
 * @param files The file system.
 * @param path The file.
 * @returns The network, and warnings about the file.
 * @throws {UserError} If the file cannot be read, is too large, damaged, of another program or for a task on strings; or if
 * its metadata and its tensors do not agree.
 */
export function loadTextModel(files: Files, path: string): LoadedTextModel {
  return loadNetwork(files, path, readTextModel);
}

/** Reads a network for text; throws a {@linkcode UserError} if it is another. */
export function readTextModel(
  metadata: MetadataReader,
  tensors: number,
): DescribedNetwork<Pick<TextModel, "alphabet" | "shape">> {
  metadata.choice("task", TEXT_TITLE);
  const unit = metadata.choice("unit", ...TEXT_UNITS);
  const text = metadata.metadata.get("alphabet"), alphabet = createAlphabet(text ?? "", unit);
  if (text !== alphabet.characters) {
    const wanted = unit === "bytes" ? "an empty alphabet" : "an alphabet of characters in order";
    throw metadata.refusal(wanted, text);
  }
  const shape = metadata.shape(alphabet.size, tensors);
  return { found: { alphabet, shape }, shapes: parameterShapes(shape) };
}
