import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { firstPairs } from "@/tasks/streams.ts";
import { substitutionTask } from "@/tasks/substitution.ts";

/** The target of all n characters, one after the other. */
function images(characters: number): number[] {
  const source = Array.from({ length: characters }, (_, symbol) => symbol);
  return [...substitutionTask(characters).pairOf!(source).target];
}

Deno.test("every character stands for one other or itself, whatever its number: a permutation, the same every time", () => {
  for (const characters of [1, 2, 32, 128, 200]) {
    const found = images(characters);
    assertEquals(found.toSorted((a, b) => a - b), [...found.keys()]);
    assertEquals(images(characters), found);
  }
  assertNotEquals(images(32), [...images(32).keys()]);
  assertEquals(images(8), [6, 2, 0, 4, 7, 3, 5, 1]);
});

Deno.test("of 1,000 pairs, every target is its source, each symbol replaced at its place", () => {
  const lengths = { shortest: 5, longest: 20 }, image = images(32);
  const set = { strings: 1000, seed: 1, purpose: "test", lengths } as const;
  for (const { source, target } of firstPairs(substitutionTask(32), set)) {
    assert(source.length >= 5 && source.length <= 20);
    assertEquals([...target], [...source].map((symbol) => image[symbol]));
  }
});
