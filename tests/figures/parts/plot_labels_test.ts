import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  chooseLabelPosition,
  plotLabels,
  samplePath,
  spreadApart,
} from "@/figures/parts/plot_labels.ts";

const heights = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 15 });

Deno.test("labels never overlap, and stay in order and within the panel", () => {
  fc.assert(fc.property(heights, (wanted) => {
    const places = spreadApart(wanted, 16, 300);
    const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b] || a - b);
    for (let k = 1; k < order.length; k++) {
      assert(places[order[k]] - places[order[k - 1]] >= 16 - 1e-9);
    }
    assert(Math.min(...places) >= 0 && Math.max(...places) <= 300 + 1e-9);
  }));
});

Deno.test("labels with space around them stay where they are", () => {
  assertEquals(spreadApart([10, 200, 100], 16, 300), [10, 200, 100]);
});

Deno.test("labels that are too close move apart evenly around their preferred heights", () => {
  const places = spreadApart([100, 100, 100], 16, 300);
  assertEquals(places, [84, 100, 116]);
  assertAlmostEquals(places.reduce((sum, place) => sum + place, 0), 300);
});

Deno.test("at the edge of the panel labels move inwards", () => {
  assertEquals(spreadApart([0, 0], 16, 300), [0, 16]);
  assertEquals(spreadApart([300, 300], 16, 300), [284, 300]);
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("on a sampled path no step is longer than a hundredth, and every corner is kept", () => {
  fc.assert(fc.property(fc.array(fc.tuple(share, share), { minLength: 1 }), (corners) => {
    const [xs, ys] = [0, 1].map((k) => corners.map((corner) => corner[k]));
    const points = samplePath(xs, ys);
    const far = points.slice(1).some(({ x, y }, k) =>
      Math.hypot(x - points[k].x, y - points[k].y) > 0.01
    );
    assert(!far);
    for (const [x, y] of corners) {
      assert(points.some((point) => Math.hypot(point.x - x, point.y - y) < 1e-9));
    }
  }));
});

Deno.test("the first free position is chosen, or the one that hides the fewest points", () => {
  const line = samplePath([0, 1], [0.5, 0.5]);
  const extent = { width: 0.2, height: 0.1 };
  const [on, under, far] = [0.5, 0.44, 0.2].map((y) => ({ x: 0.5, y }));
  assertEquals(chooseLabelPosition([on, under, far], extent, line), under);
  assertEquals(chooseLabelPosition([far, under], extent, line), far);
  const edge = { x: 0.95, y: 0.5 };
  assertEquals(
    chooseLabelPosition([on, edge], extent, line),
    edge,
    "half of it lies beside the line",
  );
});

Deno.test("empty texts are not drawn", () => {
  const trace = plotLabels([{ x: 1, y: 2, text: "" }, {
    x: 3,
    y: 4,
    text: "here",
    colour: "#ff0000",
  }]);
  const { x, y, text, textfont } = trace as unknown as Record<string, unknown>;
  assertEquals([x, y, text], [[3], [4], ["here"]]);
  assertEquals(textfont, { size: 13, color: ["#ff0000"] });
});
