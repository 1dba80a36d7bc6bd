import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { samplePath } from "@/figures/parts/plot_labels.ts";
import { FIGURE_WIDTH, type Layout } from "@/figures/figure.ts";
import { trainableRegion } from "@/figures/trainable_region.ts";

const control = fc.double({ min: 0, max: 1, noNaN: true });
const path = { name: "run", pushes: [0.5, 0.75, 1], pops: [0.25, 0.25, 0.5] };

Deno.test("the region is the triangle between u = d and u = 2d − 1", () => {
  const [{ path: drawn }] = trainableRegion({ title: "Region", paths: [path] }).layout.shapes!;
  assertEquals(drawn, "M 0 0 L 1 1 L 0.5 0 Z");
});

Deno.test("a path runs over push and pop, and ends at its large marker", () => {
  const { data, description } = trainableRegion({
    title: "Region",
    paths: [path, { ...path, name: "other" }],
  });
  const [first, second] = data as unknown as {
    x: number[];
    y: number[];
    marker: { size: number[]; symbol: string };
    line: { dash: string };
  }[];
  assertEquals([first.x, first.y], [path.pushes, path.pops]);
  assertEquals(first.marker.size, [4, 4, 12]);
  // Told apart by more than colour.
  assertEquals(first.marker.symbol === second.marker.symbol, false);
  assertEquals(first.line.dash === second.line.dash, false);
  assertStringIncludes(description, "run from d = 0.5, u = 0.25 (trainable) to d = 1, u = 0.5 (");
});

Deno.test("the description says on which side of the region a path begins and ends, and how much is trainable", () => {
  const cases: [number, number, string][] = [
    [0.5, 0.25, "trainable"],
    [0.5, 0.5, "only the newest value is left"],
    [0, 1, "only the newest value is left"],
    [0.75, 0.5, "the two newest values fill the read"],
    [1, 0, "the two newest values fill the read"],
  ];
  for (const [d, u, words] of cases) {
    const { description } = trainableRegion({
      title: "R",
      paths: [{ name: "run", pushes: [d, 0.5], pops: [u, 0.25] }],
    });
    const points = words === "trainable" ? 2 : 1;
    assertStringIncludes(description, `run from d = ${d}, u = ${u} (${words}) to`);
    assertStringIncludes(description, `(trainable), with ${points} of its 2 points in the region.`);
  }
});

interface Words {
  text: string;
  x: number;
  y: number;
}

/** Each label with the least space that it takes, in units of the axes. */
function namesIn({ annotations, margin, height }: Partial<Layout>) {
  const unit = { x: (FIGURE_WIDTH - margin!.l! - margin!.r!) / 1.04, y: 0 };
  unit.y = (height! - margin!.t! - margin!.b!) / 1.04;
  return (annotations as unknown as Words[]).map(({ text, x, y }) => {
    const lines = text.split("<br>");
    const width = 6 * Math.max(...lines.map((line) => line.length));
    return { text, x, y, across: width / unit.x, up: (16 * lines.length) / unit.y };
  });
}

Deno.test("no label lies on a path, wherever a short path is, nor on another label", () => {
  const step = fc.double({ min: -0.15, max: 0.15, noNaN: true });
  fc.assert(fc.property(control, control, step, step, (d, u, right, up) => {
    const inside = (x: number) => Math.min(1, Math.max(0, x));
    const [pushes, pops] = [[d, inside(d + right)], [u, inside(u + up)]];
    const names = namesIn(
      trainableRegion({ title: "R", paths: [{ name: "a", pushes, pops }] }).layout,
    );
    for (const { x, y, across, up, text } of names) {
      const isHidden = samplePath(pushes, pops).some((point) =>
        Math.abs(point.x - x) < across / 2 && Math.abs(point.y - y) < up / 2
      );
      assert(!isHidden, text);
    }
    names.forEach((a, k) =>
      names.slice(k + 1).forEach((b) =>
        assert(
          Math.abs(a.x - b.x) > (a.across + b.across) / 2 ||
            Math.abs(a.y - b.y) > (a.up + b.up) / 2,
          `${a.text} | ${b.text}`,
        )
      )
    );
  }));
});

Deno.test("each label lies completely in its own zone, wherever a path moves it", () => {
  const corners = ({ x, y, across, up }: ReturnType<typeof namesIn>[number]) =>
    [-1, 1].flatMap((k) => [-1, 1].map((l) => [x + k * across / 2, y + l * up / 2]));
  const controls = fc.array(control, { minLength: 12, maxLength: 12 });
  fc.assert(fc.property(controls, controls, (pushes, pops) => {
    const run = { name: "run", pushes, pops };
    const [trainable, above, below] = namesIn(trainableRegion({ title: "R", paths: [run] }).layout);
    assert(2 * trainable.x - 1 < trainable.y && trainable.y < trainable.x);
    assert(corners(above).every(([d, u]) => u > d && d > 0 && u < 1.02));
    assert(corners(below).every(([d, u]) => u < 2 * d - 1 && d < 1.02 && u > 0));
  }));
});

