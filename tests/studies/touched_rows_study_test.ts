import { assert, assertEquals } from "@std/assert";
import {
  BENCHMARK_LENGTHS,
  BENCHMARK_WIDTH,
  TOUCHED_ROWS_FILE,
  type TouchedRowsStatistics,
} from "@/studies/touched_rows_study.ts";
import {
  createReversalSequence,
  prepareStack,
  type StackVariant,
} from "@/studies/stack_benchmark.ts";

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
    const { contenders } = table();
    for (const name of names) {
      for (const { steps, rows, bytes } of contenders[name].filter(({ steps }) => steps <= 300)) {
        const stack = prepareStack(name, createReversalSequence(steps, BENCHMARK_WIDTH));
        stack.run();
        assertEquals([stack.rows(), stack.bytes], [rows, bytes], `${name}, ${steps} steps`);
      }
    }
  },
});
