import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { controlRows } from "@/figures/control_rows.ts";

const inputs = {
  title: "Controls",
  rows: [{ name: "push d", values: [1, 0.25] }, { name: "pop u", values: [0, 0.75] }],
  steps: ["a", "·"],
  xTitle: "input",
};

Deno.test("rows are drawn from the top down, on a scale from 0 to 1, with their numbers on them", () => {
  const { data, layout, description } = controlRows(inputs);
  const [{ z, zmin, zmax }] = data as unknown as { z: number[][]; zmin: number; zmax: number }[];
  assertEquals([z, zmin, zmax], [[[1, 0.25], [0, 0.75]], 0, 1]);
  assertEquals(layout.yaxis?.autorange, "reversed");
  assertEquals(layout.yaxis?.ticktext, ["push d", "pop u"]);
  assertEquals(layout.xaxis?.ticktext, ["a", "·"]);
  assertEquals(layout.annotations?.map(({ x, y, text }) => [x, y, text]), [
    [0, 0, "1"],
    [1, 0, "0.25"],
    [0, 1, "0"],
    [1, 1, "0.75"],
  ]);
  assertStringIncludes(description, "push d: 1 0.25; pop u: 0 0.75");
});

Deno.test("numbers are white on dark squares only", () => {
  const colours = controlRows(inputs).layout.annotations?.map(({ font }) => font?.color);
  assertEquals(colours, ["#FFFFFF", "#222222", "#222222", "#FFFFFF"]);
});

Deno.test("a control is wanted for each step, and something to draw", () => {
  assertThrows(
    () => controlRows({ ...inputs, rows: [{ name: "push d", values: [1] }] }),
    TypeError,
    'Cannot draw the controls "push d": wanted 1 for each of 2 steps, got 1',
  );
  assertThrows(() => controlRows({ ...inputs, rows: [] }), TypeError, "wanted at least 1 row");
});
