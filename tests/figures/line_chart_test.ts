import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { FIGURE_WIDTH } from "@/figures/figure.ts";
import { lineChart } from "@/figures/line_chart.ts";

interface Label {
  text: string;
  xref: string;
  x: number;
  yshift: number;
}

const words = { title: "Lines", xTitle: "steps", yTitle: "loss" };
const whole = { name: "whole", x: [0, 50, 100], y: [4, 3, 2] };
const labelsOf = (figure: ReturnType<typeof lineChart>) =>
  figure.layout.annotations as unknown as Label[];

Deno.test("a label stands where its line ends, on both scales of x", () => {
  const short = { name: "short", x: [1, 10], y: [3, 1] };
  const long = { name: "long", x: [1, 10, 100], y: [4, 3, 2] };
  for (const [xScale, share] of [["linear", 9 / 99], ["log", 0.5]] as const) {
    const [first, second] = labelsOf(lineChart({ ...words, lines: [short, long], xScale }));
    assertEquals([first.text, second.text], ["short", "long"]);
    assertAlmostEquals(first.x, share, 1e-12);
    assertEquals(second.x, 1);
  }
});

Deno.test("labels of lines that end at one place are moved apart, others stay at their heights", () => {
  const ends = [{ x: [0, 20], y: [4, 0] }, { x: [0, 20], y: [3, 0] }];
  const lines = [...ends.map((end, k) => ({ name: `${k}`, ...end })), whole];
  const [first, second, third] = labelsOf(lineChart({ ...words, lines }));
  assert(Math.abs(first.yshift - second.yshift) >= 16);
  const alone = labelsOf(lineChart({ ...words, lines: [{ ...whole, y: [4, 0, 2] }] }));
  assertAlmostEquals(third.yshift, alone[0].yshift, 1e-9);
});

Deno.test("labels inside of the panel do not lie on the axis", () => {
  const ending = (name: string) => ({ name, x: [0, 50], y: [4, 0] });
  const lines = [ending("one"), ending("another"), whole];
  const [one, another] = labelsOf(lineChart({ ...words, lines }));
  assert(Math.min(one.yshift, another.yshift) > 8);
});

Deno.test("a label of a line that ends near the right edge does not leave the figure", () => {
  const name = "a rather long name of a line";
  const lines = [{ name, x: [0, 95], y: [4, 0] }, whole];
  const { layout } = lineChart({ ...words, lines });
  const inner = FIGURE_WIDTH - layout.margin!.l! - layout.margin!.r!;
  assert(0.95 * inner + 6 + 6 * name.length <= inner + layout.margin!.r!);
});

Deno.test("a reference level runs from edge to edge, is named at its end, and lies on the axis", () => {
  const level = { name: "knows nothing", y: 6 };
  const { data, layout, description } = lineChart({ ...words, lines: [whole], levels: [level] });
  const [drawn, line] = data as unknown as { x: number[]; y: number[]; line: { width: number } }[];
  assertEquals([drawn.x, drawn.y], [[0, 100], [6, 6]]);
  assert(drawn.line.width < line.line.width);
  assertEquals(layout.annotations!.map(({ text }) => text), ["whole", "knows nothing"]);
  assert(layout.yaxis!.range![1] >= 6);
  assertEquals(
    description,
    "Lines of loss over steps: whole from 4 to 2. Reference level: knows nothing at 6.",
  );
  assertThrows(
    () => lineChart({ ...words, lines: [whole], levels: [{ ...level, y: 0 }], yScale: "log" }),
    RangeError,
    'Cannot draw the line "knows nothing": wanted y coordinates above 0',
  );
});

Deno.test("an event is a line from bottom to top, with its name, on both scales of x", () => {
  const lines = [{ ...whole, x: [1, 50, 100] }];
  for (const xScale of ["linear", "log"] as const) {
    const events = [{ name: "noise begins", x: 10 }];
    const { layout, description } = lineChart({ ...words, lines, xScale, events });
    const [{ x0, x1, y0, y1, yref }] = layout.shapes!;
    assertEquals([x0, x1, y0, y1, yref], [10, 10, 0, 1, "paper"]);
    const { text, x, bgcolor } = layout.annotations!.at(-1)!;
    assertEquals([text, x, bgcolor], ["noise begins", xScale === "log" ? 1 : 10, "#FFFFFF"]);
    assert(description.endsWith("Event: noise begins at 10."));
  }
});

Deno.test("no band covers a line or a level", () => {
  const band = { low: [3, 2, 1], high: [5, 4, 3] };
  const lines = [{ ...whole, band }, { ...whole, name: "other", band }];
  const { data } = lineChart({ ...words, lines, levels: [{ name: "level", y: 2 }] });
  assertEquals(data.map(({ name }) => name), [
    ...["whole, low", "whole, high", "other, low", "other, high"],
    ...["level", "whole", "other"],
  ]);
});

Deno.test("a label inside of the panel moves off a line that would cross it", () => {
  const short = { name: "short", x: [0, 20, 40], y: [4, 3, 1] };
  const placeOf = (other: number[]) => {
    const lines = [short, { name: "other", x: [0, 100], y: other }];
    const [{ x, yshift }] = labelsOf(lineChart({ ...words, lines }));
    return { x, y: (yshift * 4.2) / 288 };
  };
  const free = placeOf([4, 3]);
  assertAlmostEquals(free.x, 0.4, 1e-12);
  assertAlmostEquals(free.y, 1, 0.05);
  const moved = placeOf([0, 2.5]);
  assert(moved.x < 0.4 || Math.abs(moved.y - 1) > 0.2, "not at its end");
  const nearest = Math.abs(moved.y - (moved.x + 0.05) * 2.5);
  assert(nearest * 288 / 4.2 > 8, "off the other line");
});

Deno.test("a label of a line that ends shortly before the axis moves off those in the margin", () => {
  const short = { name: "short", x: [0, 99.9], y: [4, 2] };
  const lines = [short, { name: "other", x: [0, 100], y: [0, 2.1] }];
  const [inside, outside] = labelsOf(lineChart({ ...words, lines }));
  assert(Math.abs(inside.yshift - outside.yshift) >= 16 || inside.x < 0.9);
});

Deno.test("a label inside of the panel moves off a band", () => {
  const short = { name: "short", x: [0, 40], y: [4, 2] };
  const band = { low: [0, 1], high: [2.2, 2.2] };
  const lines = [short, { name: "other", x: [0, 100], y: [1, 2], band }];
  const [{ yshift }] = labelsOf(lineChart({ ...words, lines }));
  assert(yshift - 8 > (2.2 / 4.2) * 288);
});
