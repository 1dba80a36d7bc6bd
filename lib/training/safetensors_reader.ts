/**
 * Reading a safetensors file that may be damaged, foreign or made to deceive.
 *
 * Everything is checked before it is used: the header's length against the file, the header against its
 * grammar, every tensor's bytes against its type and shape, all of them together against the data (no
 * gap, no overlap, nothing left over), the checksum, and every number for being one. Whatever is wrong
 * is a `UserError` of one sentence.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { STORED_TYPES, type StoredTensor, type StoredType } from "./safetensors.ts";
import { CHECKSUM, isSealed } from "./safetensors_checksum.ts";
import { type HeaderEntry, parseHeader, type SafetensorsHeader } from "./safetensors_header.ts";
import { quoted, shapeText } from "./tensor_words.ts";

/** The format's own limit, in bytes. */
const LONGEST_HEADER = 100_000_000;

/** What a file holds. */
export interface TensorFile {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Without the checksum. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** How strictly a file is read. */
export interface ReadOptions {
  /**
   * Files of other programs have no checksum; a damaged number in them goes unnoticed. "required" if
   * left out.
   */
  readonly checksum?: "required" | "if present";
  /** Whether NaN and infinities are refused; true if left out. */
  readonly finite?: boolean;
}

/**
 * Reads the tensors of a file.
 *
 * @example One changed bit is noticed.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { writeSafetensors } from "@/training/safetensors.ts";
 * import { readSafetensors } from "@/training/safetensors_reader.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const bias = { shape: [2], data: new Float32Array([0.5, -1]) };
 * const bytes = writeSafetensors([["bias", bias]]);
 * assertEquals(readSafetensors(bytes, "a.safetensors").tensors.get("bias"), bias);
 *
 * bytes[bytes.length - 1] ^= 1;
 * assertThrows(() => readSafetensors(bytes, "a.safetensors"), UserError, "Cannot read a.safetensors");
 * ```
 * @param bytes The whole file.
 * @param path Its name, for messages.
 * @param options How strictly to read.
 * @returns What it holds; the numbers are copies.
 * @throws {UserError} If anything is wrong with it.
 */
export function readSafetensors(
  bytes: Uint8Array,
  path: string,
  { checksum = "required", finite = true }: ReadOptions = {},
): TensorFile {
  const length = headerLength(bytes, path);
  const header = parseHeader(headerText(bytes.subarray(8, 8 + length), path), path);
  const data = bytes.subarray(8 + length);
  const entries = header.entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  checkTiling(entries, data.length, path);
  checkChecksum(bytes, length, header, checksum, path);
  const tensors = new Map(entries.map((entry) => [entry.name, tensorFrom(data, entry, path)]));
  if (finite) { for (const [name, tensor] of tensors) checkFinite(name, tensor, path); }
  const metadata = new Map(header.metadata);
  metadata.delete(CHECKSUM);
  return { tensors, metadata };
}

function refusal(path: string, wanted: string, got: string): UserError {
  return new UserError(`read ${path}`, wanted, got);
}

function headerLength(bytes: Uint8Array, path: string): number {
  if (bytes.length < 8) {
    throw refusal(path, "a safetensors file of at least 8 bytes", `${bytes.length}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > bytes.length - 8) {
    const wanted = `a safetensors file, its header within its ${bytes.length} bytes`;
    throw refusal(path, wanted, `one whose header should have ${length}`);
  }
  if (length > LONGEST_HEADER) {
    throw refusal(path, `a header of at most ${LONGEST_HEADER} bytes`, `one of ${length}`);
  }
  return Number(length);
}

function headerText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal(path, "a header of UTF-8 text", "other bytes");
  }
}

/** Every byte of the data belongs to exactly one tensor. */
function checkTiling(entries: readonly HeaderEntry[], length: number, path: string): void {
  let last = 0;
  for (const entry of entries) {
    checkSize(entry, path);
    if (entry.begin !== last) {
      const wanted = `${quoted(entry.name)} from byte ${last} on, without gap or overlap`;
      throw refusal(path, wanted, `from byte ${entry.begin} on`);
    }
    last = entry.end;
  }
  if (last !== length) {
    throw refusal(path, `${last} bytes of tensors, as its header says`, `${length}`);
  }
}

function checkSize({ name, type, shape, begin, end }: HeaderEntry, path: string): void {
  if (!isStored(type)) throw refusal(path, `F32 or F64 for ${quoted(name)}`, quoted(type));
  const size = shape.reduce((product, axis) => product * axis, 1);
  const bytes = size * STORED_TYPES[type].BYTES_PER_ELEMENT;
  if (end - begin !== bytes) {
    const wanted = `${bytes} bytes for ${quoted(name)}, ${type} of shape ${shapeText(shape)}`;
    throw refusal(path, wanted, `${end - begin}`);
  }
}

function isStored(type: string): type is StoredType {
  return Object.hasOwn(STORED_TYPES, type);
}

function checkChecksum(
  bytes: Uint8Array,
  length: number,
  { metadata }: SafetensorsHeader,
  wanted: "required" | "if present",
  path: string,
): void {
  const checksum = metadata.get(CHECKSUM);
  if (checksum === undefined && wanted === "if present") return;
  if (checksum === undefined) {
    throw refusal(path, `a checksum in its metadata (${CHECKSUM})`, "none");
  }
  if (!isSealed(bytes, length, checksum)) {
    throw refusal(path, "the bytes that its checksum is of", "others: it was damaged or edited");
  }
}

function tensorFrom(data: Uint8Array, entry: HeaderEntry, path: string): StoredTensor {
  const { type, shape, begin, end } = entry;
  if (!isStored(type)) throw refusal(path, "F32 or F64", quoted(type));
  return { shape, data: new STORED_TYPES[type](data.slice(begin, end).buffer) };
}

function checkFinite(name: string, { data }: StoredTensor, path: string): void {
  const bad = data.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) {
    throw refusal(path, `finite numbers in ${quoted(name)}`, `${data[bad]} at ${bad}`);
  }
}
