import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { alignmentMap, type AlignmentRow } from "@/figures/alignment_map.ts";

const draw = (rows: readonly AlignmentRow[], places = ["a", "b", "c"]) =>
  alignmentMap({ title: "A claim", rows, places, xTitle: "source", yTitle: "target" });
const even = { name: "one", weights: [1 / 3, 1 / 3, 1 / 3] };

Deno.test("the first step is the upper row, and a frame is around the cell of its place", () => {
  const { data, layout } = draw([{ ...even, marked: 2 }, even, { ...even, marked: 0 }]);
  assertEquals((data[0] as { z: number[][] }).z.length, 3);
  assertEquals(layout.yaxis?.autorange, "reversed");
  const frames = layout.shapes!.map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1]);
  assertEquals(frames, [[1.5, 2.5, -0.5, 0.5], [-0.5, 0.5, 1.5, 2.5]]);
});

Deno.test("of many steps the largest weight is described, and that in the frame if it is another", () => {
  const rows = Array.from({ length: 7 }, (_, t) => ({
    name: `step${t}`,
    weights: [0.7, 0.2, 0.1],
    marked: t === 3 ? 1 : 0,
  }));
  const { description } = draw(rows);
  assertStringIncludes(description, "step2: 0.7 on a (place 1); ");
  assertStringIncludes(description, "step3: 0.7 on a (place 1), 0.2 on b (place 2) in the frame; ");
});

Deno.test("cells that are too narrow have no numbers, and many places fit the figure", () => {
  const wide = draw([even]), places = Array.from({ length: 30 }, (_, s) => `w${s}`);
  const narrow = draw([{ name: "one", weights: places.map(() => 1 / 30) }], places);
  assertEquals([wide.data.length, narrow.data.length], [2, 1]);
  assertEquals(wide.layout.width, narrow.layout.width);
});

Deno.test("a weight that would be written as 0 is not written", () => {
  const { data } = draw([{ name: "one", weights: [0.9952, 0.0049, 0] }, even]);
  assertEquals((data[1] as { text: string[] }).text, ["1", "0.33", "0.33", "0.33"]);
});

Deno.test("weights that do not fit are refused", () => {
  assertThrows(() => draw([]), TypeError, "wanted at least 1 step and 1 place, got 0 steps");
  assertThrows(
    () => draw([even], ["a"]),
    TypeError,
    "wanted 1 weights (one for each place), got 3",
  );
  for (const marked of [3, -1, 0.5]) {
    assertThrows(() => draw([{ ...even, marked }]), RangeError, `a frame at 0 to 2, got ${marked}`);
  }
});
