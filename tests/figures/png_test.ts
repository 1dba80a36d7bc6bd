import { inflateSync } from "node:zlib";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { deflate } from "@/figures/deflate.ts";
import { encodePng } from "@/figures/png.ts";

Deno.test("what is compressed comes back, whatever it is", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.array(fc.constantFrom(0, 0, 0, 1, 255), { maxLength: 3000 }).map((a) => Uint8Array.from(a)),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 2, max: 700 }), (bytes, row) => {
      const back = inflateSync(deflate(bytes, [1, 4, row]));
      assertEquals(new Uint8Array(back), bytes);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("long runs and far repetitions come back", () => {
  const bytes = new Uint8Array(70_000).map((_, i) => (i % 32_768 === 5 ? 200 : 0));
  assertEquals(new Uint8Array(inflateSync(deflate(bytes, [1, 32_768]))), bytes);
});

Deno.test("the checksum is Adler's", () => {
  const checksum = (bytes: Uint8Array) => [...deflate(bytes, [1]).slice(-4)];
  assertEquals(checksum(new TextEncoder().encode("Wikipedia")), [0x11, 0xe6, 0x03, 0x98]);
  // 1 + 255 · 1000 = 58,438 and 1000 + 255 · 500,500 = 59,113, modulo 65,521
  assertEquals(checksum(new Uint8Array(1000).fill(255)), [0xe6, 0xe9, 0xe4, 0x46]);
});

/** Undoes the "up" filter of 8-bit RGBA, whose single data chunk begins at byte 33. */
function pixelsOf(png: Uint8Array, width: number): number[] {
  const view = new DataView(png.buffer);
  const data = inflateSync(png.subarray(41, 41 + view.getUint32(33)));
  const row = 4 * width;
  const pixels: number[] = [];
  for (let y = 0; y * (row + 1) < data.length; y++) {
    assertEquals(data[y * (row + 1)], 2);
    for (let x = 0; x < row; x++) {
      pixels.push((data[y * (row + 1) + 1 + x] + (y > 0 ? pixels[(y - 1) * row + x] : 0)) & 255);
    }
  }
  return pixels;
}

Deno.test("a picture's pixels are in its file", () => {
  const pixels = Uint8ClampedArray.from({ length: 5 * 7 * 4 }, (_, i) => (i * 89) % 256);
  assertEquals(pixelsOf(encodePng(pixels, 5, 7), 5), [...pixels]);
});

Deno.test("each chunk carries its checksum", () => {
  const png = encodePng(new Uint8ClampedArray(4), 1, 1);
  // The end chunk has no content, so its checksum is known: that of "IEND".
  assertEquals([...png.slice(-4)], [0xae, 0x42, 0x60, 0x82]);
});

Deno.test("a wrong number of pixels is refused", () => {
  assertThrows(
    () => encodePng(new Uint8ClampedArray(8), 1, 1),
    TypeError,
    "Cannot write a picture: wanted 4 bytes (1 × 1 pixels), got 8",
  );
});
