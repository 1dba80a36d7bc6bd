import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { controlsOverTraining } from "@/figures/controls_over_training.ts";

interface Line {
  name: string;
  x: number[];
  y: number[];
  xaxis: string;
  line: { color: string; dash: string };
}

const pops = [[0, 0.1], [0, 0.5], [0, 1]];
const pushes = [[0.5, 0.5], [0.75, 0.25], [1, 0]];

Deno.test("a line for each step's pop, over the iterations", () => {
  const { data } = controlsOverTraining({ title: "Pops", pops, iterations: [0, 10, 20] });
  const [first, second] = data as unknown as Line[];
  assertEquals([first.x, first.y], [[0, 10, 20], [0, 0, 0]]);
  assertEquals(second.y, [0.1, 0.5, 1]);
  assert(first.line.dash !== second.line.dash);
});

Deno.test("pushes have a panel of their own", () => {
  const { data, layout } = controlsOverTraining({ title: "Both", pops, pushes });
  const lines = data as unknown as Line[];
  assertEquals(lines.map((line) => [line.xaxis, line.y]), [
    ["x", [0.5, 0.75, 1]],
    ["x", [0.5, 0.25, 0]],
    ["x2", [0, 0, 0]],
    ["x2", [0.1, 0.5, 1]],
  ]);
  assertEquals(layout.yaxis?.title?.text, "push <i>d</i>");
  assertEquals((layout.yaxis2 as typeof layout.yaxis)?.title?.text, "pop <i>u</i>");
});

Deno.test("every line is labelled at its end, higher ends higher", () => {
  const { layout } = controlsOverTraining({ title: "Pops", pops });
  const [low, high] = layout.annotations!;
  assertEquals([low.text, high.text], ["<i>u</i><sub>1</sub>", "<i>u</i><sub>2</sub>"]);
  assert(high.yshift! > low.yshift! + 200);
});

Deno.test("the description has the first and the last value of each control", () => {
  assertStringIncludes(
    controlsOverTraining({ title: "Both", pops, pushes }).description,
    "d1 from 0.5 to 1, d2 from 0.5 to 0; u1 from 0 to 0, u2 from 0.1 to 1",
  );
});

Deno.test("unequal shapes are refused", () => {
  assertThrows(
    () => controlsOverTraining({ title: "Wrong", pops, pushes: [[1, 1]] }),
    TypeError,
    "Cannot draw controls: wanted 3 rows of pushes, got 1",
  );
  assertThrows(
    () => controlsOverTraining({ title: "Wrong", pops: [] }),
    TypeError,
    "Cannot draw controls: wanted at least 1 point, got 0",
  );
});
