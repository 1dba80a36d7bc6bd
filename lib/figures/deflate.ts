/**
 * A small compressor for pictures of flat colour.
 *
 * `node:zlib` would do, but how it chooses its matches differs between processors,
 * and a picture that is committed must have the same bytes on every machine.
 *
 * Method: one block with the fixed Huffman codes of RFC 1951. At each byte the longest match among the given distances
 * is taken (for a picture: one pixel back, one row up), else the byte itself.
 *
 * Source: RFC 1951 (deflate), RFC 1950 (zlib).
 *
 * @module
 */

const LONGEST = 258;
const SHORTEST = 3;

/** Extra bits of the length codes 257 … 285, and of the distance codes 0 … 29. */
const LENGTH_EXTRA = [..."0000000011112222333344445555", "0"].map(Number);
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
const LENGTH_BASE = [...bases(LENGTH_EXTRA.slice(0, 28), SHORTEST), LONGEST];
const DISTANCE_BASE = bases(DISTANCE_EXTRA, 1);

/** The first value that each code stands for. */
function bases(extra: number[], first: number): number[] {
  let next = first;
  return extra.map((bits) => {
    const base = next;
    next += 1 << bits;
    return base;
  });
}

class BitWriter {
  readonly bytes: number[] = [];
  #held = 0;
  #count = 0;

  /** Writes a number, least significant bit first. */
  number(value: number, bits: number): void {
    for (let i = 0; i < bits; i++) {
      this.#held |= ((value >> i) & 1) << this.#count++;
      if (this.#count === 8) this.flush();
    }
  }

  /** Writes a Huffman code, most significant bit first. */
  code(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) this.number((value >> i) & 1, 1);
  }

  flush(): void {
    if (this.#count > 0) this.bytes.push(this.#held);
    this.#held = this.#count = 0;
  }
}

/** The fixed code of a literal byte, of the end (256) or of a length (257 … 285). */
function writeSymbol(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function lastAtMost(bases: number[], value: number): number {
  return bases.findLastIndex((base) => base <= value);
}

function writeMatch(out: BitWriter, length: number, distance: number): void {
  const i = lastAtMost(LENGTH_BASE, length);
  writeSymbol(out, 257 + i);
  out.number(length - LENGTH_BASE[i], LENGTH_EXTRA[i]);
  const j = lastAtMost(DISTANCE_BASE, distance);
  out.code(j, 5);
  out.number(distance - DISTANCE_BASE[j], DISTANCE_EXTRA[j]);
}

function matchLength(bytes: Uint8Array, at: number, distance: number): number {
  if (distance > at) return 0;
  let length = 0;
  while (length < LONGEST && at + length < bytes.length) {
    if (bytes[at + length] !== bytes[at + length - distance]) break;
    length++;
  }
  return length;
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/**
 * Compresses bytes to a zlib stream, the same on every machine.
 *
 * Source: RFC 1950, RFC 1951.
 *
 * @example A run of a thousand equal bytes takes less than thirty.
 * ```ts
 * import { deflate } from "@/figures/deflate.ts";
 * import { inflateSync } from "node:zlib";
 * import { assertEquals, assertLess } from "@std/assert";
 *
 * const bytes = new Uint8Array(1000).fill(7);
 * const packed = deflate(bytes, [1]);
 * assertEquals(new Uint8Array(inflateSync(packed)), bytes);
 * assertLess(packed.length, 30);
 * ```
 * @param bytes What to compress.
 * @param distances How far back to look for a repetition, in bytes, each 1 … 32,768.
 * @returns The zlib stream.
 */
export function deflate(bytes: Uint8Array, distances: number[]): Uint8Array<ArrayBuffer> {
  const out = new BitWriter();
  out.number(0x0178, 16); // zlib header: deflate, 32 KiB window, no dictionary
  out.number(1, 1); // the last block
  out.number(1, 2); // fixed codes
  for (let at = 0; at < bytes.length;) {
    const lengths = distances.map((distance) => matchLength(bytes, at, distance));
    const longest = Math.max(0, ...lengths);
    if (longest < SHORTEST) {
      writeSymbol(out, bytes[at++]);
    } else {
      writeMatch(out, longest, distances[lengths.indexOf(longest)]);
      at += longest;
    }
  }
  writeSymbol(out, 256);
  out.flush();
  const sum = adler32(bytes);
  for (const shift of [24, 16, 8, 0]) out.number(sum >>> shift & 255, 8);
  return Uint8Array.from(out.bytes);
}
