import { assert, assertEquals, assertThrows } from "@std/assert";
import { restoreRandom } from "@/math/random.ts";
import { copyTask } from "@/tasks/copy.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import { firstPairs, openStream, type Purpose } from "@/tasks/streams.ts";

const SHORT = { shortest: 8, longest: 64 };
const LONG = { shortest: 65, longest: 128 };
const task = reversalTask();

Deno.test("streams of every purpose, range and seed share no eight characters in a row", () => {
  // By chance two of these windows in a million such tests would agree.
  const owners = new Map<string, string>();
  for (const seed of [1, 2, -1, 11]) {
    for (const purpose of ["training", "validation", "longer validation", "test"] as const) {
      for (const lengths of [SHORT, LONG]) {
        const owner = `${seed} ${purpose} ${lengths.longest}`;
        for (const { source } of firstPairs(task, { strings: 250, seed, purpose, lengths })) {
          const text = String.fromCharCode(...source);
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

Deno.test("each stream begins with the numbers that it has always begun with", () => {
  const begun: Record<Purpose, number[]> = {
    "training": [788, 586, 106, 227, 178],
    "validation": [543, 446, 328, 438, 955],
    "longer validation": [790, 413, 481, 778, 424],
    "test": [516, 772, 132, 231, 255],
  };
  for (const [purpose, numbers] of Object.entries(begun)) {
    const random = openStream(7, purpose as Purpose, SHORT);
    assertEquals(numbers.map(() => random.integer(0, 1000)), numbers, purpose);
  }
  const set = {
    strings: 2,
    seed: 7,
    purpose: "test",
    lengths: { shortest: 3, longest: 9 },
  } as const;
  const sources = firstPairs(reversalTask(10), set).map(({ source }) => [...source]);
  assertEquals(sources, [[8, 2, 5, 4], [8, 8, 9, 8, 9]]);
});

Deno.test("tasks on the same characters get the same sources, each with its own target", () => {
  const set = { strings: 20, seed: 1, purpose: "test", lengths: SHORT } as const;
  const [reversals, copies] = [reversalTask(9), copyTask(9)].map((task) => firstPairs(task, set));
  assertEquals(reversals.map(({ source }) => source), copies.map(({ target }) => target));
  assertEquals(
    reversals.map(({ target }) => target.toReversed()),
    copies.map(({ source }) => source),
  );
});

Deno.test("the same seed gives the same pairs, and fewer of them are the first of more", () => {
  const set = { strings: 20, seed: 7, purpose: "test", lengths: LONG } as const;
  const many = firstPairs(task, set);
  assertEquals(firstPairs(task, { ...set, strings: 5 }), many.slice(0, 5));
});

Deno.test("a stream goes on where its state was kept", () => {
  const random = openStream(3, "training", SHORT);
  task.sample(random, SHORT);
  const kept = restoreRandom(JSON.parse(JSON.stringify(random.state())));
  assertEquals(task.sample(kept, SHORT), task.sample(random, SHORT));
});

Deno.test("seeds that are no numbers, ranges that are none and no pairs at all are refused", () => {
  const open = (seed: number, shortest: number, longest: number) =>
    openStream(seed, "test", { shortest, longest });
  for (const seed of [NaN, Infinity]) {
    assertThrows(() => open(seed, 1, 2), RangeError, `wanted a finite seed, got ${seed}`);
  }
  for (const [shortest, longest] of [[0, 2], [3, 2], [1.5, 2], [1, NaN]]) {
    const message = `wanted lengths of at least 1, shortest first, got ${shortest}..${longest}`;
    assertThrows(() => open(1, shortest, longest), RangeError, message);
  }
  for (const strings of [0, 0.5]) {
    const set = { strings, seed: 1, purpose: "test", lengths: LONG } as const;
    assertThrows(() => firstPairs(task, set), RangeError, "wanted 1 string");
  }
});
