import { assertEquals, assertThrows } from "@std/assert";
import { imageChannels } from "@/figures/image_channels.ts";
import { lookPanels } from "@/figures/look_panels.ts";

const panel = (word: string, place?: number) => ({
  word,
  weights: [0, 1, 2, 3].map((n) => n === place ? 1 : 0),
  place,
});

Deno.test("the seventh panel begins a second line, below the first", () => {
  const words = ["a", "b", "c", "d", "e", "f", "g"];
  const panels = words.map((word, n) => panel(word, n % 4));
  const shapes = [{ kind: "square", colour: "green", place: 0 }] as const;
  const { data, layout } = lookPanels({ title: "A claim", side: 2, shapes, panels });
  const [{ z }, marks] = data as { z: (number | null)[][]; x: number[]; y: number[] }[];
  assertEquals([z.length, z[0].length], [6, 17]);
  assertEquals(z[4].slice(0, 3), [1, 0, null]); // the upper row of the first panel, with its place 0
  assertEquals(z[0].slice(0, 2), [1, 0]); // the lower row of the seventh, with its place 2
  assertEquals([marks.x[6], marks.y[6]], [0, 1]);
  assertEquals(layout.shapes!.length, 2 * panels.length);
});

Deno.test("what does not fit is refused in one sentence", () => {
  const looks = { title: "A claim", side: 3, shapes: [] };
  assertThrows(() => lookPanels({ ...looks, panels: [] }), TypeError, "wanted at least 1 panel");
  assertThrows(
    () => lookPanels({ ...looks, panels: [panel("red")] }),
    TypeError,
    "Cannot draw looks: wanted 9 shares (one for each cell) of red, got 4",
  );
  const size = { channels: 1, height: 2, width: 2 }, image = { title: "A claim", size };
  assertThrows(
    () => imageChannels({ ...image, image: [1], names: ["grey"] }),
    TypeError,
    "Cannot draw an image: wanted 4 numbers (1 × 2 × 2), got 1",
  );
  assertThrows(
    () => imageChannels({ ...image, image: [1, 2, 3, 4], names: [] }),
    TypeError,
    "wanted 1 names (one for each channel), got 0",
  );
});

Deno.test("channels stand side by side, each with the upper row on top, and with its grid", () => {
  const { data, layout } = imageChannels({
    title: "A claim",
    size: { channels: 2, height: 2, width: 1 },
    image: [1, 2, 3, 4],
    names: ["left", "right"],
    grid: 1,
  });
  assertEquals((data[0] as { z: unknown }).z, [[2, null, null, 4], [1, null, null, 3]]);
  assertEquals([layout.annotations!.length, layout.shapes!.length], [2, 8]);
});
