/**
 * Reads and writes named tensors in the safetensors format, which PyTorch and numpy read too.
 *
 * | bytes    | content                                                                          |
 * | -------- | -------------------------------------------------------------------------------- |
 * | 8        | N, the length of the header, little-endian                                       |
 * | N        | JSON: `{"__metadata__":{…},"name":{"dtype","shape","data_offsets":[begin,end]},…}` |
 * | the rest | the numbers, little-endian, one tensor after another                             |
 *
 * The same tensors always give the same bytes: tensors are sorted by dtype, then by name, and the header is padded with
 * spaces until N is a multiple of 8. Without a checksum these are the bytes that the reference library writes.
 *
 * Files written here have a checksum in their metadata (`checksum.ts`); the format itself has none.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { CHECKSUM, checksumFits, writeChecksum, ZEROS } from "./checksum.ts";
import { describeOtherFormat } from "./other_formats.ts";

/** The dtypes that can be stored, in the order in which their tensors follow each other in a file. */
export const DTYPES = {
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

/** The name of a dtype. */
export type Dtype = keyof typeof DTYPES;

/** The numbers of a tensor. */
export type TensorData = Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array;

/** A tensor: its numbers and its shape. */
export interface StoredTensor {
  /** The length of each axis; empty for a single number. */
  readonly shape: readonly number[];
  /** The numbers, in row-major order. */
  readonly data: TensorData;
}

/** The contents of a file. */
export interface TensorFile {
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The texts of the metadata by name, without the checksum. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether the file has a checksum, which fits its contents; without one, a damaged number is not detected. */
  readonly hasChecksum: boolean;
}

/** Options of writing a file. */
export interface WriteOptions {
  /** The texts of the metadata by name; none by default. */
  readonly metadata?: Iterable<readonly [string, string]>;
  /** Whether to add a checksum to the metadata; true by default. */
  readonly checksum?: boolean;
  /** Whether to refuse NaN and infinities; true by default. */
  readonly finite?: boolean;
}

/** Options of reading a file. */
export interface ReadOptions {
  /**
   * Whether a file without a checksum is refused; "required" by default. Files of other programs have none, so a damaged
   * number in them is not detected.
   */
  readonly checksum?: "required" | "if present";
  /** Whether to refuse NaN and infinities; true by default. */
  readonly finite?: boolean;
}

/** The name of the metadata in a header. */
const METADATA = "__metadata__";
/** The format allows 100 MB, but with ten million names `JSON.parse` runs out of memory. */
const MAX_HEADER_BYTES = 2 ** 24;

/** The names that {@linkcode isName} accepts, for errors. */
const NAMES = "names of well-formed text without backslash";

/** What to do about tensors of a dtype that is not accepted. */
export const CONVERT =
  'convert each tensor before it is saved, with tensor.float() or array.astype("float32")';

type Named<T> = readonly [string, T];

/**
 * Encodes tensors as the bytes of a file.
 *
 * @example A matrix as a file.
 * ```ts
 * import { writeSafetensors } from "@/weights/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const identity = { shape: [2, 2], data: new Float32Array([1, 0, 0, 1]) };
 * const bytes = writeSafetensors([["identity", identity]], { checksum: false });
 * const header = '{"identity":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}';
 * assertEquals(new TextDecoder().decode(bytes.subarray(8, 8 + bytes[0])).trimEnd(), header);
 * ```
 * @param tensors Tensors by name.
 * @param options The metadata, and what to check.
 * @returns The bytes.
 * @throws {TypeError} If a tensor's numbers do not fill its shape or have no dtype, or if a name or a text
 * is not well-formed Unicode, or a name is reserved, used twice or contains a backslash.
 * @throws {RangeError} If a number is NaN or infinite, or the header is larger than 16 MiB.
 */
export function writeSafetensors(
  tensors: Iterable<Named<StoredTensor>>,
  { metadata = [], checksum = true, finite = true }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors], texts = [...metadata];
  checkNames("tensors", sorted, METADATA);
  checkNames("metadata", texts, CHECKSUM);
  for (const [name, tensor] of sorted) checkTensor(name, tensor, finite);
  if (checksum) texts.push([CHECKSUM, ZEROS]);
  const header = headerBytes(sorted.sort(byDtypeThenName), texts.sort(byName));
  const length = sorted.reduce((sum, [, { data }]) => sum + data.byteLength, 8 + header.length);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let offset = 8 + header.length;
  for (const [, { data }] of sorted) {
    // Deno runs only on little-endian machines.
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  if (checksum) writeChecksum(bytes, header.length);
  return bytes;
}

/**
 * Reads the tensors of a file, which may be damaged or written by another program.
 *
 * Everything is checked before it is used: the length of the header against the file, the bytes of every tensor against
 * its dtype and shape, all tensors against the data (no gaps, no overlaps, nothing left over), the checksum, and that all
 * numbers are finite. As in `JSON.parse`, the last of two equal names counts.
 *
 * @example One flipped bit is detected.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import { readSafetensors, writeSafetensors } from "@/weights/safetensors.ts";
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
 * @param path The file's name, for messages.
 * @param options How strictly to read.
 * @returns The contents of the file; the numbers are copies.
 * @throws {UserError} If anything is wrong with the file.
 */
export function readSafetensors(
  bytes: Uint8Array,
  path: string,
  { checksum = "required", finite = true }: ReadOptions = {},
): TensorFile {
  const refusal: Refusal = (wanted, got) => new UserError(`read ${path}`, wanted, got);
  const length = headerLength(bytes, refusal);
  const { entries, metadata } = parseHeader(bytes.subarray(8, 8 + length), refusal);
  const data = bytes.subarray(8 + length);
  checkTiling(entries.sort((a, b) => a.begin - b.begin || a.end - b.end), data.length, refusal);
  const sum = metadata.get(CHECKSUM), hasChecksum = metadata.delete(CHECKSUM);
  if (sum !== undefined && !checksumFits(bytes, length, sum)) {
    const advice = `; if you changed the weights, save them without ${CHECKSUM} in the metadata`;
    const got = "others: it was damaged or edited" + (checksum === "required" ? "" : advice);
    throw refusal("contents that match its checksum", got);
  } else if (sum === undefined && checksum === "required") {
    throw refusal(`a checksum in its metadata (${CHECKSUM})`, "none");
  }
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const numbers = new DTYPES[dtype](data.slice(begin, end).buffer);
    if (finite) checkFinite(name, numbers, refusal);
    tensors.set(name, { shape, data: numbers });
  }
  return { tensors, metadata, hasChecksum };
}

