import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { downsample } from "@/figures/parts/lines.ts";

const heights = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 500 });

Deno.test("few enough points are chosen, in order, with both ends and both extremes", () => {
  fc.assert(fc.property(heights, fc.integer({ min: 4, max: 60 }), (y, most) => {
    const chosen = downsample(y, most);
    assert(chosen.length <= Math.max(most, 1), `${chosen.length} of ${y.length}, wanted ${most}`);
    assertEquals(chosen, [...new Set(chosen)].sort((a, b) => a - b));
    assertEquals([chosen[0], chosen.at(-1)], [0, y.length - 1]);
    const drawn = chosen.map((k) => y[k]);
    assertEquals(
      [Math.min(...drawn), Math.max(...drawn)],
      [Math.min(...y), Math.max(...y)],
    );
  }));
});

Deno.test("a line of few points is drawn whole", () => {
  assertEquals(downsample([3, 1, 2], 4), [0, 1, 2]);
});

Deno.test("on a logarithmic axis the early points are not crowded out", () => {
  const y = Array.from({ length: 10_000 }, (_, k) => k % 7);
  const early = (chosen: number[]) => chosen.filter((k) => k < 100).length;
  const even = downsample(y, 100);
  const log = downsample(y, 100, y.map((_, k) => Math.log10(k + 1)));
  assert(early(log) > 5 * early(even));
});
