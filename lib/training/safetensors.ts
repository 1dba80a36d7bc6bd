/**
 * Named tensors as one file in the safetensors format, which PyTorch and numpy read.
 *
 * | bytes        |                                                                                  |
 * | ------------ | -------------------------------------------------------------------------------- |
 * | 8            | N, the length of the header, lowest byte first                                   |
 * | N            | JSON: `{"__metadata__":{…},"name":{"dtype","shape","data_offsets":[begin,end]},…}` |
 * | all the rest | the numbers, lowest byte first, one tensor after another                         |
 *
 * The same tensors always give the same bytes: wider numbers come first, then it goes by name, and the
 * header ends in as many blanks as make N a multiple of 8. Without metadata these are the very bytes
 * that the format's own library writes.
 *
 * The format has no checksum, so a damaged weight would go unnoticed. Here the metadata hold one,
 * `file_sha256`: the SHA-256 of the whole file, counted with zeros for the checksum's own digits.
 *
 * @module
 */
import { CHECKSUM, NO_CHECKSUM, seal } from "./safetensors_checksum.ts";

/** The types of numbers that can be stored, and what they are here. */
export const STORED_TYPES = { F32: Float32Array, F64: Float64Array } as const;

/** The name of a type of numbers. */
export type StoredType = keyof typeof STORED_TYPES;

/** The name in a header that stands for no tensor. */
export const METADATA = "__metadata__";

/** Numbers and their arrangement. */
export interface StoredTensor {
  /** The length along each axis; empty for a single number. */
  readonly shape: readonly number[];
  /** As many numbers as the shape says, the last axis running fastest. */
  readonly data: Float32Array | Float64Array;
}

/** What goes into a file beside its tensors. */
export interface WriteOptions {
  /** Texts by name. */
  readonly metadata?: Iterable<readonly [string, string]>;
  /** Whether to put a checksum into the metadata; true if left out. */
  readonly checksum?: boolean;
}

/**
 * Writes tensors as the bytes of a file.
 *
 * @example What a matrix becomes.
 * ```ts
 * import { writeSafetensors } from "@/training/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const identity = { shape: [2, 2], data: new Float32Array([1, 0, 0, 1]) };
 * const bytes = writeSafetensors([["identity", identity]], { checksum: false });
 * const header = '{"identity":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}';
 * assertEquals(new TextDecoder().decode(bytes.subarray(8, 8 + bytes[0])).trimEnd(), header);
 * ```
 * @param tensors Tensors by name.
 * @param options What else to write.
 * @returns The bytes.
 * @throws {TypeError} If a tensor's numbers do not fill its shape, a name cannot be stored or comes twice.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  { metadata = [], checksum = true }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const named = [...tensors].sort(wideFirstThenByName);
  const texts = checksum ? [...metadata, [CHECKSUM, NO_CHECKSUM] as const] : [...metadata];
  checkNames("tensors", named.map(([name]) => name), METADATA);
  checkNames("metadata", [...metadata].map(([name]) => name), CHECKSUM);
  for (const [name, tensor] of named) checkTensor(name, tensor);
  const header = headerBytes(named, texts.sort(byName));
  const length = named.reduce((sum, [, { data }]) => sum + data.byteLength, 8 + header.length);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const [, { data }] of named) {
    // Every machine that Deno runs on keeps the lowest byte first.
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  if (checksum) seal(bytes, header.length);
  return bytes;
}

/**
 * The name of a tensor's type of numbers.
 *
 * @example Half as wide as a `number`.
 * ```ts
 * import { storedType } from "@/training/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(storedType(new Float32Array(1)), "F32");
 * ```
 * @param data The numbers.
 * @returns F32 or F64.
 */
export function storedType(data: Float32Array | Float64Array): StoredType {
  return data instanceof Float64Array ? "F64" : "F32";
}

function headerBytes(
  named: readonly (readonly [string, StoredTensor])[],
  texts: readonly (readonly [string, string])[],
): Uint8Array {
  const parts: string[] = [];
  if (texts.length > 0) {
    const pairs = texts.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
    parts.push(`${JSON.stringify(METADATA)}:{${pairs.join(",")}}`);
  }
  let begin = 0;
  for (const [name, { shape, data }] of named) {
    const end = begin + data.byteLength;
    const entry = { dtype: storedType(data), shape, data_offsets: [begin, end] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    begin = end;
  }
  const header = new TextEncoder().encode(`{${parts.join(",")}}`);
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(0x20);
  padded.set(header);
  return padded;
}

type Named<T> = readonly [string, T];

function byName([a]: Named<unknown>, [b]: Named<unknown>): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers of 8 bytes first: after them, those of 4 bytes still begin at multiples of 4. */
function wideFirstThenByName(a: Named<StoredTensor>, b: Named<StoredTensor>): number {
  return b[1].data.BYTES_PER_ELEMENT - a[1].data.BYTES_PER_ELEMENT || byName(a, b);
}

function checkNames(what: string, names: readonly string[], reserved: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name) || name === reserved || !name.isWellFormed()) {
      throw new TypeError(
        `Cannot write ${what}: wanted names of Unicode text, each once and none "${reserved}", got ${
          JSON.stringify(name)
        }`,
      );
    }
    seen.add(name);
  }
}

function checkTensor(name: string, { shape, data }: StoredTensor): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if (
    size !== data.length || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  ) {
    throw new TypeError(
      `Cannot write tensors: wanted numbers to fill ${name} of shape [${shape}], got ${data.length}`,
    );
  }
  const bad = data.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot write tensors: wanted finite numbers in ${name}, got ${data[bad]} at ${bad}`,
    );
  }
}
