import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { bigramFlipTask } from "@/tasks/bigram_flip.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { NoTargetError } from "@/tasks/task.ts";

Deno.test("of 1,000 pairs, every target is its source with the characters of each bigram exchanged", () => {
  const lengths = { shortest: 1, longest: 40 };
  const set = { strings: 1000, seed: 1, purpose: "test", lengths } as const;
  for (const { source, target } of firstPairs(bigramFlipTask(9), set)) {
    // Symbols are single digits here, so that a text can be flipped two characters at a time.
    assertEquals(target.join(""), source.join("").replace(/(.)(.)/g, "$2$1"));
    assertEquals(source.length % 2, 0);
  }
});

Deno.test("a string and its flipped bigrams are laid out: read, then written pair by pair", () => {
  const task = bigramFlipTask(10), { start, separator, terminator } = task.vocabulary;
  assertEquals(task.layOut(task.pairOf!([7, 0, 9, 3])), {
    inputs: [start, 7, 0, 9, 3, separator, 0, 7, 3, 9],
    targets: [-1, -1, -1, -1, -1, 0, 7, 3, 9, terminator],
    valueTargets: [-1, 7, 0, 9, 3, -1, -1, -1, -1, -1],
  });
});

Deno.test("every even length of a range comes equally often; a single odd length gives the next", () => {
  const task = bigramFlipTask(2), random = seededRandom(1);
  const countLengths = (shortest: number, longest: number) => {
    const counts: Record<number, number> = {};
    for (let i = 0; i < 6000; i++) {
      const { length } = task.sample(random, { shortest, longest }).source;
      counts[length] = (counts[length] ?? 0) + 1;
    }
    return counts;
  };
  for (const [shortest, longest] of [[3, 9], [4, 8]]) {
    const counts = countLengths(shortest, longest);
    assertEquals(Object.keys(counts), ["4", "6", "8"]);
    // Five standard deviations of a count around 2000.
    for (const count of Object.values(counts)) assertAlmostEquals(count, 2000, 185);
  }
  assertEquals(Object.keys(countLengths(7, 7)), ["8"]);
  assertEquals(Object.keys(countLengths(1, 2)), ["2"]);
});

Deno.test("a string of odd length has no target, and the error says why", () => {
  const error = assertThrows(() => bigramFlipTask(4).pairOf!([1, 2, 3]), NoTargetError);
  assertEquals([error.wanted, error.got], ["an even number of characters", "3"]);
  assert(error.message.startsWith("Cannot find the target: "));
});

Deno.test("bigram flipping has the 128 characters of ASCII unless told otherwise", () => {
  const { name, title, vocabulary } = bigramFlipTask();
  assertEquals([name, title, vocabulary.size], ["bigram-flip", "bigram flipping", 131]);
});
