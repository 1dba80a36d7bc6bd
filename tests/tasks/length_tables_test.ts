import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { LengthTables, type RuleShape } from "@/tasks/length_tables.ts";

/** X → X X with p, a with 1 − p: P(n) = C_{n−1} p^{n−1} (1 − p)^n with Catalan's numbers C. */
function binaryTrees(p: number): LengthTables {
  const rules: RuleShape[] = [
    { probability: p, children: ["X", "X"], words: 0 },
    { probability: 1 - p, children: [], words: 1 },
  ];
  return new LengthTables(new Map([["X", rules]]));
}

/** log P(n) of binary trees, n = 1 … `longest`, from C_n = C_{n−1} (4n − 2) ÷ (n + 1). */
function logOfBinaryTrees(p: number, longest: number): number[] {
  const logs = [Math.log(1 - p)];
  for (let n = 1; n < longest; n++) {
    logs.push(logs[n - 1] + Math.log((4 * n - 2) / (n + 1)) + Math.log(p) + Math.log(1 - p));
  }
  return logs;
}

for (const p of [0.5, 0.3, 0.2, 0.9]) {
  Deno.test(`binary trees have as many leaves as Catalan's numbers say, p = ${p}`, () => {
    const tables = binaryTrees(p), logs = logOfBinaryTrees(p, 3000);
    tables.extend(3000);
    const { values } = tables.of("X"), logWeight = Math.log(tables.wordWeight);
    assertEquals(values[0], 0);
    logs.forEach((log, i) => {
      const n = i + 1;
      assertAlmostEquals(Math.log(values[n]) - n * logWeight, log, 1e-9 * n);
    });
  });
}

Deno.test("a word weighs as much as keeps the numbers of long sentences away from 0 and infinity", () => {
  // log P(3000) is about −1340 for p = .2: no Float64 has it.
  for (const p of [0.2, 0.3, 0.5, 0.9]) {
    const tables = binaryTrees(p), radius = 1 / (4 * p * (1 - p));
    assertAlmostEquals(tables.wordWeight, radius, 4e-3);
    tables.extend(3000);
    assert(tables.of("X").values.slice(1).every((value) => value > 1e-9 && value < 1e3));
  }
});

Deno.test("a table of several nonterminals is the distribution of their sum, between words too", () => {
  const uniform = (words: readonly number[]) =>
    words.map((words) => ({ probability: 1 / 3, children: [], words }));
  const tables = new LengthTables(
    new Map([
      ["A", [{ probability: 1, children: ["D", "D", "E"], words: 2 }]],
      ["D", uniform([1, 2, 3])],
      ["E", uniform([2, 2, 5])],
    ]),
  );
  tables.extend(20);
  const shares = (...children: string[]) =>
    Array.from(
      tables.of(...children).values,
      (x, n) => Math.round(27 * x / tables.wordWeight ** n),
    );
  assertEquals(shares("D").slice(0, 5), [0, 9, 9, 9, 0]);
  assertEquals(shares("D", "E").slice(0, 10), [0, 0, 0, 6, 6, 6, 3, 3, 3, 0]);
  assertEquals(shares("D", "D", "E").slice(0, 13), [0, 0, 0, 0, 2, 4, 6, 5, 4, 3, 2, 1, 0]);
  assertEquals(shares("A").slice(2), shares("D", "D", "E").slice(0, 19));
});

Deno.test("tables are the same numbers, whether they grow at once or little by little", () => {
  const atOnce = binaryTrees(0.3), slowly = binaryTrees(0.3);
  atOnce.extend(300);
  for (const longest of [1, 7, 5, 100, 299, 300]) slowly.extend(longest);
  assertEquals(slowly.of("X").values, atOnce.of("X").values);
  assertEquals(slowly.of("X", "X").values, atOnce.of("X", "X").values);
});

Deno.test("a nonterminal that may become another alone stands before it, or is refused", () => {
  const leaf = { probability: 1, children: [], words: 1 };
  const alone = (name: string) => [{ probability: 1, children: [name], words: 0 }];
  const tables = new LengthTables(new Map([["A", alone("B")], ["B", alone("C")], ["C", [leaf]]]));
  tables.extend(2);
  assertAlmostEquals(tables.of("A").values[1] / tables.wordWeight, 1);
  const wrong: [string, RuleShape[]][][] = [[["B", [leaf]], ["A", alone("B")]], [[
    "A",
    alone("A"),
  ]]];
  for (const rules of wrong) {
    assertThrows(() => new LengthTables(new Map(rules)), TypeError, "wanted A, which may become");
  }
});
