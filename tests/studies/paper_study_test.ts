import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { statisticsCommand } from "@/cli/statistics.ts";
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { lengthRangeText } from "@/options/option.ts";
import { PAPER_SETUPS, type PaperSetup } from "@/studies/paper_setups.ts";
import { PAPER_FILE, paperStudy } from "@/studies/paper_study.ts";
import { folderNameOf, planOf } from "@/studies/training_setup.ts";
import { outdatedSetups, readTrainingTable, type TrainingTable } from "@/studies/training_table.ts";
import { createTask } from "@/tasks/tasks.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import type { ValidationSets } from "@/training/validation.ts";
import { BEST_WEIGHTS, loadTrainedModel } from "@/weights/trained_model.ts";
import { type Circumstances, memoryHost } from "../cli/memory_host.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_SETS } from "../training/tiny_training.ts";

const readTable = (files: MemoryDisk) => readTrainingTable(files, PAPER_FILE);
const exactly = (length: number) => ({ shortest: length, longest: length });
const SETS: ValidationSets = {
  ...TINY_SETS,
  test: () => [
    { strings: 3, lengths: { shortest: 65, longest: 128 } },
    { strings: 1, lengths: exactly(1000) },
  ],
};

const SMALL = { hidden: 6, embedding: 3, symbols: 2, lengths: "1..4", strings: 80 };
const LENGTHS = { shortest: 1, longest: 4 };

function setup(memory: "none" | "stack", changes: PaperSetup["changes"] = {}): PaperSetup {
  const width = memory === "none" ? {} : { valueWidth: 3 };
  return {
    name: `reversal/${memory}`,
    kind: memory === "none" ? "unsolvable" : "solvable",
    task: "reversal",
    memory,
    changes: { ...SMALL, ...width, ...changes },
    seeds: { first: 1, last: 3 },
  };
}

const SETUPS = [setup("none"), setup("stack")];

/** Makes the study of small setups on a disk in memory. */
async function make(
  files: MemoryDisk,
  { words = [], setups = SETUPS, ...circumstances }: Circumstances & {
    readonly words?: readonly string[];
    readonly setups?: readonly PaperSetup[];
  } = {},
) {
  const experiments = [sequenceExperimentOn(SETS)];
  const host = memoryHost({ files, experiments, ...circumstances });
  const code = await statisticsCommand(["paper", ...words], [
    paperStudy({ files, setups, sets: SETS }),
  ], host);
  assertEquals([host.workers.open, host.listening], [0, 0]);
  return { code, printed: host.printed.join("\n"), noted: host.noted };
}

/** The table without its times. */
function timeless(files: MemoryDisk): unknown {
  const table = readTable(files);
  return Object.entries(table).map(([name, { runs, ...rest }]) => //
  [name, rest, runs.map(({ seconds: _, ...run }) => run)]);
}

const seedsOf = (table: TrainingTable) =>
  Object.fromEntries(
    Object.entries(table).map(([name, { runs }]) => //
    [name, runs.map(({ seed }) => seed)]),
  );

Deno.test("a study that is stopped and resumed again and again gives the table of an unbroken one", async () => {
  const whole = new MemoryDisk(), files = new MemoryDisk();
  const { code, noted, printed } = await make(whole);
  assertEquals(code, 0);
  assertEquals(seedsOf(readTable(whole)), {
    "reversal/none": [1, 2, 3],
    "reversal/stack": [1, 2, 3],
  });
  assertEquals(noted.map((line) => /: (.*, seed \d):/.exec(line)?.[1]), [
    ...[1, 2, 3].map((seed) => `reversal/stack, seed ${seed}`),
    ...[1, 2, 3].map((seed) => `reversal/none, seed ${seed}`),
  ]);
  assertStringIncludes(printed, "of 3 ");
  for (const [stopAtReading, stopCode] of [[40, 75], [400, 130], [12_000, 75]] as const) {
    const { code, noted } = await make(files, { stopAtReading, stopCode });
    assertEquals([code, noted.at(-1)], [stopCode, "Stopped; run the command again to resume"]);
  }
  const before = Object.values(seedsOf(readTable(files))).flat().length;
  assert(before > 0 && before < 6, `${before} runs were finished when it was stopped`);
  assertEquals((await make(files)).code, 0);
  assertEquals(timeless(files), timeless(whole));
});

Deno.test("each finished run is in the table at once, and is not trained again", async () => {
  const files = new MemoryDisk();
  await make(files, { words: ["--seeds", "2..2"] });
  assertEquals(seedsOf(readTable(files)), { "reversal/none": [2], "reversal/stack": [2] });
  for (const path of [...files.entries.keys()]) {
    if (path.startsWith(".runs")) files.entries.delete(path);
  }
  const { noted } = await make(files, { words: ["reversal/none"] });
  assertEquals(noted.length, 2);
  assertEquals(seedsOf(readTable(files)), {
    "reversal/none": [1, 2, 3],
    "reversal/stack": [2],
  });
  const again = await make(files, { words: ["none,stack", "--seeds", "2..2"] });
  assertEquals([again.code, again.noted], [0, []]);
});

