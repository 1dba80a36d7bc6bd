import { assert, assertEquals } from "@std/assert";
import {
  RACE_LENGTHS,
  RACE_WIDTH,
  TOUCHED_ROWS_FILE,
  type TouchedRowsStatistics,
} from "@/studies/touched_rows.ts";
import { prepareStack, reversalExercise, type StackContender } from "@/studies/stack_costs.ts";

const readable =
  Deno.permissions.querySync({ name: "read", path: TOUCHED_ROWS_FILE }).state === "granted";
const names = Object.keys(RACE_LENGTHS) as StackContender[];

function table(): TouchedRowsStatistics {
  return JSON.parse(Deno.readTextFileSync(TOUCHED_ROWS_FILE));
}

Deno.test({
  name: "the stored table has every contender at each of its lengths, and a time for each",
  ignore: !readable,
  fn() {
    const { width, contenders } = table();
    assertEquals(width, RACE_WIDTH);
    assertEquals(Object.keys(contenders), names);
    for (const name of names) {
      assertEquals(contenders[name].map(({ steps }) => steps), RACE_LENGTHS[name]);
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
        const stack = prepareStack(name, reversalExercise(steps, RACE_WIDTH));
        stack.run();
        assertEquals([stack.rows(), stack.bytes], [rows, bytes], `${name}, ${steps} steps`);
      }
    }
  },
});
