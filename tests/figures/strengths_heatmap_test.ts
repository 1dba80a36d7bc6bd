import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { strengthsHeatmap } from "@/figures/strengths_heatmap.ts";

interface Heat {
  x: number[];
  y: number[];
  z: (number | null)[][];
  zmin: number;
  zmax: number;
  text: string[];
}

const inputs = { title: "Figure 1(a)", strengths: [[0.8], [0.7, 0.5], [0.3, 0, 0.9]] };

Deno.test("rows are rows and steps are columns, nothing where a row does not exist yet", () => {
  const [heat] = strengthsHeatmap(inputs).data as unknown as Heat[];
  assertEquals([heat.x, heat.y], [[1, 2, 3], [1, 2, 3]]);
  assertEquals(heat.z, [[0.8, 0.7, 0.3], [null, 0.5, 0], [null, null, 0.9]]);
});

Deno.test("each cell that exists holds its number", () => {
  const [, numbers] = strengthsHeatmap(inputs).data as unknown as Heat[];
  assertEquals(numbers.text, ["0.8", "0.7", "0.5", "0.3", "0", "0.9"]);
  assertEquals(numbers.x, [1, 2, 2, 3, 3, 3]);
  assertEquals(numbers.y, [1, 1, 2, 1, 2, 3]);
});

Deno.test("colours go from 0 to 1, and further only if a strength does", () => {
  const [heat] = strengthsHeatmap(inputs).data as unknown as Heat[];
  assertEquals([heat.zmin, heat.zmax], [0, 1]);
  const [more] = strengthsHeatmap({ title: "Two", strengths: [[2]] }).data as unknown as Heat[];
  assertEquals(more.zmax, 2);
});

Deno.test("very many steps are drawn without numbers", () => {
  for (const [T, traces] of [[16, 2], [20, 1], [60, 1]]) {
    const strengths = Array.from({ length: T }, (_, t) => Array(t + 1).fill(0.5));
    assertEquals(strengthsHeatmap({ title: "Many", strengths }).data.length, traces, `${T} steps`);
  }
});

Deno.test("the description has every row's value, and every step's strengths", () => {
  const { description } = strengthsHeatmap({ ...inputs, names: ["a", "b", "c"] });
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
