import { assertEquals } from "@std/assert";
import { copyTask } from "@/tasks/copy.ts";
import { firstPairs } from "@/tasks/streams.ts";

Deno.test("of 1,000 pairs, every target is its source, symbol by symbol", () => {
  const lengths = { shortest: 1, longest: 40 };
  const set = { strings: 1000, seed: 1, purpose: "test", lengths } as const;
  for (const { source, target } of firstPairs(copyTask(9), set)) {
    assertEquals(target.join(), source.join());
  }
});

Deno.test("a string and its copy are laid out: read, then written in the same order", () => {
  const task = copyTask(10), { start, separator, terminator } = task.vocabulary;
  assertEquals(task.layOut(task.pairOf!([7, 0, 9])), {
    inputs: [start, 7, 0, 9, separator, 7, 0, 9],
    targets: [-1, -1, -1, -1, 7, 0, 9, terminator],
    valueTargets: [-1, 7, 0, 9, -1, -1, -1, -1],
  });
});

Deno.test("string copying has the 128 characters of ASCII unless told otherwise", () => {
  const { name, title, vocabulary } = copyTask();
  assertEquals([name, title, vocabulary.size], ["copy", "string copying", 131]);
});
