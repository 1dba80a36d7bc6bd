import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { trainCommand } from "@/cli/train_command.ts";
import type { SeedJob, SeedWorker } from "@/runs/seeds.ts";
import { type MemoryHost, memoryHost } from "./memory_host.ts";

/** The same world, in which the numbers of some seeds explode. */
function exploding(host: MemoryHost, seeds: readonly number[]): MemoryHost {
  const doomed = (job: SeedJob): SeedJob => {
    const explodeAt = seeds.includes(job.settings.seed) ? 9 : null;
    return { ...job, settings: { ...job.settings, explodeAt } };
  };
  return Object.assign(Object.create(host), {
    startSeedWorker() {
      const worker = host.startSeedWorker();
      return { ...worker, run: (job, told) => worker.run(doomed(job), told) } as SeedWorker;
    },
  });
}

Deno.test("one seed that diverges among many: the others are trained, all are told, and the exit code is 1", async () => {
  const host = memoryHost(), line = ["--seeds", "3..6", "--run-folder", "runs/a", "--json"];
  assertEquals(await trainCommand(line, exploding(host, [4])), 1);
  const outcomes = host.printed.slice(1, 5).map((row) => row.trim().split(/\s+/)[1]);
  assertEquals(outcomes.map((word) => word === "diverged"), [false, true, false, false]);
  assertMatch(host.printed[6], /of 4 seeds succeeded: /);
  assertEquals(JSON.parse(host.printed.at(-1)!).runs.length, 4);
  const sentence =
    "Cannot train every seed to its end: wanted finite numbers for all 4, got NaN or infinity " +
    "for seed 4; the last good states are in runs/a";
  assertEquals(host.noted.at(-1), sentence);
  const again = memoryHost({ files: host.files });
  assertEquals(await trainCommand(["--resume", "runs/a"], again), 1);
  assertEquals(again.noted.at(-1), sentence);
});

Deno.test("every seed diverges: each is named", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand(["--seeds", "3..5", "--explode-at", "9"], host), 1);
  assertStringIncludes(host.noted.at(-1)!, "on seeds 3, 4, 5;");
});

Deno.test("where no seed diverges, nothing is said of it, successes or not", async () => {
  const host = memoryHost();
  assertEquals(await trainCommand(["--seeds", "3..5"], host), 0);
  assert(!host.noted.some((line) => line.startsWith("Cannot")));
});
