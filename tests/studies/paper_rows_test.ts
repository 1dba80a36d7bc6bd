import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { PAPER_SETUPS } from "@/studies/paper_setups.ts";
import { planOf } from "@/studies/training_setup.ts";
import type { TrainingRun, TrainingTable } from "@/studies/training_table.ts";
import {
  ablationRows,
  isExact,
  PUBLISHED_FILE,
  publishedRecipeRows,
  type PublishedResults,
  taskRows,
  variantRows,
} from "@/studies/paper_rows.ts";

const named = (wanted: string) => PAPER_SETUPS.find(({ name }) => name === wanted)!;

/** A run with numbers of exact answers to 1,000 strings of 65..128, 100 of 1,000 and 10 of 10,000. */
function run(seed: number, strings: number, exact: readonly number[], fine: number): TrainingRun {
  const [longer, thousand, tenThousand] = exact;
  const scores = {
    "8..64": [1000, 1000, 1],
    "65..128": [1000, longer, fine],
    "1000": [100, thousand, fine],
    "10000": [10, tenThousand, fine],
  } as const;
  return { seed, strings, seconds: 10 * seed, threads: 1, scores };
}

function tableOf(runs: Readonly<Record<string, readonly TrainingRun[]>>): TrainingTable {
  return Object.fromEntries(
    Object.entries(runs).map(([name, runs]) =>
      [name, { plan: planOf(named(name)), planned: 30, runs }] as const
    ),
  );
}

const EXACT = [1000, 100, 10];
const DIVERGED: TrainingRun = { seed: 9, strings: 40, seconds: 1, threads: 1, scores: {} };
const TABLE = tableOf({
  "copy/queue": [
    run(1, 6000, EXACT, 1),
    run(2, 7000, [1000, 100, 7], 1),
    run(3, 9000, [900, 50, 0], 0.9),
  ],
  "copy/stack": [run(1, 25_000, [0, 0, 0], 0.25), DIVERGED],
  "copy/queue grefenstette-2015": [run(1, 20_000, [500, 0, 0], 0.5)],
  "copy/queue without hinge": [run(1, 8000, [1000, 99, 0], 1)],
});
const PUBLISHED: PublishedResults = {
  source: "made up",
  columns: [],
  tasks: { copy: { "LSTM-1": [0.6, 0.9, 0, 0.4], Stack: [0.9, 0.9, 0, 0.2], Queue: [1, 1, 1, 1] } },
};

Deno.test("the table of tasks counts exact seeds, and has medians, shares and the paper's figures", () => {
  const rows = taskRows(TABLE, PUBLISHED);
  assertEquals(rows.length, 20);
  assertEquals(rows.find(({ task, memory }) => task === "copy" && memory === "queue"), {
    "task": "copy",
    "memory": "queue",
    "exact seeds": "2 of 3",
    "95 % interval": "21 to 94 %",
    "planned": "30",
    "strings": "7,000",
    "coarse": "1.0000",
    "fine": "1.0000",
    "1,000": "0.8333",
    "10,000": "0.5667",
    "paper's coarse": "1.00",
    "paper's fine": "1.00",
  });
});

Deno.test("a run that diverged counts as wrong on every string, and nothing is said of no run", () => {
  const rows = taskRows(TABLE, PUBLISHED);
  const of = (wanted: string) => rows.find(({ task, memory }) => `${task}/${memory}` === wanted)!;
  const { "exact seeds": exact, fine, "1,000": thousand } = of("copy/stack");
  assertEquals([exact, fine, thousand], ["0 of 2", "0.1250", "0.0000"]);
  const { task: _, memory: __, planned, ...cells } = of("gender/deque");
  assertEquals([planned, new Set(Object.values(cells))], ["30", new Set(["–"])]);
  assertEquals(of("copy/none")["paper's fine"], "0.40");
  const half = tableOf({ "copy/queue": [run(1, 6000, EXACT, 1), DIVERGED] });
  assertEquals(
    taskRows(half, PUBLISHED).find(({ strings }) => strings !== "–")!["10,000"],
    "0.5000",
  );
});

