import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clipPath, clipPolygon } from "@/figures/parts/clipping.ts";
import type { Point } from "@/figures/parts/plot_labels.ts";

const unit = { x: [0, 1], y: [0, 1] } as const;
const coordinate = fc.integer({ min: -8, max: 16 }).map((eighths) => eighths / 8 + 1 / 64);
const point = fc.record({ x: coordinate, y: coordinate });
const isInside = ({ x, y }: Point, slack = 0) =>
  Math.min(x, y) >= -slack && Math.max(x, y) <= 1 + slack;
const lengthOf = (path: readonly Point[]) =>
  path.slice(1).reduce((sum, { x, y }, k) => sum + Math.hypot(x - path[k].x, y - path[k].y), 0);

Deno.test("a clipped path lies inside, has all corners that lie inside, and is as long as it must be", () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), (path) => {
      const pieces = clipPath(path, unit), points = pieces.flat();
      assert(points.every((point) => isInside(point, 1e-12)));
      const indices = points.flatMap(({ index }) => index ?? []);
      assertEquals(indices, [...path.keys()].filter((k) => isInside(path[k])));
      // The length inside, by many small steps.
      const steps = path.slice(1).map((to, k) => {
        const inside = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000).filter((share) =>
          isInside({
            x: path[k].x + share * (to.x - path[k].x),
            y: path[k].y + share * (to.y - path[k].y),
          })
        );
        return lengthOf([path[k], to]) * inside.length / 2000;
      });
      const length = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
      assertAlmostEquals(length, steps.reduce((sum, step) => sum + step, 0), 0.02);
    }),
    { numRuns: 100 },
  );
});

Deno.test("a path that stays inside is one piece, one that stays outside none", () => {
  const inside = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.5 }];
  assertEquals(clipPath(inside, unit), [inside.map((point, index) => ({ ...point, index }))]);
  assertEquals(clipPath([{ x: 2, y: 2 }, { x: 3, y: -5 }], unit), []);
});

Deno.test("a clipped polygon is inside both, and covers all that is", () => {
  const triangle = [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 0.5, y: 0 }];
  assertEquals(clipPolygon(triangle, unit), triangle);
  const area = (corners: readonly Point[]) =>
    Math.abs(corners.reduce((sum, { x, y }, k) => {
      const before = corners.at(k - 1)!;
      return sum + (before.x * y - x * before.y) / 2;
    }, 0));
  const [left, right] = [[0, 0.5], [0.5, 1]].map(([from, to]) =>
    area(clipPolygon(triangle, { x: [from, to], y: [0, 1] }))
  );
  assertAlmostEquals(left, 0.125, 1e-12);
  assertAlmostEquals(left + right, area(triangle), 1e-12);
  assertEquals(clipPolygon(triangle, { x: [2, 3], y: [2, 3] }), []);
});
