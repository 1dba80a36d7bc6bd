import { assert, assertEquals, assertThrows } from "@std/assert";
import type { StudyBudget } from "@/studies/reading_orders.ts";
import {
  makeNetworks,
  MEMORY_ROWS,
  MEMORY_TESTS,
  NETWORK_ROWS,
  type NetworkRow,
  SEQUENCE_TO_SEQUENCE_FILE,
  SEQUENCE_TO_SEQUENCE_STUDY,
  type SequenceToSequenceTable,
  trainWithMemory,
} from "@/studies/sequence_to_sequence_study.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const readTable = (): SequenceToSequenceTable =>
  JSON.parse(Deno.readTextFileSync(SEQUENCE_TO_SEQUENCE_FILE));

const TINY: StudyBudget = {
  symbols: 3,
  hidden: 4,
  embedding: 3,
  updates: 1,
  batch: 2,
  every: 1,
  courseStrings: 1,
  testStrings: 2,
  gradientStrings: 1,
};
const [TWO]: readonly NetworkRow[] = NETWORK_ROWS;

Deno.test("two networks and their averages are stored together, in order, and are not made again", () => {
  const files = new MemoryDisk();
  for (const seed of [2, 1]) makeNetworks(TWO, seed, files, TINY);
  const text = files.readText(SEQUENCE_TO_SEQUENCE_FILE), { operations } = files;
  const { networks, memories }: SequenceToSequenceTable = JSON.parse(text);
  assertEquals(Object.keys(networks), ["as it is", "source reversed", "averaged predictions"]);
  for (const records of Object.values(networks)) {
    assertEquals(records.map(({ seed }) => seed), [1, 2]);
  }
  assertEquals(memories, {});
  makeNetworks(TWO, 1, files, TINY);
  assertEquals(files.operations, operations);
});

Deno.test("what is already in the table stays", () => {
  const files = new MemoryDisk(), stack = [{ seed: 1, strings: 5, exact: { 5: 3 } }];
  const table = { networks: {}, memories: { "stack, target reversed": stack } };
  files.writeText(SEQUENCE_TO_SEQUENCE_FILE, JSON.stringify(table));
  makeNetworks(TWO, 1, files, TINY);
  const { networks, memories } = JSON.parse(files.readText(SEQUENCE_TO_SEQUENCE_FILE));
  assertEquals([Object.keys(networks).length, memories], [3, table.memories]);
});

Deno.test("seeds that a row does not have are refused", () => {
  const host = { terminal: {} } as Parameters<typeof SEQUENCE_TO_SEQUENCE_STUDY.make>[1];
  assertThrows(
    () => SEQUENCE_TO_SEQUENCE_STUDY.make("both reversed", host, { first: 11, last: 12 }),
    Error,
    "wanted some of the seeds 1..10 for --seeds, got 11..12",
  );
});

Deno.test("a network with a memory stops at its budget, and is tested at every length", () => {
  const sets = { every: 4, validated: 1, further: () => [], scored: 1, test: () => [] };
  const [row] = MEMORY_ROWS, record = trainWithMemory(row, 1, sets, 8);
  assertEquals([record.seed, record.strings], [1, 8]);
  assertEquals(record.exact, Object.fromEntries(Object.keys(MEMORY_TESTS).map((k) => [k, 0])));
});

Deno.test({
  name: "the table has every training of the study, in order",
  ignore: !mayRead,
  fn() {
    const { networks, memories } = readTable();
    const wanted = [
      ...NETWORK_ROWS.flatMap(({ setups, averages, seeds }) =>
        [...setups.map(({ name }) => name), ...averages ? [averages] : []].map((name) =>
          [name, seeds] as const
        )
      ),
      ...MEMORY_ROWS.map(({ name, seeds }) => [name, seeds] as const),
    ];
    const stored = { ...networks, ...memories };
    assertEquals(Object.keys(stored), wanted.map(([name]) => name));
    for (const [name, { first, last }] of wanted) {
      const seeds = Array.from({ length: last - first + 1 }, (_, k) => first + k);
      assertEquals(stored[name].map(({ seed }) => seed), seeds, name);
    }
  },
});

Deno.test({
  name: "a training that is made again has its stored record",
  ignore: !mayRead,
  fn() {
    const { memories } = readTable(), [row] = MEMORY_ROWS;
    const quickest = memories[row.name].toSorted((a, b) => a.strings - b.strings)[0];
    assert(quickest.strings < 6000);
    assertEquals(trainWithMemory(row, quickest.seed), quickest);
  },
});