Deno.test("a network that fails only at 10,000 is exact; one that fails at 1,000 is not", () => {
  const [, second, third] = TABLE["copy/queue"].runs;
  assertEquals([second, third, run(1, 1, [1000, 99, 10], 1), DIVERGED].map(isExact), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("the paper's recipe stands below the default one of the same task and memory", () => {
  const rows = publishedRecipeRows(TABLE, PUBLISHED);
  assertEquals(rows.length, 10);
  assertEquals(
    rows.slice(0, 2).map((row) => [row.recipe, row["exact seeds"], row.fine, row["paper's fine"]]),
    [["standard", "2 of 3", "1.0000", "1.00"], ["grefenstette-2015", "0 of 1", "0.5000", "1.00"]],
  );
  const svoSov = rows.filter(({ task }) => task === "svo-sov");
  assertEquals(svoSov.map(({ recipe }) => recipe), ["annealed", "grefenstette-2015"]);
  const alone = PAPER_SETUPS.filter(({ kind }) => kind === "published recipe");
  assertThrows(() => publishedRecipeRows(TABLE, PUBLISHED, alone), TypeError, "copy/queue");
});

Deno.test("the table of ablations begins with the whole recipe of each task", () => {
  const rows = ablationRows(TABLE);
  assertEquals(rows.length, 31);
  assertEquals(rows.at(-1)!.without, "standard");
  const [whole] = rows, hinge = rows.find(({ without }) => without === "hinge")!;
  assertEquals([whole.without, whole["exact seeds"]], ["nothing", "2 of 3"]);
  assertEquals([hinge["exact seeds"], hinge["1,000"]], ["0 of 1", "0.9900"]);
  assertEquals(rows[11], { ...rows[11], task: "bigram-flip", without: "nothing" });
});

Deno.test("variants stand below the default setups that they vary", () => {
  const setup = PAPER_SETUPS.find(({ kind }) => kind === "variant")!;
  const scores = { "65..128": [1000, 997, 0.9999], "1000": [100, 9, 0.7] } as const;
  const run = { seed: 1, strings: 300_000, seconds: 200, threads: 1, scores };
  const rows = variantRows({ [setup.name]: { plan: planOf(setup), planned: 5, runs: [run] } });
  assertEquals(rows.map(({ network, "1,000": right }) => [network, right]), [
    ["svo-sov/queue", "–"],
    ["svo-sov/deque", "–"],
    ["gender/queue", "–"],
    [setup.name, "0.0900"],
    ["svo-sov/queue, GRU", "–"],
    ["gender-variant/queue", "–"],
  ]);
});

Deno.test("runs that were trained with another recipe are not in the tables", () => {
  const { plan, ...rest } = TABLE["copy/queue"];
  const old = { "copy/queue": { ...rest, plan: { ...plan, updates: plan.updates + 1 } } };
  assertEquals(new Set(taskRows(old, PUBLISHED).map((row) => row["exact seeds"])), new Set(["–"]));
});

const mayRead =
  Deno.permissions.querySync({ name: "read", path: PUBLISHED_FILE }).state === "granted";

Deno.test({
  name: "the paper's table 3 has seven networks for each task, and four shares of each",
  ignore: !mayRead,
  fn() {
    const published: PublishedResults = JSON.parse(Deno.readTextFileSync(PUBLISHED_FILE));
    assertStringIncludes(published.source, "arXiv:1506.02516, Table 3");
    assertEquals(published.columns.slice(2), ["coarse 65–128", "fine 65–128"]);
    for (const [task, networks] of Object.entries(published.tasks)) {
      assertEquals(Object.keys(networks).length, 7, task);
      for (const shares of Object.values(networks)) {
        assertEquals(shares.filter((share) => share >= 0 && share <= 1).length, 4, task);
      }
    }
    const rows = taskRows({}, published);
    assertEquals(rows.filter((row) => row["paper's coarse"] === "–"), []);
    const flip = rows.filter(({ task }) => task === "bigram-flip");
    assertEquals(flip.map((row) => row["paper's coarse"]), ["0.01", "0.00", "0.55", "0.53"]);
  },
});
