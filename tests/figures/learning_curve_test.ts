import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { learningCurve } from "@/figures/learning_curve.ts";

interface Line {
  name: string;
  x: number[];
  y: number[];
  line: { color: string; dash: string };
  fill?: string;
}

const two = {
  title: "One learns, one does not",
  curves: [
    { name: "learns", errors: [1, 0.1, 0.01] },
    { name: "stays", errors: [1, 0.9, 0.8], iterations: [0, 50, 100] },
  ],
};

Deno.test("a curve is drawn where its iterations are, counted from 0 if none are given", () => {
  const [learns, stays] = learningCurve(two).data as unknown as Line[];
  assertEquals([learns.x, learns.y], [[0, 1, 2], [1, 0.1, 0.01]]);
  assertEquals([stays.x, stays.y], [[0, 50, 100], [1, 0.9, 0.8]]);
});

Deno.test("curves differ by their dashes too", () => {
  const [first, second] = learningCurve(two).data as unknown as Line[];
  assert(first.line.color !== second.line.color && first.line.dash !== second.line.dash);
});

Deno.test("labels are at the height of the curves' ends, on both scales", () => {
  for (const yScale of ["linear", "log"] as const) {
    const curves = two.curves.map((curve) => ({ ...curve, iterations: [0, 50, 100] }));
    const { layout } = learningCurve({ ...two, curves, yScale });
    const [bottom, top] = layout.yaxis!.range!;
    const inner = layout.height! - layout.margin!.t! - layout.margin!.b!;
    const scale = yScale === "log" ? Math.log10 : (value: number) => value;
    const wanted = [0.01, 0.8].map((end) => inner * (scale(end) - bottom) / (top - bottom));
    layout.annotations!.forEach(({ text, yshift }, k) => {
      assertEquals(text, two.curves[k].name);
      assertAlmostEquals(yshift!, wanted[k], 1e-9);
    });
  }
});

Deno.test("a band is filled between its bounds, below the curve", () => {
  const band = { low: [0.5, 0.05], high: [2, 0.4] };
  const { data, layout } = learningCurve({
    title: "All seeds",
    curves: [{ name: "median", errors: [1, 0.1], band }],
  });
  const [low, high, line] = data as unknown as Line[];
  assertEquals([low.y, high.y, line.y], [band.low, band.high, [1, 0.1]]);
  assertEquals([low.fill, high.fill, line.fill], [undefined, "tonexty", undefined]);
  assert(layout.yaxis!.range![1] >= 2, "the band is inside the axis");
});

Deno.test("a long curve is downsampled with its spikes kept", () => {
  const errors = Array.from({ length: 20_000 }, (_, k) => (k === 12_345 ? 7 : 1 / (k + 1)));
  const [line] = learningCurve({ title: "Long", curves: [{ name: "a", errors }] })
    .data as unknown as Line[];
  assert(line.x.length <= 400);
  assertEquals(line.y[line.x.indexOf(12_345)], 7);
  assertEquals([line.x[0], line.x.at(-1)], [0, 19_999]);
});

Deno.test("nothing, unequal lengths, and errors of 0 on a logarithmic scale are refused", () => {
  const curve = (more: object) => () =>
    learningCurve({ title: "Wrong", curves: [{ name: "a", errors: [1, 0] }], ...more });
  assertThrows(curve({ curves: [] }), TypeError, "wanted at least 1, got 0");
  assertThrows(
    curve({ curves: [{ name: "a", errors: [1, 2], iterations: [0] }] }),
    TypeError,
    'Cannot draw the line "a": wanted as many x coordinates and bounds as y coordinates, got 1 and 2',
  );
  assertThrows(
    curve({ curves: [{ name: "a", errors: [] }] }),
    TypeError,
    'Cannot draw the line "a": wanted at least 1 point, got 0',
  );
  assertThrows(
    curve({ yScale: "log" }),
    RangeError,
    'Cannot draw the line "a": wanted y coordinates above 0 (for a logarithmic scale), got 0',
  );
  assertThrows(curve({ curves: [{ name: "a", errors: [NaN] }] }), RangeError, "got NaN");
});
