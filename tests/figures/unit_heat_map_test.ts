import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { unitHeatMap } from "@/figures/unit_heat_map.ts";

const inputs = {
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
  const { data, layout } = unitHeatMap(inputs);
  const [{ z, zmin, zmax }] = data as unknown as HeatMap[];
  assertEquals(z, [[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]);
  assertEquals([zmin, zmax], [0, 1]);
  assertEquals(layout.xaxis?.ticktext, ["first", "second"]);
  assertEquals(layout.yaxis?.ticktext, ["0", "1", "2"]);
  assertEquals([layout.xaxis?.title?.text, layout.yaxis?.title?.text], ["step", "hidden unit"]);
});

Deno.test("units are drawn in the order asked for, with their own numbers", () => {
  const { data, layout, description } = unitHeatMap({ ...inputs, order: [2, 0] });
  const [{ z }] = data as unknown as HeatMap[];
  assertEquals(z, [[0.3, 0.6], [0.1, 0.4]]);
  assertEquals(layout.yaxis?.ticktext, ["2", "0"]);
  assertEquals(layout.yaxis?.autorange, "reversed"); // the first row on top
  assertStringIncludes(
    description,
    "at the steps first, second. unit 2: 0.3 0.6; unit 0: 0.1 0.4.",
  );
});

Deno.test("each cell holds its number as long as there is room, white on dark", () => {
  const units = [[0.14, 0.96], [0.5, 0.61]];
  const [, numbers] = unitHeatMap({ ...inputs, units }).data as unknown as {
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
  assertEquals(unitHeatMap({ ...inputs, units: many, steps }).data.length, 1);
});

Deno.test("a step's name of two lines is said in one", () => {
  const { description } = unitHeatMap({ ...inputs, steps: ["1 + 0<br>carry", "0 + 0<br>none"] });
  assertStringIncludes(description, "at the steps 1 + 0 carry, 0 + 0 none.");
});

Deno.test("a name is wanted for each step", () => {
  assertThrows(
    () => unitHeatMap({ ...inputs, steps: ["first"] }),
    TypeError,
    "Cannot draw units: wanted at least 1 step and a name for each, got 2 steps and 1 names",
  );
  assertThrows(() => unitHeatMap({ ...inputs, units: [], steps: [] }), TypeError, "got 0 steps");
});
