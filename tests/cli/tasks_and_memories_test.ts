import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { answerCommand } from "@/cli/answer.ts";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { seededRandom } from "@/math/random.ts";
import { MEMORY_NAMES, portsOf } from "@/memory/memories.ts";
import { CELL_NAMES } from "@/models/sequence_shape.ts";
import { loadCheckpoint } from "@/runs/checkpoint.ts";
import { createTask, TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
import { symbolNoun, symbolsToText } from "@/tasks/text.ts";
import { TRAINING_OPTIONS } from "@/training/training_options.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { memoryHost } from "./memory_host.ts";
import { trainSmall } from "./small_training.ts";

/** Two updates of two strings. */
const SIZES = "--hidden 3 --embedding 2 --lengths 1..4 --strings 4 --batch 2 --seed 5";
/** A reading of the clock between the two. */
const BETWEEN = 6;

/** What `deno task answer` makes of a text. */
async function answer(files: MemoryDisk, text: string, options: readonly string[] = []) {
  const host = memoryHost({ files });
  const code = await answerCommand([text, "--run", "a", ...options], {
    ...host,
    shipped: "none",
    inputIsTerminal: () => false,
    readInput: () => Promise.reject(new Error("nothing to read")),
  });
  return { code, host };
}

/** Trains, stops, resumes, evaluates and answers; returns the disk, where the run is "a". */
async function useEverywhere(words: readonly string[], name: TaskName): Promise<MemoryDisk> {
  const whole = new MemoryDisk(), files = new MemoryDisk();
  const begin = [...words, ...SIZES.split(" "), "--run-folder", "a"];
  const trained = await trainSmall(begin, whole);
  assertEquals(trained.code, 0, trained.host.noted.join("\n"));
  const stopped = await trainSmall(begin, files, { stopAtReading: BETWEEN });
  assertEquals([stopped.code, loadCheckpoint(files, "a").iteration], [130, 1]);
  const resumed = await trainSmall(["--resume", "a"], files);
  assertEquals(resumed.code, 0, resumed.host.noted.join("\n"));
  assertEquals(timeless(files, "a"), timeless(whole, "a"));

  const { title, vocabulary, sample } = createTask(name), host = memoryHost({ files });
  assertEquals(await evaluateCommand(["a", "--lengths", "2..3", "--strings", "5"], host), 0);
  assertStringIncludes(
    host.printed[0],
    `${title}: 5 test strings of 2 to 3 ${symbolNoun(vocabulary)}`,
  );
  assertMatch(host.printed[3], /^strict +[01]\.\d{4} +[01]\.\d{4} +\d of 5$/);
  const { source, target } = sample(seededRandom(1), { shortest: 4, longest: 5 });
  const { code, host: { printed, noted } } = await answer(files, symbolsToText(source, vocabulary));
  assertEquals([code, printed.length], [0, 1]);
  // A few bits may be right by chance.
  if (printed[0] === symbolsToText(target, vocabulary)) {
    assertEquals([vocabulary.size < 12, noted], [true, []]);
  } else assertStringIncludes(noted[0], `This answer is wrong (${title}): `);
  return files;
}

for (const task of TASK_NAMES) {
  for (const memory of MEMORY_NAMES) {
    for (const cell of CELL_NAMES) {
      Deno.test(`${task}, ${memory}, ${cell}: trains, resumes, evaluates and answers`, () => {
        const width = portsOf(memory) > 0 ? ["--value-width", "2"] : [];
        const words = ["--task", task, "--memory", memory, "--cell", cell, ...width];
        return useEverywhere(words, task).then(() => {});
      });
    }
  }
}

Deno.test("a superposition stack of two cells trains, resumes, evaluates and answers, and shows no third", async () => {
  const memory = ["--memory", "superposition", "--memory-cells", "2", "--value-width", "2"];
  const files = await useEverywhere(["--task", "reverse-binary", ...memory], "reverse-binary");
  const { host: { printed } } = await answer(files, "0101", ["--show"]);
  const bars = printed.slice(3, 11).map((line) => line.slice(44).trim().length);
  assertEquals(bars.map((count) => Math.min(count, 2)), bars);
  assertEquals(Math.max(...bars), 2);
});

Deno.test("the command offers these tasks, memories and cells, and refuses others", async () => {
  const offered: [flag: string, names: readonly string[]][] = [
    ["--task", TASK_NAMES],
    ["--memory", MEMORY_NAMES],
    ["--cell", CELL_NAMES],
  ];
  for (const [flag, names] of offered) {
    const files = new MemoryDisk(), { code, host } = await trainSmall([flag, "none-such"], files);
    assertEquals([code, files.snapshot()], [2, []]);
    for (const name of names) assertStringIncludes(host.noted[0], name);
    assertStringIncludes(host.noted[0], `Cannot read ${flag}: wanted `);
  }
  assertEquals(CELL_NAMES.every((cell) => TRAINING_OPTIONS.cell.accepts(cell)), true);
});

Deno.test("a copying network is held to the copy, and a reversing one to the reverse", async () => {
  for (const [task, title] of [["copy", "string copying"], ["reversal", "string reversal"]]) {
    const files = new MemoryDisk();
    const line = ["--task", task, "--memory", "none", ...SIZES.split(" "), "--run-folder", "a"];
    assertEquals((await trainSmall(line, files)).code, 0);
    const { host } = await answer(files, "ab");
    assertStringIncludes(host.noted[0], `This answer is wrong (${title}): `);
  }
});
