/**
 * A picture made of pixels, as the PNG file that holds it.
 *
 * @module
 */
import { deflate } from "./deflate.ts";

/** Bytes of a pixel: red, green, blue, and how opaque it is. */
const RGBA = 4;

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function bigEndian(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

function chunk(name: string, content: ArrayLike<number>): number[] {
  const body = [...new TextEncoder().encode(name), ...Array.from(content)];
  return [...bigEndian(content.length), ...body, ...bigEndian(crc32(Uint8Array.from(body)))];
}

/** Filter "up": each row begins with a 2 and holds what to add to the row above, mostly nothing. */
function differences(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const row = width * RGBA;
  const filtered = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    filtered[y * (row + 1)] = 2;
    for (let x = 0; x < row; x++) {
      const above = y > 0 ? pixels[(y - 1) * row + x] : 0;
      filtered[y * (row + 1) + 1 + x] = pixels[y * row + x] - above;
    }
  }
  return filtered;
}

/**
 * Writes pixels as a PNG file.
 *
 * Source: W3C, Portable Network Graphics (colour type 6, eight bits, filter type 2).
 *
 * @example One opaque black pixel makes a file with the signature of a PNG.
 * ```ts
 * import { encodePng } from "@/figures/png.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const png = encodePng(new Uint8ClampedArray([0, 0, 0, 255]), 1, 1);
 * assertEquals([...png.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
 * ```
 * @param pixels Red, green, blue and opacity of each pixel, 0 … 255, row by row from the top left.
 * @param width Pixels in a row.
 * @param height Rows.
 * @returns The file.
 * @throws {TypeError} If there are not width × height pixels.
 */
export function encodePng(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const wanted = width * height * RGBA;
  if (pixels.length !== wanted) {
    throw new TypeError(
      `Cannot write a picture: wanted ${wanted} bytes (${width} × ${height} pixels), got ${pixels.length}`,
    );
  }
  const header = [...bigEndian(width), ...bigEndian(height), 8, 6, 0, 0, 0];
  const distances = [1, RGBA, width * RGBA + 1].filter((distance) => distance <= 32768);
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...chunk("IDAT", deflate(differences(pixels, width, height), distances)),
    ...chunk("IEND", []),
  ]);
}
