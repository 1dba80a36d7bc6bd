import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { barChart } from "@/figures/bar_chart.ts";

const inputs = {
  title: "Two kinds",
  names: ["a", "b", "c"],
  series: [{ name: "before", values: [1, 2, 3] }, { name: "after", values: [-1, 0, 4] }],
  xTitle: "thing",
  yTitle: "size",
};

interface Bars {
  name: string;
  x: number[];
  y: number[];
  showlegend: boolean;
  marker: { color: string; pattern: { shape: string } };
}

Deno.test("each series has a bar for each category, of its own colour and hatching", () => {
  const { data, layout } = barChart(inputs);
  const [before, after] = data as unknown as Bars[];
  assertEquals([before.name, before.x, before.y], ["before", [0, 1, 2], [1, 2, 3]]);
  assertEquals([after.name, after.y], ["after", [-1, 0, 4]]);
  assertNotEquals(before.marker.color, after.marker.color);
  assertNotEquals(before.marker.pattern.shape, after.marker.pattern.shape);
  assertEquals(layout.xaxis?.ticktext, ["a", "b", "c"]);
  assertEquals([layout.xaxis?.title?.text, layout.yaxis?.title?.text], ["thing", "size"]);
});

Deno.test("a single series has no legend", () => {
  const only = barChart({ ...inputs, series: inputs.series.slice(0, 1) });
  assertEquals((only.data as unknown as Bars[])[0].showlegend, false);
  assertEquals((barChart(inputs).data as unknown as Bars[])[0].showlegend, true);
});

Deno.test("series that do not fit the categories are refused", () => {
  assertThrows(
    () => barChart({ ...inputs, series: [{ name: "short", values: [1] }] }),
    TypeError,
    'Cannot draw the bars "short": wanted 1 for each of 3 names, got 1',
  );
  assertThrows(
    () => barChart({ ...inputs, series: [] }),
    RangeError,
    "wanted 1 to 2 series, got 0",
  );
});
