import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  countLearned,
  trainTruncation,
  TRUNCATION_DELAYS,
  TRUNCATION_FILE,
  TRUNCATION_ROWS,
  TRUNCATION_STUDY,
  type TruncationTable,
} from "@/studies/truncation_study.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const readTable = (): TruncationTable => JSON.parse(Deno.readTextFileSync(TRUNCATION_FILE));

Deno.test("the delays are those that just fit into a window, and those that just do not", () => {
  for (const delay of TRUNCATION_DELAYS) {
    assert([delay, delay + 1].some((window) => window > 1 && Math.log2(window) % 1 === 0));
  }
});

Deno.test("a delay counts as learned by a network that was examined at it and is right", () => {
  const record = { delays: "3 and 32", window: 4, seed: 1, steps: 4096 };
  const records = [{ 3: 1, 32: 0.95 }, { 3: 1, 32: 0.94 }].map((right) => ({ ...record, right }));
  assertEquals([3, 32, 8].map((delay) => countLearned(records, delay)), [2, 1, 0]);
});

Deno.test("seeds that the study does not have are refused", () => {
  const host = { terminal: {} } as Parameters<typeof TRUNCATION_STUDY.make>[1];
  assertThrows(
    () => TRUNCATION_STUDY.make("", host, { first: 6, last: 9 }),
    Error,
    "wanted some of the seeds 1..5 for --seeds, got 6..9",
  );
});

Deno.test({
  name: "the table has every training of the study, five seeds of each, in order",
  ignore: !mayRead,
  fn() {
    const table = readTable();
    assertEquals(Object.keys(table), TRUNCATION_ROWS.map(({ name }) => name));
    for (const { name, setups } of TRUNCATION_ROWS) {
      const wanted = setups.flatMap(({ name: delays, window, exam }) =>
        [1, 2, 3, 4, 5].map((seed) => [delays, window, seed, exam.map(String)])
      );
      const stored = table[name].map((
        { delays, window, seed, right },
      ) => [delays, window, seed, Object.keys(right)]);
      assertEquals(stored, wanted);
      assert(table[name].every(({ steps }) => steps >= 4096 && steps <= 32_768));
    }
  },
});

Deno.test({
  name: "a training that is made again has its stored record",
  ignore: !mayRead,
  fn() {
    const table = readTable();
    for (const { name, carry, setups } of TRUNCATION_ROWS) {
      const quick = table[name].find(({ steps }) => steps === 4096);
      if (quick === undefined) continue;
      const setup = setups.find(({ name, window }) =>
        name === quick.delays && window === quick.window
      )!;
      assertEquals(trainTruncation(setup, carry, quick.seed), quick);
    }
  },
});
