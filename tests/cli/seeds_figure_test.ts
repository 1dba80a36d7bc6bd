import { assertEquals, assertStringIncludes } from "@std/assert";
import { seedsFigure } from "@/cli/report.ts";
import type { RunResult } from "@/runs/run_folder.ts";

function run(changes: Partial<RunResult>): RunResult {
  const settings = { seed: 1 };
  return {
    experiment: "x",
    settings,
    success: true,
    iteration: 9,
    seconds: 1,
    metrics: null,
    ...changes,
  };
}

const summary = (strings: number) => ({ strings, recipe: {}, scores: [] });

Deno.test("seeds that learned from strings are told in strings, and those that diverged are left out", () => {
  const figure = seedsFigure([
    run({ summary: summary(800) }),
    run({ summary: summary(4000), success: false }),
    run({ success: false, diverged: "NaN" }),
  ]);
  const dots = figure.data.filter((trace) => Object(trace).mode === "markers");
  assertEquals(dots.map((trace) => [...Object(trace).y]), [[800], [4000]]);
  const { yaxis, title } = figure.layout;
  assertEquals(Object(yaxis?.title).text, "training strings until the end");
  assertStringIncludes(Object(title).text, "took 800 training strings or less");
});

Deno.test("without strings there are iterations, and without a success the title says so", () => {
  const figure = seedsFigure([run({ success: false }), run({ success: false, iteration: 5 })]);
  assertEquals(Object(figure.layout.title).text, "No seed succeeded");
  const [dots] = figure.data;
  assertEquals([...Object(dots).y], [9, 5]);
});
