import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  BENCHMARK_LENGTHS,
  BENCHMARK_WIDTH,
  countAgain,
  growthSeries,
  timeInMicroseconds,
  TOUCHED_ROWS_FILE,
  type TouchedRowsStatistics,
} from "@/studies/touched_rows_study.ts";
import type { StackVariant } from "@/studies/stack_benchmark.ts";

const readable =
  Deno.permissions.querySync({ name: "read", path: TOUCHED_ROWS_FILE }).state === "granted";
const names = Object.keys(BENCHMARK_LENGTHS) as StackVariant[];

function table(): TouchedRowsStatistics {
  return JSON.parse(Deno.readTextFileSync(TOUCHED_ROWS_FILE));
}

Deno.test({
  name: "the stored table has every contender at each of its lengths, and a time for each",
  ignore: !readable,
  fn() {
    const { width, contenders } = table();
    assertEquals(width, BENCHMARK_WIDTH);
    assertEquals(Object.keys(contenders), names);
    for (const name of names) {
      assertEquals(contenders[name].map(({ steps }) => steps), BENCHMARK_LENGTHS[name]);
      assert(contenders[name].every(({ microseconds }) => microseconds > 0));
    }
  },
});

Deno.test({
  name: "rows and bytes, counted again, are the stored ones",
  ignore: !readable,
  fn() {
    const statistics = table();
    for (const name of names) {
      const stored = statistics.contenders[name].filter(({ steps }) => steps <= 300);
      assertEquals(countAgain(statistics, name, 300), stored, name);
    }
  },
});

Deno.test("the series of a chart are the stacks in their order, with seconds from microseconds", () => {
  const entry = { steps: 10, rows: 45, bytes: 800, microseconds: 2500 };
  const contenders = { "as printed": [], "running sums": [entry], "sparse": [entry, entry] };
  const statistics = { width: 2, contenders };
  assertEquals(growthSeries(statistics, "bytes"), [
    { name: "as printed", style: 0, x: [], y: [] },
    { name: "running sums", style: 1, x: [10], y: [800] },
    { name: "sparse", style: 2, x: [10, 10], y: [800, 800] },
  ]);
  assertEquals(growthSeries(statistics, "rows")[1].y, [45]);
  assertAlmostEquals(growthSeries(statistics, "seconds")[1].y[0], 0.0025, 1e-15);
});

Deno.test("a time is the minimum of a tenth of a second of runs, in microseconds", () => {
  const { now } = performance, durations = [30, 20, 40, 25, 10];
  const unused = () => {
    throw new Error("only run is used");
  };
  let [clock, runs] = [0, 0];
  const run = () => {
    clock += durations[runs++];
  };
  performance.now = () => clock;
  try {
    assertEquals(timeInMicroseconds({ run, gradient: unused, rows: unused, bytes: 0 }), 20_000);
  } finally {
    performance.now = now;
  }
  assertEquals(runs, 4); // 30 + 20 + 40 + 25 milliseconds are enough
});
