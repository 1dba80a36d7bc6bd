/**
 * Checkpoints: everything that is needed to resume a run, in one file of the safetensors format.
 *
 * Typed arrays are stored as tensors, named by their path in the checkpoint, such as
 * `state.training.first.cells.0.bias`. The numbers that JSON cannot represent, −0 and infinities, are stored as F64
 * tensors of one number each. Everything else is JSON in the metadata:
 *
 * | name          | text                                                                       |
 * | ------------- | -------------------------------------------------------------------------- |
 * | `format`      | the version of this format, {@linkcode CHECKPOINT_FORMAT}                  |
 * | `checkpoint`  | JSON, with `{"$tensor": name}` for each tensor                             |
 * | `file_sha256` | the checksum of the file                                                   |
 *
 * In the keys of the checkpoint a few characters, such as "$" and ".", are escaped as "%" and their code in four
 * hexadecimal digits.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Settings } from "@/options/settings.ts";
import { type Files, join } from "@/io/files.ts";
import {
  dtypeOf,
  quote,
  readSafetensors,
  type StoredTensor,
  type TensorData,
  type TensorFile,
  writeSafetensors,
} from "@/weights/safetensors.ts";

/** The version of the format; version 1 was a JSON text, `checkpoint.json`. */
export const CHECKPOINT_FORMAT = 2;

/** The file with the checkpoint in a run folder. */
export const CHECKPOINT_FILE = "checkpoint.safetensors";

const FIRST_FORMAT_FILE = "checkpoint.json";
const TENSOR = "$tensor";

/** The experiment and the settings of a run. */
export interface RunConfig {
  readonly experiment: string;
  readonly settings: Settings;
}

/** A saved state from which a run can be resumed. */
export interface Checkpoint extends RunConfig {
  /** The number of iterations done. */
  readonly iteration: number;
  /** The number of lines of `metrics.jsonl` up to this iteration; later lines are dropped when the run is resumed. */
  readonly rows: number;
  /** The SHA-256 of those lines; absent where there are none, and in checkpoints of earlier versions. */
  readonly rowsHash?: string;
  /** The seconds of training in all sessions so far. */
  readonly seconds: number;
  /** The state of the run, as plain data. */
  readonly state: object;
}

/**
 * Encodes a checkpoint as the bytes of a file.
 *
 * @example A checkpoint is read back bit for bit.
 * ```ts
 * import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const checkpoint = {
 *   experiment: "halving",
 *   settings: { seed: 1 },
 *   iteration: 3,
 *   rows: 1,
 *   seconds: 0.5,
 *   state: { weights: new Float64Array([0.1, -0, 1 / 3]), best: -Infinity },
 * };
 * const bytes = checkpointToBytes(checkpoint);
 * assertEquals(checkpointFromBytes(bytes, "checkpoint.safetensors"), checkpoint);
 * ```
 * @param checkpoint Plain data: numbers, strings, booleans, null, typed arrays with a dtype, and arrays and
 * objects of those.
 * @returns The bytes; the same checkpoint always gives the same bytes.
 * @throws {RangeError} If a number is NaN, or everything but the typed arrays is larger than 16 MiB.
 * @throws {TypeError} If anything is not plain data.
 */
export function checkpointToBytes(checkpoint: object): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, StoredTensor>();
  const json = JSON.stringify(toJson(checkpoint, undefined, tensors));
  const metadata = Object.entries({ format: String(CHECKPOINT_FORMAT), checkpoint: json });
  return writeSafetensors(tensors, { metadata, finite: false });
}

/**
 * Decodes a checkpoint, and verifies its checksum.
 *
 * @example One flipped bit is noticed.
 * ```ts
 * import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
 * import { UserError } from "@/io/user_error.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const bytes = checkpointToBytes({ state: { weights: new Float64Array([0.1]) } });
 * bytes[bytes.length - 1] ^= 1;
 * assertThrows(() => checkpointFromBytes(bytes, "checkpoint.safetensors"), UserError, "damaged");
 * ```
 * @param bytes The whole file.
 * @param path The file's name, for messages.
 * @returns The checkpoint.
 * @throws {UserError} If the file is damaged or edited, or of another program or another version of the format.
 */
export function checkpointFromBytes<T extends object = Checkpoint>(
  bytes: Uint8Array,
  path: string,
): T {
  const { tensors, metadata } = readSafetensors(bytes, path, { finite: false });
  const format = metadata.get("format");
  if (format !== String(CHECKPOINT_FORMAT)) throw wrongFormat(path, format);
  try {
    return fromJson(metadata.get("checkpoint") ?? "", tensors) as T;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(`read ${path}`, "a checkpoint as it was written", quote(message));
  }
}

