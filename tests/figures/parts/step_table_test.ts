import { assertEquals } from "@std/assert";
import { describeSteps, stepTable } from "@/figures/parts/step_table.ts";
import { runStack } from "@/memory/stack.ts";

Deno.test("a table keeps the rows that fit", () => {
  const trace = runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 0.25] });
  const rows = (width: number) => stepTable(trace, ["apple", "b"], width).rows.map((r) => r.name);
  assertEquals(rows(200).length, 3);
  assertEquals(rows(40), ["pop <i>u</i>", "push <i>d</i>"]);
  assertEquals(rows(5), []);
  const finer = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0.5] });
  const [only, ...others] = stepTable(finer, ["apple", "b"], 30).rows;
  assertEquals([only.name, others], ["push <i>d</i>", []], "0.5 fits, 0.25 does not");
  assertEquals(
    describeSteps(trace, ["apple", "b"])[1],
    "step 2 pops 0.5, pushes 0.25 b, reads 0.25 b + 0.5 apple",
  );
});
