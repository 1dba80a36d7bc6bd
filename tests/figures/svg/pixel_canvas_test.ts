import { assertEquals } from "@std/assert";
import { decode } from "fast-png";
import { PixelContext } from "@/figures/svg/pixel_canvas.ts";

const PREFIX = "data:image/png;base64,";

/** Red, green, blue and opacity of each pixel in a PNG's data URL, row by row. */
function pixelsOf(url: string): { width: number; height: number; pixels: number[] } {
  assertEquals(url.slice(0, PREFIX.length), PREFIX);
  const { width, height, channels, depth, data } = decode(
    Uint8Array.fromBase64(url.slice(PREFIX.length)),
  );
  assertEquals([channels, depth], [4, 8]);
  return { width, height, pixels: [...data] };
}

Deno.test("the PNG holds the pixels that were put on the canvas", () => {
  const data = Uint8ClampedArray.from({ length: 5 * 7 * 4 }, (_, i) => (i * 89) % 256);
  const canvas = new PixelContext({ width: 5, height: 7 });
  canvas.putImageData({ data });
  assertEquals(pixelsOf(canvas.toDataURL()), { width: 5, height: 7, pixels: [...data] });
});

Deno.test("a rectangle has its colour, and what lies outside the canvas is cut off", () => {
  const canvas = new PixelContext({ width: 3, height: 2 });
  canvas.fillStyle = "rgba(10,20,30,0.4)";
  canvas.fillRect(1, -1, 9, 2);
  const [clear, filled] = [[0, 0, 0, 0], [10, 20, 30, 102]];
  assertEquals(
    pixelsOf(canvas.toDataURL()).pixels,
    [clear, filled, filled, clear, clear, clear].flat(),
  );
});

Deno.test("the same pixels give the same bytes on every machine", () => {
  const canvas = new PixelContext({ width: 4, height: 4 });
  canvas.fillStyle = "rgba(0,114,178,1)";
  canvas.fillRect(0, 0, 2, 4);
  assertEquals(
    canvas.toDataURL(),
    PREFIX +
      "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAYAAACp8Z5+AAAAEklEQVR4XmNgKNr0H4zhgGQBAHz+ERnC+OW4AAAAAElFTkSuQmCC",
  );
});
