import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { statisticsCommand } from "@/cli/statistics.ts";
import { type BoardTable, isExactEverywhere } from "@/studies/board_rows.ts";
import { BOARD_SETUPS, boardStringsFor } from "@/studies/board_setups.ts";
import { BOARD_FILE, boardStudy } from "@/studies/board_study.ts";
import type { TrainingSetup } from "@/studies/training_setup.ts";
import { outdatedSetups, readTrainingTable } from "@/studies/training_table.ts";
import { sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import { type Circumstances, memoryHost } from "../cli/memory_host.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_SETS } from "../training/tiny_training.ts";

const SMALL = { hidden: 4, embedding: 3, valueWidth: 3, strings: 40 };
const setup = (task: TrainingSetup["task"], changes = {}): TrainingSetup => ({
  name: `${task}/stack`,
  kind: "solvable",
  task,
  memory: "stack",
  changes: { ...SMALL, ...changes },
  seeds: { first: 1, last: 2 },
});

const [ID, OOD] = ["1_to_50", "51_to_100"].map((name) =>
  `notebooks/data/undo_flip_flop_${name}.txt`
);

/** A disk with three public strings. */
function newDisk(): MemoryDisk {
  const files = new MemoryDisk();
  files.writeText(ID, "w1r\t1\nw0i1r\t0\n");
  files.writeText(OOD, "w1w0ur\t1\n");
  return files;
}

async function make(
  files: MemoryDisk,
  setups: readonly TrainingSetup[],
  { words = [], ...circumstances }: Circumstances & { readonly words?: readonly string[] } = {},
) {
  const experiments = [sequenceExperimentOn(TINY_SETS)];
  const host = memoryHost({ files, experiments, ...circumstances });
  const study = boardStudy({ files, setups, stringsFor: ({ seed }) => seed === 1 ? 2 : 1 });
  const code = await statisticsCommand(["board", ...words], [study], host);
  assertEquals([host.workers.open, host.listening], [0, 0]);
  const table: BoardTable = readTrainingTable(files, BOARD_FILE);
  return { code, table, noted: host.noted, printed: host.printed.join("\n") };
}

Deno.test("a network answers strings of every length, deep ones, and the public ones", async () => {
  const { table, printed, noted } = await make(newDisk(), [setup("undo-flip-flop")]);
  const [{ every, deep, files }, second] = table["undo-flip-flop/stack"].runs;
  assertEquals([every!.lengths, every!.strings, second.every!.strings], ["51..500", 2, 1]);
  const strings = every!.bins.map(([, strings]) => strings);
  assertEquals(strings.reduce((sum, n) => sum + n), 2 * 450);
  assertEquals(Object.entries(deep!).map(([depth, [strings]]) => [depth, strings]), [
    ["10", 20],
    ["100", 20],
    ["1000", 20],
  ]);
  assertEquals(Object.entries(files!).map(([lengths, [strings]]) => [lengths, strings]), [
    ["1..50", 2],
    ["51..100", 1],
  ]);
  assertStringIncludes(printed, "public 51..100");
  assert(/^1 of 2: undo-flip-flop\/stack, seed 1: \d+ lengths of 51\.\.500 with/.test(noted[0]));
});

Deno.test("a study that is stopped and resumed gives the table of an unbroken one", async () => {
  const setups = [setup("dyck-2")],
    timeless = (table: BoardTable) =>
      table["dyck-2/stack"].runs.map(({ seconds: _, ...run }) => run);
  const whole = await make(newDisk(), setups), files = newDisk();
  assertEquals(whole.table["dyck-2/stack"].runs[0].every!.lengths, "52..500");
  const stopped = await make(files, setups, { stopAtReading: 60, stopCode: 75 });
  assertEquals([stopped.code, "dyck-2/stack" in stopped.table], [75, false]);
  const resumed = await make(files, setups);
  assertEquals([resumed.code, timeless(resumed.table)], [0, timeless(whole.table)]);
});

Deno.test("a training that diverges is a row without scores", async () => {
  const diverging = setup("reverse-binary", { optimizer: "sgd", learningRate: 1e30, clip: 1e30 });
  const { table, noted } = await make(newDisk(), [diverging], { words: ["--seeds", "1..1"] });
  const [run] = table["reverse-binary/stack"].runs;
  assertEquals([run.scores, run.every], [{}, undefined]);
  assertStringIncludes(noted[0], "seed 1: diverged; ");
});

const mayRead = Deno.permissions.querySync({ name: "read", path: BOARD_FILE }).state === "granted";

Deno.test({
  name: "the stored table has runs of the study's setups and of today's recipes alone",
  ignore: !mayRead,
  fn() {
    const table: BoardTable = JSON.parse(Deno.readTextFileSync(BOARD_FILE));
    const outdated = outdatedSetups(table, BOARD_SETUPS).map(({ name }) => name);
    assertEquals(outdated, [], "train them anew with deno task statistics board, or remove them");
    for (const [name, { planned, runs }] of Object.entries(table)) {
      const setup = BOARD_SETUPS.find((setup) => setup.name === name)!;
      const { task, seeds: { first, last } } = setup;
      assertEquals(planned, last - first + 1);
      const seeds = runs.map(({ seed }) => seed);
      assertEquals(seeds, [...new Set(seeds)].sort((a, b) => a - b), name);
      assert(seeds.every((seed) => first <= seed && seed <= last), name);
      for (const run of runs.filter(({ every }) => every)) {
        const { seed, threads, every } = run, { strings, faulty, bins } = every!;
        assertEquals(
          [threads, strings],
          [1, boardStringsFor({ setup, seed })],
          `${name}, seed ${seed}`,
        );
        const wrong = bins.reduce((sum, [, , wrong]) => sum + wrong, 0);
        assert(faulty <= wrong && wrong <= faulty * strings, `${name}, seed ${seed}`);
        if (isExactEverywhere(run, task)) assertEquals(wrong, 0);
      }
    }
  },
});
