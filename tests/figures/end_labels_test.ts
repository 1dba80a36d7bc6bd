import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { spread } from "@/figures/end_labels.ts";

const heights = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 15 });

Deno.test("names never overlap, stay in order and within the room", () => {
  fc.assert(fc.property(heights, (wanted) => {
    const places = spread(wanted, 16, 300);
    const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b] || a - b);
    for (let k = 1; k < order.length; k++) {
      assert(places[order[k]] - places[order[k - 1]] >= 16 - 1e-9);
    }
    assert(Math.min(...places) >= 0 && Math.max(...places) <= 300 + 1e-9);
  }));
});

Deno.test("names with room around them stay where they are", () => {
  assertEquals(spread([10, 200, 100], 16, 300), [10, 200, 100]);
});

Deno.test("crowded names part evenly around where they want to be", () => {
  const places = spread([100, 100, 100], 16, 300);
  assertEquals(places, [84, 100, 116]);
  assertAlmostEquals(places.reduce((sum, place) => sum + place, 0), 300);
});

Deno.test("at the edge of the room they are pushed inwards", () => {
  assertEquals(spread([0, 0], 16, 300), [0, 16]);
  assertEquals(spread([300, 300], 16, 300), [284, 300]);
});
