import { assertEquals } from "@std/assert";
import { defaultMemory, mustCount, TASK_NAMES } from "@/tasks/tasks.ts";

Deno.test("what is undone or reversed is for a stack, what keeps its order for a queue", () => {
  const memories = TASK_NAMES.map((name) => [name, defaultMemory(name)]);
  assertEquals(Object.fromEntries(memories), {
    "reversal": "stack",
    "copy": "queue",
    "bigram-flip": "queue",
    "svo-sov": "queue",
    "svo-sov-nested": "queue",
    "gender": "queue",
    "gender-variant": "queue",
    "substitution": "queue",
    "reverse-binary": "stack",
    "stack-manipulation": "stack",
    "duplicate-string": "queue",
    "odds-first": "queue",
    "modular-arithmetic": "stack",
    "undo-flip-flop": "stack",
    "undo-flip-flop-dense": "stack",
    "dyck-2": "stack",
    "dyck-6": "stack",
  });
});

Deno.test("only SVO-SOV must count", () => {
  assertEquals(TASK_NAMES.filter(mustCount), ["svo-sov", "svo-sov-nested"]);
});
