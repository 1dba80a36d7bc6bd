import { assertEquals } from "@std/assert";
import { seedsTable } from "@/cli/report.ts";
import type { RunResult } from "@/runs/run_folder.ts";

const RESULT: RunResult = {
  experiment: "walk",
  settings: { seed: 7 },
  success: true,
  iteration: 1600,
  seconds: 4.25,
  metrics: { iteration: 1600, error: 0.5 },
};
const SCORES = { purpose: "test", lengths: "65..128", strings: 1000, exact: 999, fine: 1 };

Deno.test("runs without scores have a column for their iterations", () => {
  assertEquals(seedsTable([RESULT, { ...RESULT, success: false, metrics: null }]), [
    "seed  success  iterations  error  seconds",
    "   7      yes       1,600  0.500      4.3",
    "   7       no       1,600   none      4.3",
  ]);
});

Deno.test("runs with scores have their strings and a column for each set, rounded down", () => {
  const summary = { strings: 6400, recipe: {}, scores: [{ ...SCORES, coarse: 0.99999 }] };
  const diverged = { ...RESULT, success: false, diverged: "Cannot go on" };
  assertEquals(seedsTable([diverged, { ...RESULT, success: false, summary }]), [
    "seed   success  strings   loss  test 65..128  seconds",
    "   7  diverged     none  0.500          none      4.3",
    "   7        no    6,400  0.500        0.9999      4.3",
  ]);
});
