import { assertEquals } from "@std/assert";
import { defaultMemory, mustCount, TASK_NAMES } from "@/tasks/tasks.ts";

Deno.test("reversal is for a stack, every other task for a queue", () => {
  const memories = TASK_NAMES.map((name) => [name, defaultMemory(name)]);
  assertEquals(Object.fromEntries(memories), {
    "reversal": "stack",
    "copy": "queue",
    "bigram-flip": "queue",
    "svo-sov": "queue",
    "svo-sov-nested": "queue",
    "gender": "queue",
    "gender-variant": "queue",
  });
});

Deno.test("only SVO-SOV must count", () => {
  assertEquals(TASK_NAMES.filter(mustCount), ["svo-sov", "svo-sov-nested"]);
});