Deno.test("a row has the strings, the seconds, the threads and the scores of its run", async () => {
  const files = new MemoryDisk();
  await make(files, { words: ["stack", "--seeds", "1..1"] });
  const { plan, planned, runs: [run] } = readTable(files)["reversal/stack"];
  assertEquals([plan, planned], [planOf(SETUPS[1]), 3]);
  const { scores, seconds, ...rest } = run;
  assertEquals(rest, { seed: 1, strings: 80, threads: 1 });
  assert(seconds > 0);
  const counts = Object.fromEntries(
    Object.entries(scores).map(([key, [strings]]) => [key, strings]),
  );
  assertEquals(counts, { "1..4": 8, "65..128": 3, "1000": 1 });
});

Deno.test("a network that is tested on another task has the scores of that task's strings", async () => {
  const own = setup("stack"), other: PaperSetup = { ...own, name: "copied", tested: "copy" };
  const files = new MemoryDisk();
  await make(files, { setups: [own, other], words: ["--seeds", "2..2"] });
  const [ofReversal, ofCopy] = Object.values(readTable(files)).map(({ runs: [run] }) => run.scores);
  const path = `.runs/statistics/paper/${folderNameOf(other)}/seed-2/${BEST_WEIGHTS}`;
  const { shape, parameters } = loadTrainedModel(files, path), copy = createTask("copy", 2);
  for (const { strings, lengths } of SETS.test({ lengths: LENGTHS, task: copy })) {
    const set = { strings, lengths, purpose: "test", seed: 2 } as const;
    const { strict } = evaluateNetwork(createStepper(shape, parameters), copy, set);
    const name = lengthRangeText(lengths), [, exact, fine] = ofCopy[name];
    assertEquals([exact, fine], [strict.exact, Number(strict.fine.toFixed(6))]);
    assertNotEquals(fine, ofReversal[name][2]);
  }
  assertEquals(Object.keys(ofCopy).length, 2);
});

Deno.test("runs of another recipe are never mixed with new ones: those of a chosen setup are trained anew", async () => {
  const files = new MemoryDisk(), setups = [setup("none"), setup("stack", { learningRate: 0.01 })];
  await make(files);
  assertEquals(outdatedSetups(readTable(files), setups), [setups[1]]);
  const other = await make(files, { setups, words: ["none"] });
  assertEquals(other.noted, [
    "reversal/stack: the stored runs are of another recipe; they do not count",
  ]);
  assert(/^reversal +stack +– +– +3 /m.test(other.printed), other.printed);
  const { noted } = await make(files, { setups, words: ["stack", "--seeds", "2..3"] });
  assertEquals(
    noted[0],
    "reversal/stack: the stored runs are of another recipe; they are dropped, and the chosen seeds trained anew",
  );
  const table = readTable(files);
  assertEquals(seedsOf(table), { "reversal/none": [1, 2, 3], "reversal/stack": [2, 3] });
  assertEquals(table["reversal/stack"].plan.recipe.optimizer.rate, 0.01);
});

const DIVERGING = {
  optimizer: "sgd",
  learningRate: 1e30,
  clip: 1e30,
} as const;

Deno.test("a run that diverges is a row without scores", async () => {
  const files = new MemoryDisk(),
    setups = [setup("stack", DIVERGING)];
  const { code, noted } = await make(files, { setups, words: ["stack", "--seeds", "1..1"] });
  assertEquals(code, 0);
  assertStringIncludes(noted[0], "seed 1: diverged; ");
  assertEquals(readTable(files)["reversal/stack"].runs[0].scores, {});
});

Deno.test("seeds that no setup has, and a damaged table, are refused before anything is trained", async () => {
  const files = new MemoryDisk();
  const { code, noted } = await make(files, { words: ["--seeds", "4..9"] });
  assertEquals([code, noted], [2, [
    "Cannot make statistics: wanted some of the seeds 1..3 for --seeds, got 4..9",
  ]]);
  files.writeText(PAPER_FILE, "[");
  const host = memoryHost({ files });
  const study = paperStudy({ files, setups: SETUPS, sets: SETS });
  await assertRejects(async () => await study.make("", host), UserError, "wanted JSON");
  assertEquals(host.workers.started, 0);
});

const mayRead = Deno.permissions.querySync({ name: "read", path: PAPER_FILE }).state === "granted";

Deno.test({
  name: "the stored table has runs of the study's setups and of today's recipes alone",
  ignore: !mayRead,
  fn() {
    const table: TrainingTable = JSON.parse(Deno.readTextFileSync(PAPER_FILE));
    const outdated = outdatedSetups(table, PAPER_SETUPS).map(({ name }) => name);
    assertEquals(outdated, [], "train them anew with deno task statistics paper, or remove them");
    for (const [name, { planned, runs }] of Object.entries(table)) {
      const { seeds: { first, last } } = PAPER_SETUPS.find((setup) => setup.name === name)!;
      assertEquals(planned, last - first + 1);
      const seeds = runs.map(({ seed }) => seed);
      assertEquals(seeds, [...new Set(seeds)].sort((a, b) => a - b), name);
      assert(seeds.every((seed) => first <= seed && seed <= last), name);
      for (const { threads, scores } of runs) {
        assertEquals(threads, 1);
        const sets = Object.values(scores);
        assert(sets.every(([strings, exact, fine]) => exact <= strings && fine <= 1), name);
      }
    }
  },
});