Deno.test("the legend says that a path ends at its large marker, which hides what is below it", () => {
  const { data, layout } = trainableRegion({ title: "R", paths: [path] });
  const { title } = layout.legend as { title: { text: string } };
  assertEquals(title.text, "to the large mark:");
  assertEquals((data as { marker: { opacity: number } }[])[0].marker.opacity, 1);
});

Deno.test("one to three paths are wanted, with as many pops as pushes", () => {
  assertThrows(
    () => trainableRegion({ title: "R", paths: [] }),
    RangeError,
    "wanted 1 to 3 paths, got 0",
  );
  assertThrows(
    () => trainableRegion({ title: "R", paths: [{ ...path, pops: [1] }] }),
    TypeError,
    'Cannot draw the path "run": wanted as many pops as pushes and at least 1, got 1 and 3',
  );
  for (const wrong of [-0.1, 1.2, NaN]) {
    assertThrows(
      () => trainableRegion({ title: "R", paths: [{ ...path, pops: [0.5, wrong, 0.5] }] }),
      RangeError,
      `Cannot draw the path "run": wanted pushes and pops from 0 to 1, got ${wrong}`,
    );
  }
});

const enlarged = { push: [0.45, 0.6], pop: [0.225, 0.4] } as const;

Deno.test("a part is drawn enlarged on axes of its own, with what it has of the paths and the region", () => {
  const { data, layout } = trainableRegion({ title: "R", paths: [path], enlarged });
  const part = data[1] as unknown as {
    x: number[];
    y: number[];
    marker: { size: number[] };
    xaxis: string;
    showlegend: boolean;
  };
  assertEquals([part.xaxis, part.showlegend], ["x2", false]);
  // From (0.5, 0.25) towards (0.75, 0.25), to the edge.
  assertEquals([part.x, part.y, part.marker.size], [[0.5, 0.6], [0.25, 0.25], [4, 0]]);
  const { xaxis2, yaxis2 } = layout as unknown as Record<string, { range: number[] }>;
  assertEquals([xaxis2.range, yaxis2.range], [[0.45, 0.6], [0.225, 0.4]]);
  const [, frame, region] = layout.shapes!;
  assertEquals([frame.x0, frame.x1, frame.y0, frame.y1], [0.45, 0.6, 0.225, 0.4]);
  assertEquals([region.xref, region.yref], ["x2", "y2"]);
  assertEquals(region.path, "M 0.45 0.225 L 0.45 0.4 L 0.6 0.4 L 0.6 0.225 Z");
});

Deno.test("a part outside of the region has none of it", () => {
  const outside = { push: [0.1, 0.2], pop: [0.8, 0.9] } as const;
  const { layout, data } = trainableRegion({ title: "R", paths: [path], enlarged: outside });
  assertEquals(layout.shapes!.length, 2);
  assertEquals((data[1] as unknown as { x: number[] }).x, []);
});

Deno.test("it is drawn where the fewer points of the paths are, and no label lies on it", () => {
  for (const [pushes, left] of [[[0.5, 0.1], 0.6], [[0.5, 0.9], 0.1]] as const) {
    const paths = [{ name: "run", pushes, pops: [0.3, 0.9] }];
    const { layout } = trainableRegion({ title: "R", paths, enlarged });
    const { xaxis2 } = layout as unknown as { xaxis2: { domain: number[] } };
    assert(Math.abs(1.04 * xaxis2.domain[0] - 0.02 - left) < 1e-9);
    for (const { x, y, across, up } of namesIn(layout)) {
      const isBeside = x + across / 2 < left || x - across / 2 > left + 0.38;
      assert(isBeside || y + up / 2 < 0.6, `a label at ${x}, ${y}`);
    }
  }
});

Deno.test("beside a path that ends in the left corner it hides neither the path nor the region", () => {
  const paths = [{ name: "run", pushes: [0.5, 0.2, 0.08, 0], pops: [0.3, 0.56, 0.72, 1] }];
  const { layout } = trainableRegion({ title: "R", paths, enlarged });
  const { xaxis2, yaxis2 } = layout as unknown as Record<string, { domain: number[] }>;
  const [left, right] = xaxis2.domain.map((share) => 1.04 * share - 0.02);
  const bottom = 1.04 * yaxis2.domain[0] - 0.02;
  assert(right < bottom, "left of u = d");
  const points = samplePath(paths[0].pushes, paths[0].pops);
  assert(points.every(({ x, y }) => x < left || y < bottom), "off the path");
});
