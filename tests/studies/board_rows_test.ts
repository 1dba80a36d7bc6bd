import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  boardRows,
  type BoardRun,
  type BoardTable,
  boardTables,
  deepRows,
  isExactEverywhere,
  type PublishedScores,
} from "@/studies/board_rows.ts";
import { BOARD_SETUPS } from "@/studies/board_setups.ts";
import { type LengthScores, meanPerToken } from "@/studies/length_scores.ts";
import { planOf } from "@/studies/training_setup.ts";

const named = (wanted: string) => BOARD_SETUPS.find(({ name }) => name === wanted)!;

/** Two bins: 400 strings that are right, and 200 of which some are wrong. */
const every = (wrong: number, perToken: number): LengthScores => ({
  lengths: "41..70",
  strings: 20,
  faulty: wrong === 0 ? 0 : 1,
  bins: [[41, 400, 0, 1], [61, 200, wrong, perToken]],
});

function run(seed: number, scores: Partial<BoardRun>): BoardRun {
  const far = { "1000": [100, 90 + seed, 1], "10000": [10, seed, 1] } as const;
  return { seed, strings: 1000 * seed, seconds: 3 * seed, threads: 1, scores: far, ...scores };
}

const DIVERGED: BoardRun = { seed: 9, strings: 40, seconds: 1, threads: 1, scores: {} };

const tableOf = (runs: Readonly<Record<string, readonly BoardRun[]>>): BoardTable =>
  Object.fromEntries(
    Object.entries(runs).map(([name, runs]) => //
    [name, { plan: planOf(named(name)), planned: 30, runs }]),
  );

const TABLE = tableOf({
  "reverse-binary/stack": [
    run(1, { every: every(0, 1) }),
    run(2, { every: every(60, 0.7) }),
    run(3, { every: every(0, 1) }),
    DIVERGED,
  ],
  "undo-flip-flop/stack": [
    run(1, { every: every(0, 1), deep: { "10": [20, 0] }, files: { "1..50": [2000, 1] } }),
    run(2, { every: every(0, 1), deep: { "10": [20, 5] }, files: { "1..50": [2000, 0] } }),
  ],
});

Deno.test("the per-token mean weighs every length alike", () => {
  assertEquals(meanPerToken(every(60, 0.7)), (2 * 1 + 0.7) / 3);
});

Deno.test("a row counts exact seeds; strings and seconds are those of exact seeds alone", () => {
  const rows = boardRows(TABLE, BOARD_SETUPS);
  assertEquals(rows.length, BOARD_SETUPS.length);
  assertEquals(rows.find(({ task, memory }) => `${task}/${memory}` === "reverse-binary/stack"), {
    "task": "reverse-binary",
    "memory": "stack",
    "exact seeds": "2 of 4",
    "95 % interval": "15 to 85 %",
    "planned": "30",
    "strings": "2,000",
    "seconds": "6",
    "right in full": "0.9667",
    "per token": "0.9667",
    "best": "1.0000",
    "worst": "0.9000",
    "1,000": "0.6900",
    "10,000": "0.1500",
  });
  const empty = rows.find(({ task, memory }) => `${task}/${memory}` === "dyck-6/deque")!;
  assertEquals([empty["exact seeds"], empty.planned, empty.best], ["–", "30", "–"]);
});

Deno.test("undos must be right when they are deep and in the public strings, brackets at 1,000", () => {
  const [wrongInFile, wrongWhenDeep] = TABLE["undo-flip-flop/stack"].runs;
  assertEquals(isExactEverywhere(wrongInFile, "undo-flip-flop"), false);
  assertEquals(isExactEverywhere(wrongWhenDeep, "undo-flip-flop"), false);
  const brackets = run(10, { every: every(0, 1), deep: { "1000": [20, 20] } });
  assertEquals(isExactEverywhere(brackets, "dyck-2"), true);
  assertEquals(isExactEverywhere({ ...brackets, ...run(9, {}) }, "dyck-2"), false);
  assertEquals(isExactEverywhere(DIVERGED, "reverse-binary"), false);
});

Deno.test("deep and public strings have tables of their own, for setups with such runs", () => {
  assertEquals(deepRows(TABLE, BOARD_SETUPS), [{
    "task": "undo-flip-flop",
    "memory": "stack",
    "seeds": "2",
    "depth 10": "0.8750",
    "public 1..50": "0.9998",
  }]);
  const [all, undos, brackets] = boardTables(TABLE, BOARD_SETUPS).map(({ rows }) => rows.length);
  assertEquals([all, undos, brackets], [BOARD_SETUPS.length, 1, 0]);
});

const PUBLISHED = "notebooks/data/exact_lengths.json";
const mayRead = Deno.permissions.querySync({ name: "read", path: PUBLISHED }).state === "granted";

Deno.test({
  name: "what is published has a source, and is a share",
  ignore: !mayRead,
  fn() {
    const { benchmark, undo }: PublishedScores = JSON.parse(Deno.readTextFileSync(PUBLISHED));
    assertStringIncludes(benchmark.source, "arXiv:2207.02098");
    assertStringIncludes(undo.source, "arXiv:2604.05923");
    const scores = [...Object.values(benchmark.scores), undo.scores].flatMap(Object.values);
    assert(scores.length > 15 && scores.every((score) => score > 0 && score <= 1));
  },
});
