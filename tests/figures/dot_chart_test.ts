import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { dotChart } from "@/figures/dot_chart.ts";
import { FIGURE_WIDTH } from "@/figures/figure.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

const inputs = {
  title: "Two groups",
  groups: [{ name: "few", values: [3, 1, 2] }, { name: "many", values: [10, 40, 20, 30] }],
  xTitle: "group",
  yTitle: "size",
};

interface Trace {
  x: (number | null)[];
  y: (number | null)[];
}

const traces = () => dotChart(inputs).data as unknown as Trace[];

Deno.test("a reference level goes across all groups, in view, ticked and named in the description", () => {
  const figure = dotChart({
    title: "None is better than guessing",
    groups: [{ name: "2", values: [2, 3] }, { name: "4", values: [1, 2.5] }],
    xTitle: "units",
    yTitle: "error",
    yScale: "log",
    levels: [{ name: "guessing", y: 4 }],
  });
  const level = figure.data.at(-1) as { name: string; x: number[]; y: number[] };
  const [left, right] = figure.layout.xaxis!.range as [number, number];
  assertEquals([level.name, level.x, level.y], ["guessing: 4", [left, right], [4, 4]]);
  assert((figure.layout.yaxis!.tickvals as number[]).includes(4));
  assertStringIncludes(figure.description, "Reference level: guessing at 4.");
});

Deno.test("every value is a dot within its group", () => {
  const [few, many] = traces();
  assertEquals(few.y, [3, 1, 2]);
  assertEquals(many.y, [10, 40, 20, 30]);
  assert(few.x.every((x) => Math.abs(x!) < 0.31));
  assert(many.x.every((x) => Math.abs(x! - 1) < 0.31));
  assertEquals(new Set(many.x).size, 4);
});

Deno.test("the line in each group is its median, odd or even", () => {
  const [, , median] = traces();
  assertEquals(median.x, [-0.3, 0.3, null, 0.7, 1.3, null]);
  assertEquals(median.y, [2, 2, null, 25, 25, null]);
});

Deno.test("a single dot is centred in its group", () => {
  const [only] = dotChart({ ...inputs, groups: [{ name: "one", values: [7] }] })
    .data as unknown as Trace[];
  assertEquals(only.x, [0]);
});

Deno.test("axes have their titles, and a logarithmic scale if requested", () => {
  const { layout } = dotChart({ ...inputs, yScale: "log" });
  assertEquals([layout.xaxis?.title?.text, layout.yaxis?.title?.text], ["group", "size"]);
  assertEquals(layout.yaxis?.type, "log");
  assertEquals(dotChart(inputs).layout.yaxis?.type, "linear");
});

Deno.test("a logarithmic scale has plain numbers as ticks: 1, 2, 5, or 1 alone if there are many powers", () => {
  const few = dotChart({ ...inputs, yScale: "log" }).layout.yaxis!;
  assertEquals(few.tickvals, [1, 2, 5, 10, 20, 50, 100, 200, 500]);
  const many = dotChart({
    ...inputs,
    groups: [{ name: "wide", values: [0.003, 20] }],
    yScale: "log",
  });
  assertEquals(many.layout.yaxis?.ticktext, ["0.001", "0.01", "0.1", "1", "10", "100"]);
});

Deno.test("nothing to draw is refused", () => {
  assertThrows(() => dotChart({ ...inputs, groups: [] }), TypeError, "Cannot draw dots");
  const empty = [...inputs.groups, { name: "none", values: [] }];
  assertThrows(() => dotChart({ ...inputs, groups: empty }), TypeError, "Cannot draw dots");
  const groups = [{ name: "zero", values: [0] }];
  assertThrows(() => dotChart({ ...inputs, groups, yScale: "log" }), RangeError, "above 0");
});

Deno.test("names of many groups are broken into lines that do not touch, and get space for them", () => {
  const names = ["standard", "noise", "rate-decay", "doubling", "cell-decay", "clipping"];
  const groups = names.map((name) => ({ name: `without the part ${name}`, values: [1, 2] }));
  const { layout } = dotChart({ ...inputs, groups });
  const { l = 64, r = 24, b } = layout.margin!;
  const column = (FIGURE_WIDTH - l - r) / groups.length;
  const lines = (layout.xaxis!.ticktext as string[]).map((text) => text.split("<br>"));
  for (const line of lines.flat()) assertLess(textWidth(line, 13), column - 8);
  const most = Math.max(...lines.map(({ length }) => length));
  assertEquals(b! - dotChart(inputs).layout.margin!.b!, 16 * (most - 1));
});
