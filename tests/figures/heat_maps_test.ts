import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { controlRows, strengthsHeatmap, unitHeatMap } from "@/figures/heat_maps.ts";

interface Heat {
  x: number[];
  y: number[];
  z: (number | null)[][];
  zmin: number;
  zmax: number;
  text: string[];
}

const strengthInputs = { title: "Figure 1(a)", strengths: [[0.8], [0.7, 0.5], [0.3, 0, 0.9]] };

Deno.test("rows are rows and steps are columns, nothing where a row does not exist yet", () => {
  const [heat] = strengthsHeatmap(strengthInputs).data as unknown as Heat[];
  assertEquals([heat.x, heat.y], [[1, 2, 3], [1, 2, 3]]);
  assertEquals(heat.z, [[0.8, 0.7, 0.3], [null, 0.5, 0], [null, null, 0.9]]);
});

Deno.test("each cell that exists holds its number", () => {
  const [, numbers] = strengthsHeatmap(strengthInputs).data as unknown as Heat[];
  assertEquals(numbers.text, ["0.8", "0.7", "0.5", "0.3", "0", "0.9"]);
  assertEquals(numbers.x, [1, 2, 2, 3, 3, 3]);
  assertEquals(numbers.y, [1, 1, 2, 1, 2, 3]);
});

Deno.test("the colour scale goes from 0 to 1, or to the greatest strength above 1", () => {
  const [heat] = strengthsHeatmap(strengthInputs).data as unknown as Heat[];
  assertEquals([heat.zmin, heat.zmax], [0, 1]);
  const [more] = strengthsHeatmap({ title: "Two", strengths: [[2]] }).data as unknown as Heat[];
  assertEquals(more.zmax, 2);
});

Deno.test("very many steps are drawn without numbers", () => {
  for (const [T, traces] of [[13, 2], [14, 1], [60, 1]]) {
    const strengths = Array.from({ length: T }, (_, t) => Array(t + 1).fill(0.5));
    assertEquals(strengthsHeatmap({ title: "Many", strengths }).data.length, traces, `${T} steps`);
  }
});

Deno.test("the description has every row's value, and every step's strengths", () => {
  const { description } = strengthsHeatmap({ ...strengthInputs, names: ["a", "b", "c"] });
  assertEquals(
    description,
    "Heat map of the strengths of 3 rows, which hold a, b, c, from the bottom up, over 3 steps: " +
      "after step 1 0.8; after step 2 0.7, 0.5; after the last step they are 0.3, 0, 0.9.",
  );
});

Deno.test("the description of a long run has its last step alone", () => {
  const strengths = Array.from({ length: 9 }, (_, t) => Array(t + 1).fill(0.5));
  const { description } = strengthsHeatmap({ title: "Long", strengths });
  assertStringIncludes(description, "after the last step they are 0.5, 0.5");
  assertEquals(description.includes("after step"), false);
});

Deno.test("strengths that are not t at step t are refused", () => {
  assertThrows(
    () => strengthsHeatmap({ title: "Wrong", strengths: [[1], [1]] }),
    TypeError,
    "Cannot draw strengths: wanted 2 of them at step 2, got 1",
  );
});

const unitInputs = {
  title: "Three units",
  units: [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]],
  steps: ["first", "second"],
  xTitle: "step",
};

interface HeatMap {
  z: number[][];
  zmin: number;
  zmax: number;
}

Deno.test("units are rows and steps are columns, on a scale from 0 to 1", () => {
  const { data, layout } = unitHeatMap(unitInputs);
  const [{ z, zmin, zmax }] = data as unknown as HeatMap[];
  assertEquals(z, [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]);
  assertEquals([zmin, zmax], [0, 1]);
  assertEquals(layout.xaxis?.ticktext, ["first", "second"]);
  assertEquals(layout.yaxis?.ticktext, ["0", "1", "2"]);
  assertEquals([layout.xaxis?.title?.text, layout.yaxis?.title?.text], ["step", "hidden unit"]);
});

Deno.test("units are drawn in the order asked for, with their own numbers", () => {
  const { data, layout, description } = unitHeatMap({ ...unitInputs, order: [2, 0] });
  const [{ z }] = data as unknown as HeatMap[];
  assertEquals(z, [[0.3, 0.6], [0.1, 0.4]]);
  assertEquals(layout.yaxis?.ticktext, ["2", "0"]);
  assertEquals(layout.yaxis?.autorange, "reversed"); // the first row on top
  assertStringIncludes(
    description,
    "at the steps first, second. unit 2: 0.3 0.6; unit 0: 0.1 0.4.",
  );
});

Deno.test("each cell has its number if there is space, white on dark cells", () => {
  const units = [[0.14, 0.96], [0.5, 0.61]];
  const [, numbers] = unitHeatMap({ ...unitInputs, units }).data as unknown as {
    x: number[];
    y: number[];
    text: string[];
    textfont: { color: string[] };
  }[];
  assertEquals([numbers.x, numbers.y], [[0, 1, 0, 1], [0, 0, 1, 1]]);
  assertEquals(numbers.text, ["0.1", "0.5", "1", "0.6"]);
  assertEquals(numbers.textfont.color.map((colour) => colour === "#ffffff"), [
    false,
    false,
    true,
    true,
  ]);
  const many = Array.from({ length: 30 }, () => [0.5]);
  const steps = many.map(String);
  assertEquals(unitHeatMap({ ...unitInputs, units: many, steps }).data.length, 1);
});

Deno.test("a label of two lines is one line in the description", () => {
  const { description } = unitHeatMap({
    ...unitInputs,
    steps: ["1 + 0<br>carry", "0 + 0<br>none"],
  });
  assertStringIncludes(description, "at the steps 1 + 0 carry, 0 + 0 none.");
});

Deno.test("a name is wanted for each step", () => {
  assertThrows(
    () => unitHeatMap({ ...unitInputs, steps: ["first"] }),
    TypeError,
    "Cannot draw units: wanted at least 1 step and a name for each, got 2 steps and 1 names",
  );
  assertThrows(
    () => unitHeatMap({ ...unitInputs, units: [], steps: [] }),
    TypeError,
    "got 0 steps",
  );
});

const controlInputs = {
  title: "Controls",
  rows: [{ name: "push d", values: [1, 0.25] }, { name: "pop u", values: [0, 0.75] }],
  steps: ["a", "·"],
  xTitle: "input",
};

Deno.test("rows are drawn from the top down, on a scale from 0 to 1, with their numbers on them", () => {
  const { data, layout, description } = controlRows(controlInputs);
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
  const colours = controlRows(controlInputs).layout.annotations?.map(({ font }) => font?.color);
  assertEquals(colours, ["#FFFFFF", "#222222", "#222222", "#FFFFFF"]);
});

Deno.test("a control is wanted for each step, and something to draw", () => {
  assertThrows(
    () => controlRows({ ...controlInputs, rows: [{ name: "push d", values: [1] }] }),
    TypeError,
    'Cannot draw the controls "push d": wanted 1 for each of 2 steps, got 1',
  );
  assertThrows(
    () => controlRows({ ...controlInputs, rows: [] }),
    TypeError,
    "wanted at least 1 row",
  );
});
