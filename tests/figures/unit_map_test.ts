import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { unitMap } from "@/figures/unit_map.ts";

const unitsOf = (count: number, T = 3) =>
  Array.from({ length: count }, (_, k) => ({ name: `h ${k}`, values: new Array(T).fill(k / 100) }));

Deno.test("the first unit is the upper row, and every fourth is named", () => {
  const { data, layout } = unitMap({ title: "A claim", text: "a\n<", units: unitsOf(9) });
  const { z } = data[0] as { z: number[][] };
  assertEquals(z.map(([first]) => first), [0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0]);
  const { tickvals, ticktext } = layout.yaxis!;
  assertEquals([tickvals, ticktext], [[0, 4, 8], ["h 8", "h 4", "h 0"]]);
  assertEquals(layout.xaxis!.ticktext, ["a", "↵", "&lt;"]);
  assertStringIncludes(layout.xaxis!.tickfont!.family!, "Courier", "letters of one width");
});

Deno.test("nothing to draw is refused", () => {
  const draw = (text: string, count: number, T = text.length) => () =>
    unitMap({ title: "A claim", text, units: unitsOf(count, T) });
  assertThrows(draw("", 1), TypeError, "got no character");
  assertThrows(draw("ab", 0), TypeError, "got no unit");
  assertThrows(
    draw("ab", 1, 3),
    TypeError,
    "wanted 2 values (one for each character) of h 0, got 3",
  );
});
