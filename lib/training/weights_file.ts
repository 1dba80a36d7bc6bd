/**
 * A model's weights on the disk: saved whole or not at all, loaded only if they are the model's.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Files, writeBytesAtomically } from "@/io/files.ts";
import { type StoredTensor, type StoredType, storedType, writeSafetensors } from "./safetensors.ts";
import { type ReadOptions, readSafetensors, type TensorFile } from "./safetensors_reader.ts";
import { quoted, shapeText } from "./tensor_words.ts";

/** No file above this many bytes is read: a gibibyte, hundreds of times what the paper's model needs. */
export const LARGEST_WEIGHTS_FILE = 2 ** 30;

/** What a model's weights must be. */
export interface WantedTensors {
  /** Each tensor's shape by its name; there may be no other tensor. */
  readonly shapes: Iterable<readonly [string, readonly number[]]>;
  /** The type of their numbers, F32 if left out. */
  readonly type?: StoredType;
}

/**
 * Saves weights under a temporary name, then gives them their own: at any moment the old weights are
 * there or the new ones.
 *
 * @param files Where to.
 * @param path The file.
 * @param tensors Tensors by name.
 * @param metadata Texts by name.
 * @throws {UserError} If it cannot be written; the old weights are still there then.
 * @throws {RangeError} If a number is NaN or infinite; nothing has been written then.
 */
export function saveWeights(
  files: Files,
  path: string,
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Iterable<readonly [string, string]> = [],
): void {
  writeBytesAtomically(files, path, writeSafetensors(tensors, { metadata }));
}

/**
 * Loads weights.
 *
 * @param files Where they are.
 * @param path The file.
 * @param options How strictly to read.
 * @returns The tensors and what was saved beside them.
 * @throws {UserError} If the file cannot be read, is above {@linkcode LARGEST_WEIGHTS_FILE}, or anything
 * is wrong with it.
 */
export function loadWeights(files: Files, path: string, options: ReadOptions = {}): TensorFile {
  return readSafetensors(files.readBytes(path, LARGEST_WEIGHTS_FILE), path, options);
}

/**
 * Checks that tensors are the ones that a model has: their names, shapes and types, no more, no fewer.
 *
 * @example A matrix the wrong way round.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { checkTensors } from "@/training/weights_file.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const tensors = new Map([["weight", { shape: [3, 2], data: new Float32Array(6) }]]);
 * assertThrows(
 *   () => checkTensors(tensors, { shapes: [["weight", [2, 3]]] }, "a.safetensors"),
 *   UserError,
 *   'Cannot use a.safetensors: wanted "weight" F32 of shape [2,3], got F32 of shape [3,2]',
 * );
 * ```
 * @param tensors Tensors by name.
 * @param wanted What they must be.
 * @param path The file's name, for messages.
 * @throws {UserError} If one is missing, too many, of another shape or of another type.
 */
export function checkTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  { shapes, type = "F32" }: WantedTensors,
  path: string,
): void {
  const left = new Set(tensors.keys());
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    if (!tensor || storedType(tensor.data) !== type || !sameShape(tensor.shape, shape)) {
      const got = tensor ? inWords(tensor.shape, storedType(tensor.data)) : "none";
      throw new UserError(`use ${path}`, `${quoted(name)} ${inWords(shape, type)}`, got);
    }
    left.delete(name);
  }
  for (const name of left) {
    throw new UserError(`use ${path}`, "only the tensors of this model", `${quoted(name)} too`);
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function inWords(shape: readonly number[], type: StoredType): string {
  return `${type} of shape ${shapeText(shape)}`;
}
