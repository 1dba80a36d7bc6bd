import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clearPlace, pointsAlong } from "@/figures/clear_place.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("along a line no step is longer than a hundredth, and every corner is kept", () => {
  fc.assert(fc.property(fc.array(fc.tuple(share, share), { minLength: 1 }), (corners) => {
    const [xs, ys] = [0, 1].map((k) => corners.map((corner) => corner[k]));
    const points = pointsAlong(xs, ys);
    const far = points.slice(1).some(({ x, y }, k) =>
      Math.hypot(x - points[k].x, y - points[k].y) > 0.01
    );
    assert(!far);
    for (const [x, y] of corners) {
      assert(points.some((point) => Math.hypot(point.x - x, point.y - y) < 1e-9));
    }
  }));
});

Deno.test("the first clear place is taken, or the one that hides least", () => {
  const line = pointsAlong([0, 1], [0.5, 0.5]);
  const extent = { width: 0.2, height: 0.1 };
  const [on, under, far] = [0.5, 0.44, 0.2].map((y) => ({ x: 0.5, y }));
  assertEquals(clearPlace([on, under, far], extent, line), under);
  assertEquals(clearPlace([far, under], extent, line), far);
  const edge = { x: 0.95, y: 0.5 };
  assertEquals(clearPlace([on, edge], extent, line), edge, "half of it lies beside the line");
});
