import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { growthChart, growthSlope } from "@/figures/growth_chart.ts";

interface Trace {
  name: string;
  mode: string;
  x: number[];
  y: number[];
  line: { dash?: string };
  marker?: { symbol: string };
}

const line = { name: "line", x: [1, 10, 100], y: [3, 30, 300] };
const square = { name: "square", x: [1, 10], y: [2, 200] };
const words = { title: "Growth", xTitle: "steps", yTitle: "time (s)" };
const inputs = { ...words, series: [line, square], until: 100 };

Deno.test("a power's slope is its exponent", () => {
  const x = [1, 3, 10, 30];
  for (const exponent of [-1, 0.5, 1, 2, 3]) {
    const growth = { name: "power", x, y: x.map((size) => 7 * size ** exponent) };
    assertAlmostEquals(growthSlope(growth), exponent, 1e-12);
  }
});

Deno.test("the slope is that of the last decade, earlier measurements do not count", () => {
  const late = { name: "late", x: [1, 10, 50, 100], y: [999, 1, 777, 1000] };
  assertAlmostEquals(growthSlope(late), 3, 1e-12);
  assertAlmostEquals(growthSlope({ name: "short", x: [1, 2, 4], y: [1, 999, 4] }), 1, 1e-12);
});

Deno.test("both axes are logarithmic, and each series has markers of its own shape", () => {
  const { data, layout } = growthChart(inputs), traces = data as unknown as Trace[];
  assertEquals([layout.xaxis?.type, layout.yaxis?.type], ["log", "log"]);
  const measured = traces.filter(({ mode }) => mode === "lines+markers");
  assertEquals(measured.map(({ name, x, y }) => ({ name, x, y })), [line, square]);
  assert(measured[0].marker?.symbol !== measured[1].marker?.symbol);
});

Deno.test("a series that ends early is continued by a dotted line with its slope, and no other is", () => {
  const traces = growthChart(inputs).data as unknown as Trace[];
  const dotted = traces.filter(({ line }) => line.dash === "dot");
  assertEquals(dotted.map(({ name, x, y }) => ({ name, x, y })), [
    { name: "square, continued", x: [10, 100], y: [200, 20_000] },
  ]);
});

Deno.test("each line is labelled with its slope at its end, and lies in the panel", () => {
  const { layout } = growthChart(inputs);
  const [first, second] = layout.annotations!;
  assertEquals([first.text, second.text], ["line: slope 1.0", "square: slope 2.0"]);
  assert(first.yshift! < second.yshift!);
  const [bottom, top] = layout.yaxis!.range as number[];
  assert(bottom < Math.log10(2) && top > Math.log10(20_000));
  const [beyond, at] = growthChart({ ...inputs, until: 10 }).layout.annotations!;
  assert(beyond.yshift! > at.yshift!); // 300 at 100, 200 at 10
  const falling = growthChart({ ...inputs, series: [{ name: "f", x: [1, 10], y: [10, 1] }] });
  assertEquals(falling.layout.annotations?.[0].text, "f: slope −1.0");
});

Deno.test("a series with a given style keeps it next to other series: line, markers and label", () => {
  const company = growthChart(inputs),
    alone = growthChart({
      ...inputs,
      series: [{ ...square, style: 1 }],
    });
  const ofSquare = (figure: typeof alone) =>
    (figure.data as unknown as Trace[]).filter(({ name }) => name.startsWith("square"));
  assertEquals(ofSquare(alone), ofSquare(company));
  assertEquals(alone.layout.annotations![0].font, company.layout.annotations![1].font);
});

Deno.test("the description has the slopes, the first and the last measurements", () => {
  assertEquals(
    growthChart(inputs).description,
    "Growth of time (s) with steps: line: slope 1.0, 3 at 1 and 300 at 100; " +
      "square: slope 2.0, 2 at 1 and 200 at 10.",
  );
});

Deno.test("a series without a slope is refused", () => {
  const refusals: [object, string][] = [
    [{ x: [1], y: [1] }, "wanted at least 2 sizes and a measurement for each, got 1 and 1"],
    [{ x: [1, 2], y: [1] }, "got 2 and 1"],
    [{ x: [1, 2], y: [1, 0] }, "Cannot draw the growth of wrong: wanted numbers above 0, got 0"],
    [{ x: [1, 2], y: [1, NaN] }, "got NaN"],
    [{ x: [1, 2], y: [1, Infinity] }, "got Infinity"],
    [{ x: [2, 2], y: [1, 1] }, "wanted ascending sizes, got 2 after 2"],
  ];
  for (const [change, message] of refusals) {
    const wrong = { ...line, name: "wrong", ...change };
    assertThrows(() => growthChart({ ...inputs, series: [wrong] }), Error, message);
  }
  assertThrows(() => growthChart({ ...inputs, series: [] }), TypeError, "at least 1 series, got 0");
});
