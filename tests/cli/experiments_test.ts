import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { trainCommand } from "@/cli/train.ts";
import type { Experiment } from "@/runs/run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";

/** What keeps a run short; the sequence run has tests of its own. */
const SHORT: Record<string, readonly string[]> = {
  "learn-to-push": ["--iterations", "30", "--starts", "1"],
  "learn-to-pop": ["--iterations", "30", "--starts", "1"],
  "steered": ["--iterations", "30"],
  "binary-addition": ["--iterations", "30"],
  "rnn-controller": ["--iterations", "30"],
  "autoencoder": ["--iterations", "30"],
};

async function train(line: readonly string[], circumstances: Circumstances) {
  const host = memoryHost({ ...circumstances, experiments: EXPERIMENTS });
  return { code: await trainCommand(line, host), host };
}

/** Trains in one go, and again with a stop in between. */
async function trainAndResume({ name }: Experiment): Promise<void> {
  const whole = new MemoryDisk(), files = new MemoryDisk();
  const line = ["--experiment", name, ...SHORT[name], "--run-folder", "a"];
  const { code, host } = await train(line, { files: whole });
  assertEquals(code, 0, host.noted.join("\n"));
  assertStringIncludes(whole.readText("a/report.html"), "<svg></svg>");
  assert(host.printed.length > 3);
  const stopped = await train(line, { files, stopAtReading: 40 });
  assertEquals(stopped.code, 130);
  assertEquals((await train(["--resume", "a"], { files })).code, 0);
  assertEquals(timeless(files, "a"), timeless(whole, "a"));
}

for (const experiment of EXPERIMENTS.slice(1)) {
  Deno.test(`${experiment.name}: trains, stops and resumes by the command`, () =>
    trainAndResume(experiment));
}

Deno.test("the sequence run is the default, and every other experiment is trained above", () => {
  assertEquals(EXPERIMENTS.map(({ name }) => name), ["sequence", ...Object.keys(SHORT)]);
});