/**
 * Returns the dtype of a typed array.
 *
 * @example Single precision.
 * ```ts
 * import { dtypeOf } from "@/weights/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(dtypeOf(new Float32Array(1)), "F32");
 * ```
 * @param data The numbers.
 * @returns The dtype.
 * @throws {TypeError} If it is none of the {@linkcode DTYPES}.
 */
export function dtypeOf(data: ArrayBufferView): Dtype {
  const dtypes = Object.keys(DTYPES) as Dtype[];
  const dtype = dtypes.find((dtype) => data instanceof DTYPES[dtype]);
  if (dtype) return dtype;
  const wanted = `numbers of dtype ${dtypes.join(" or ")}`;
  throw new TypeError(`Cannot write tensors: wanted ${wanted}, got ${data.constructor.name}`);
}

/**
 * Quotes a text from a file for an error: control characters are escaped, long texts are shortened.
 *
 * @example A long text loses its middle.
 * ```ts
 * import { quote } from "@/weights/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quote("a\n"), '"a\\n"');
 * assertEquals(quote("a".repeat(1000)).length, 63);
 * ```
 * @param text Any text.
 * @returns The text in quotation marks.
 */
export function quote(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 50)}…${text.slice(-10)}`);
}

/**
 * Formats the shape of a tensor for an error, with at most eight axes.
 *
 * @example Rows and columns.
 * ```ts
 * import { shapeText } from "@/weights/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shapeText([64, 32]), "[64,32]");
 * ```
 * @param shape The length of each axis.
 * @returns The lengths in brackets.
 */
export function shapeText(shape: readonly number[]): string {
  return shape.length <= 8 ? `[${shape}]` : `[${shape.slice(0, 8)},…]`;
}

function byName([a]: Named<unknown>, [b]: Named<unknown>): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts tensors; those with wide numbers come first, so that every tensor is aligned. */
function byDtypeThenName(a: Named<StoredTensor>, b: Named<StoredTensor>): number {
  const [rankA, rankB] = [a, b].map(([, { data }]) => Object.keys(DTYPES).indexOf(dtypeOf(data)));
  return rankA - rankB || byName(a, b);
}

function checkNames(what: string, named: readonly Named<unknown>[], reserved: string): void {
  const seen = new Set<string>();
  for (const [name, value] of named) {
    const wellFormed = typeof value !== "string" || value.isWellFormed();
    if (seen.has(name) || name === reserved || !isName(name) || !wellFormed) {
      const wanted = `well-formed text and ${NAMES}, each once and none "${reserved}"`;
      throw new TypeError(`Cannot write ${what}: wanted ${wanted}, got ${quote(name)}`);
    }
    seen.add(name);
  }
}

function checkTensor(name: string, { shape, data }: StoredTensor, finite: boolean): void {
  if (!isWholeNumbers(shape) || sizeOf(shape) !== data.length) {
    const wanted = `numbers that fill ${quote(name)} of shape ${shapeText(shape)}`;
    throw new TypeError(`Cannot write tensors: wanted ${wanted}, got ${data.length}`);
  }
  if (finite) checkFinite(name, data, outOfRange);
}

function headerBytes(
  tensors: readonly Named<StoredTensor>[],
  texts: readonly Named<string>[],
): Uint8Array {
  const pair = (name: string, value: string) => `${JSON.stringify(name)}:${value}`;
  const pairs: string[] = [];
  if (texts.length > 0) {
    const inner = texts.map(([name, text]) => pair(name, JSON.stringify(text)));
    pairs.push(pair(METADATA, `{${inner}}`));
  }
  let begin = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = begin + data.byteLength;
    const entry = { dtype: dtypeOf(data), shape, data_offsets: [begin, end] };
    pairs.push(pair(name, JSON.stringify(entry)));
    begin = end;
  }
  const header = new TextEncoder().encode(`{${pairs}}`);
  if (header.length > MAX_HEADER_BYTES) {
    throw outOfRange(`a header of at most ${MAX_HEADER_BYTES} bytes`, `${header.length}`);
  }
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(" ".charCodeAt(0));
  padded.set(header);
  return padded;
}

/** Creates the error for tensors that cannot be written or read. */
type Refusal = (wanted: string, got: string) => Error;

const outOfRange: Refusal = (wanted, got) =>
  new RangeError(`Cannot write tensors: wanted ${wanted}, got ${got}`);

/** The entry of one tensor in a header. */
interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The offset of its first byte, from the end of the header. */
  readonly begin: number;
  /** The offset after its last byte. */
  readonly end: number;
}

function headerLength(bytes: Uint8Array, refusal: Refusal): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = bytes.length < 8 ? Infinity : view.getBigUint64(0, true);
  const maximum = Math.min(bytes.length - 8, MAX_HEADER_BYTES);
  if (length <= maximum) return Number(length);
  const otherFormat = length > MAX_HEADER_BYTES ? describeOtherFormat(bytes) : undefined;
  if (otherFormat) throw refusal("a safetensors file", otherFormat);
  if (bytes.length < 8) throw refusal("a safetensors file of at least 8 bytes", `${bytes.length}`);
  throw refusal(`a safetensors file, with a header length up to ${maximum}`, `${length}`);
}

function parseHeader(bytes: Uint8Array, refusal: Refusal) {
  const entries: HeaderEntry[] = [], metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(parseObject(bytes, refusal))) {
    if (name === METADATA) readMetadata(value, metadata, refusal);
    else entries.push(readEntry(name, value, refusal));
  }
  return { entries, metadata };
}

function parseObject(bytes: Uint8Array, refusal: Refusal): object {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // The format allows spaces after the object, but not before it.
    if (text.startsWith("{")) return JSON.parse(text);
  } catch {
    // Neither UTF-8 nor JSON: refused below.
  }
  const opening = new TextDecoder().decode(bytes.subarray(0, 40));
  throw refusal("a header that is a JSON object", `one that begins with ${quote(opening)}`);
}

function readMetadata(value: unknown, metadata: Map<string, string>, refusal: Refusal): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal("metadata that are a JSON object", describe(value));
  }
  for (const [name, text] of Object.entries(value)) {
    if (!isName(name)) throw refusal(NAMES, quote(name));
    if (typeof text !== "string" || !text.isWellFormed()) {
      throw refusal(`well-formed text for ${quote(name)} in its metadata`, describe(text));
    }
    metadata.set(name, text);
  }
}

function readEntry(name: string, value: unknown, refusal: Refusal): HeaderEntry {
  const fields: Record<string, unknown> = Object(value);
  const { dtype, shape, data_offsets: offsets } = fields;
  if (!isName(name)) throw refusal(NAMES, quote(name));
  if (
    Object.keys(fields).length !== 3 || dtype === undefined ||
    !isWholeNumbers(shape) || !isWholeNumbers(offsets) || offsets.length !== 2
  ) {
    const wanted = "dtype, shape and two data_offsets, in whole numbers, and nothing else";
    throw refusal(`${wanted} for ${quote(name)}`, describe(value));
  }
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) {
    const advice = typeof dtype === "string" && /^B?F16$/.test(dtype)
      ? `, half precision: ${CONVERT}`
      : "";
    const wanted = `${Object.keys(DTYPES).join(" or ")} for ${quote(name)}`;
    throw refusal(wanted, describe(dtype) + advice);
  }
  return { name, dtype: dtype as Dtype, shape, begin: offsets[0], end: offsets[1] };
}

/** Checks that every byte of the data belongs to exactly one tensor. */
function checkTiling(entries: readonly HeaderEntry[], length: number, refusal: Refusal): void {
  let last = 0;
  for (const { name, dtype, shape, begin, end } of entries) {
    const bytes = sizeOf(shape) * DTYPES[dtype].BYTES_PER_ELEMENT;
    if (end - begin !== bytes) {
      const wanted = `${bytes} bytes for ${quote(name)}, ${dtype} of shape ${shapeText(shape)}`;
      throw refusal(wanted, `${end - begin}`);
    }
    if (begin !== last) {
      throw refusal(`${quote(name)} at byte ${last}, without gap or overlap`, `byte ${begin}`);
    }
    last = end;
  }
  if (last !== length) throw refusal(`${last} bytes of tensors, as in its header`, `${length}`);
}

/** Refuses backslashes, because `JSON.parse` of V8 15.0 may confuse a key with an escape with another key. */
function isName(name: string): boolean {
  return name.isWellFormed() && !name.includes("\\");
}

function isWholeNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function checkFinite(name: string, data: TensorData, refusal: Refusal): void {
  const bad = data.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) throw refusal(`finite numbers in ${quote(name)}`, `${data[bad]} at ${bad}`);
}

/** Describes a value of a header without printing objects, which may be nested too deeply. */
function describe(value: unknown): string {
  return typeof value === "string" ? quote(value) : `a value of type ${typeof value}`;
}
