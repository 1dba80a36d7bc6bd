import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { restoreRandom } from "@/math/random.ts";
import { drawString, firstStrings, openStream, type Purpose } from "@/tasks/streams.ts";
import { createVocabulary } from "@/tasks/reversal.ts";

const SHORT = { shortest: 8, longest: 64 };
const LONG = { shortest: 65, longest: 128 };
const symbols = createVocabulary();

Deno.test("streams of every purpose, range and seed share no eight characters in a row", () => {
  // By chance two of these windows in a million such tests would agree.
  const owners = new Map<string, string>();
  for (const seed of [1, 2, -1, 11]) {
    for (const purpose of ["training", "validation", "longer validation", "test"] as const) {
      for (const lengths of [SHORT, LONG]) {
        const owner = `${seed} ${purpose} ${lengths.longest}`;
        for (const string of firstStrings(250, seed, purpose, symbols, lengths)) {
          const text = String.fromCharCode(...string);
          for (let i = 0; i + 8 <= text.length; i++) {
            const window = text.slice(i, i + 8);
            assertEquals(owners.get(window) ?? owner, owner);
            owners.set(window, owner);
          }
        }
      }
    }
  }
  assert(owners.size > 400_000);
});

Deno.test("the same seed gives the same strings, and fewer of them are the first of more", () => {
  const many = firstStrings(20, 7, "test", symbols, LONG);
  assertEquals(firstStrings(5, 7, "test", symbols, LONG), many.slice(0, 5));
});

Deno.test("a stream goes on where its state was kept", () => {
  const random = openStream(3, "training", SHORT);
  drawString(random, symbols, SHORT);
  const kept = restoreRandom(JSON.parse(JSON.stringify(random.state())));
  assertEquals(drawString(kept, symbols, SHORT), drawString(random, symbols, SHORT));
});

Deno.test("every length of the range comes equally often, both ends included", () => {
  const lengths = { shortest: 2, longest: 5 };
  const counts = new Map<number, number>();
  for (const { length } of firstStrings(8000, 1, "training", symbols, lengths)) {
    counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort(), [2, 3, 4, 5]);
  // Five standard deviations of a count around 2000.
  for (const count of counts.values()) assertAlmostEquals(count, 2000, 200);
});

Deno.test("every character comes equally often, at every place, whatever came before it", () => {
  const few = createVocabulary(4), pair = { shortest: 2, longest: 2 };
  const counts = new Array(16).fill(0);
  for (const [a, b] of firstStrings(16_000, 1, "test", few, pair)) counts[4 * a + b]++;
  for (const count of counts) assertAlmostEquals(count, 1000, 160);
});

Deno.test("seeds that are no numbers, ranges that are none and no strings at all are refused", () => {
  const open = (seed: number, shortest: number, longest: number) =>
    openStream(seed, "test" as Purpose, { shortest, longest });
  for (const seed of [NaN, Infinity]) {
    assertThrows(() => open(seed, 1, 2), RangeError, `wanted a finite seed, got ${seed}`);
  }
  for (const [shortest, longest] of [[0, 2], [3, 2], [1.5, 2], [1, NaN]]) {
    const message = `wanted lengths of at least 1, shortest first, got ${shortest}..${longest}`;
    assertThrows(() => open(1, shortest, longest), RangeError, message);
    const random = open(1, 1, 2);
    assertThrows(() => drawString(random, symbols, { shortest, longest }), RangeError, message);
  }
  for (const count of [0, 0.5]) {
    assertThrows(
      () => firstStrings(count, 1, "test", symbols, LONG),
      RangeError,
      "wanted 1 string",
    );
  }
});