/**
 * Loads the checkpoint of a run.
 *
 * @param files The file system.
 * @param folder The run folder.
 * @returns The checkpoint.
 * @throws {UserError} If there is none, or it is damaged or of another version of the format.
 */
export function loadCheckpoint(files: Files, folder: string): Checkpoint {
  const path = join(folder, CHECKPOINT_FILE);
  refuseFirstFormat(files, folder);
  if (files.kindOf(path) !== "file") {
    throw new UserError(`resume ${folder}`, `a run with ${CHECKPOINT_FILE}`, "one without");
  }
  return checkpointFromBytes(files.readBytes(path, Number.MAX_SAFE_INTEGER), path);
}

/**
 * Refuses a folder of version 1: of a run, or of many seeds.
 *
 * @param files Where the folder is.
 * @param folder The folder.
 * @throws {UserError} If its only checkpoint, or that of one of its seeds, is of version 1.
 */
export function refuseFirstFormat(files: Files, folder: string): void {
  const seeds = files.list(folder).filter((name) => name.startsWith("seed-"));
  for (const run of [folder, ...seeds.map((name) => join(folder, name))]) {
    const earlier = join(run, FIRST_FORMAT_FILE);
    if (files.kindOf(join(run, CHECKPOINT_FILE)) !== "nothing") continue;
    if (files.kindOf(earlier) === "file") throw wrongFormat(earlier, "1");
  }
}

function wrongFormat(path: string, format: string | undefined): UserError {
  const got = format === undefined ? "a file without a version" : `version ${quote(format)}`;
  return new UserError(`read ${path}`, `a checkpoint of version "${CHECKPOINT_FORMAT}"`, got);
}

/**
 * Replaces the parts that JSON cannot represent by references to tensors, and adds these to `tensors`.
 *
 * @param path The path of `data` in the checkpoint, which names its tensor.
 */
function toJson(
  data: unknown,
  path: string | undefined,
  tensors: Map<string, StoredTensor>,
): unknown {
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (typeof data === "number" && Number.isFinite(data) && !Object.is(data, -0)) return data;
  if (typeof data === "number" || ArrayBuffer.isView(data)) {
    const name = path ?? "";
    tensors.set(name, tensorFrom(data, name));
    return { [TENSOR]: name };
  }
  const inside = (key: string, value: unknown) =>
    toJson(value, path === undefined ? escapeKey(key) : `${path}.${escapeKey(key)}`, tensors);
  if (Array.isArray(data)) return Array.from(data, (item, i) => inside(String(i), item));
  const pairs = Object.entries(checkObject(data));
  return Object.fromEntries(pairs.map(([key, value]) => [escapeKey(key), inside(key, value)]));
}

function tensorFrom(data: number | ArrayBufferView, name: string): StoredTensor {
  if (typeof data !== "number") dtypeOf(data); // throws unless the array can be stored
  const numbers = typeof data === "number" ? Float64Array.of(data) : data as TensorData;
  const at = numbers.findIndex(Number.isNaN);
  if (at >= 0) {
    const got = `NaN in ${quote(name)} at ${at}`;
    throw new RangeError(`Cannot write a checkpoint: wanted numbers, got ${got}`);
  }
  return { shape: typeof data === "number" ? [] : [numbers.length], data: numbers };
}

/**
 * Escapes a key so that no two paths are equal, and no path is reserved or needs an escape in JSON:
 * `JSON.parse` of V8 15.0 may take a key with an escape for another one.
 */
function escapeKey(key: string): string {
  const escape = (unit: string) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return key.replace(/[$%."\\\p{Cc}\p{Cs}]|^_(?=_)/gu, escape);
}

function unescapeKey(key: string): string {
  return key.replace(/%([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

function checkObject(data: unknown): object {
  const prototype = typeof data === "object" ? Object.getPrototypeOf(data) : undefined;
  if (prototype === Object.prototype || prototype === null) return data as object;
  const got = prototype?.constructor?.name ?? typeof data;
  throw new TypeError(`Cannot write a checkpoint: wanted plain data, got ${got}`);
}

/** Parses the JSON, and replaces each reference by its tensor. */
function fromJson(json: string, tensors: TensorFile["tensors"]): unknown {
  return JSON.parse(json, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const pairs = Object.entries(value);
    if (pairs.length === 1 && pairs[0][0] === TENSOR) {
      const tensor = tensors.get(pairs[0][1]);
      if (!tensor) throw new SyntaxError(`no tensor ${pairs[0][1]}`);
      return tensor.shape.length === 0 ? tensor.data[0] : tensor.data;
    }
    return Object.fromEntries(pairs.map(([key, part]) => [unescapeKey(key), part]));
  });
}
