import { assertEquals } from "@std/assert";
import { reversalTask } from "@/tasks/reversal.ts";
import { firstPairs } from "@/tasks/streams.ts";

Deno.test("of 1,000 pairs, every target is its source from the end to the beginning", () => {
  const lengths = { shortest: 1, longest: 40 };
  const set = { strings: 1000, seed: 1, purpose: "test", lengths } as const;
  for (const { source, target } of firstPairs(reversalTask(9), set)) {
    assertEquals([...target], source.reduce<number[]>((rest, symbol) => [symbol, ...rest], []));
  }
});

Deno.test("a string and its reversal are laid out: read forwards, written backwards", () => {
  const task = reversalTask(10), { start, separator, terminator } = task.vocabulary;
  assertEquals(task.layOut(task.pairOf!([7, 0, 9])), {
    inputs: [start, 7, 0, 9, separator, 9, 0, 7],
    targets: [-1, -1, -1, -1, 9, 0, 7, terminator],
    valueTargets: [-1, 7, 0, 9, -1, -1, -1, -1],
  });
});

Deno.test("string reversal has the 128 characters of ASCII unless told otherwise", () => {
  const { name, title, vocabulary } = reversalTask();
  assertEquals([name, title, vocabulary.size], ["reversal", "string reversal", 131]);
});
