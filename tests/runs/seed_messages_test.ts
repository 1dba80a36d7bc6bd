import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import type { RunResult } from "@/runs/run_folder.ts";
import { startSeedThread } from "@/runs/seed_messages.ts";
import { seedJobs, trainSeed } from "@/runs/seeds.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder, mayScratch } from "../io/scratch_folder.ts";
import { standIn, walkSettings } from "./stand_in.ts";
import { testWatch } from "./watch.ts";

const THREAD = new URL("./stand_in_worker.ts", import.meta.url);

function jobIn(path: string, milliseconds = 0) {
  const { seed: _, ...settings } = walkSettings({ iterations: 200, milliseconds });
  const [job] = seedJobs(path, { experiment: "walk", settings, seeds: { first: 4, last: 4 } });
  return job;
}

Deno.test({
  name: "a thread gives the result that this thread gives",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder(async (path) => {
      const thread = startSeedThread(THREAD);
      try {
        const result = await thread.run(jobIn(path), () => {}) as RunResult;
        const own = await trainSeed(
          new MemoryDisk(),
          standIn,
          jobIn("a"),
          testWatch(),
        ) as RunResult;
        assertEquals({ ...result, seconds: 0 }, { ...own, seconds: 0 });
        assertEquals(disk.kindOf(`${path}/seed-4/result.json`), "file");
      } finally {
        thread.close();
      }
    }),
});

Deno.test({
  name: "a thread tells its progress, hears a stop, and goes on from its checkpoint",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder(async (path) => {
      const [first, second] = [startSeedThread(THREAD), startSeedThread(THREAD)];
      try {
        const shares: number[] = [];
        const ending = await first.run(jobIn(path, 5), (share) => {
          shares.push(share);
          first.stop();
        });
        assertEquals(ending, "stopped");
        assert(shares.length > 0 && shares.every((share) => share < 1));
        const resumed = await second.run(jobIn(path, 5), () => {}) as RunResult;
        const own = await trainSeed(
          new MemoryDisk(),
          standIn,
          jobIn("a"),
          testWatch(),
        ) as RunResult;
        assertEquals(resumed.metrics, own.metrics);
      } finally {
        first.close();
        second.close();
      }
    }),
});

Deno.test({
  name: "what a thread refuses reaches this one as the same sentence",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder(async (path) => {
      const thread = startSeedThread(THREAD);
      try {
        disk.makeFolder(`${path}/seed-4`);
        disk.writeText(`${path}/seed-4/config.json`, "{}");
        disk.writeText(`${path}/seed-4/checkpoint.json`, "{}");
        const error = await assertRejects(() => thread.run(jobIn(path), () => {}), UserError);
        assertEquals(
          error.message,
          `Cannot resume ${path}/seed-4: wanted checkpoint.json as it was written, ` +
            "got one that has been damaged or edited",
        );
      } finally {
        thread.close();
      }
    }),
});
