import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import type { RunResult } from "@/runs/run_folder.ts";
import {
  type PoolProgress,
  saveSeedsResult,
  seedJobs,
  type SeedWorker,
  trainPool,
  trainSeed,
} from "@/runs/seeds.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { standIn, walkSettings } from "./stand_in.ts";
import { testWatch } from "./watch.ts";

const { seed: _, ...SHARED } = walkSettings({ iterations: 300 });
const CONFIG = { experiment: "walk", settings: SHARED, seeds: { first: 3, last: 8 } };

interface LocalWorker extends SeedWorker {
  /** The seeds that it was given. */
  readonly seeds: number[];
}

/** What is special about a worker. */
interface Manner {
  /** The seed in the middle of which it is stopped. */
  readonly stopIn?: number;
  /** It does not hear when it is asked to stop. */
  readonly deaf?: boolean;
  /** It goes on with a seed only when this is true. */
  readonly ready?: () => boolean;
}

/** A worker on this thread. */
function localWorker(files: MemoryDisk, manner: Manner = {}): LocalWorker {
  let stopped = false;
  const seeds: number[] = [];
  return {
    seeds,
    async run(job, onProgress) {
      seeds.push(job.settings.seed);
      while (!(manner.ready?.() ?? true)) await new Promise((resolve) => setTimeout(resolve, 0));
      const stopping = stopped || job.settings.seed === manner.stopIn;
      const watch = testWatch(stopping ? 3 : undefined);
      const result = await trainSeed(files, standIn, job, watch);
      watch.shown.forEach(({ share }) => onProgress(share));
      return result;
    },
    stop: () => void (stopped = !manner.deaf),
    close() {},
  };
}

const neverStop = { stopRequested: () => false, show() {} };

Deno.test("every seed is trained once, by whichever worker is free, and results are by seed", async () => {
  const files = new MemoryDisk();
  const quick = localWorker(files);
  const workers = [localWorker(files, { ready: () => quick.seeds.length >= 4 }), quick];
  const shown: PoolProgress[] = [];
  const results = await trainPool(seedJobs("runs/s", CONFIG), workers, {
    ...neverStop,
    show: (progress) => void shown.push(progress),
  });
  assert(results !== "stopped");
  assertEquals(results.map(({ settings }) => settings.seed), [3, 4, 5, 6, 7, 8]);
  assertEquals(workers.flatMap(({ seeds }) => seeds).sort(), [3, 4, 5, 6, 7, 8]);
  assert(workers.every(({ seeds }) => seeds.length > 0));
  assertEquals([shown.at(-1)?.share, shown.at(-1)?.results.length], [1, 6]);
  assert(shown.every(({ share }, i) => i === 0 || share >= shown[i - 1].share));
});

Deno.test("seeds differ, and each gives what it would have given alone", async () => {
  const files = new MemoryDisk();
  const results = await trainPool(seedJobs("runs/s", CONFIG), [localWorker(files)], neverStop);
  assert(results !== "stopped");
  assertEquals(new Set(results.map(({ metrics }) => metrics?.error)).size, 6);
  const [alone] = seedJobs("runs/alone", { ...CONFIG, seeds: { first: 5, last: 5 } });
  const result = await trainSeed(files, standIn, alone, testWatch());
  assertEquals((result as RunResult).metrics, results[2].metrics);
});

Deno.test("a stop keeps the seeds that are done; the second sitting trains only the others", async () => {
  const files = new MemoryDisk();
  const jobs = seedJobs("runs/s", CONFIG);
  const first = localWorker(files, { stopIn: 5 });
  let stop = false;
  const watch = { stopRequested: () => stop, show: () => void (stop ||= first.seeds.length === 3) };
  assertEquals(await trainPool(jobs, [first], watch), "stopped");
  assertEquals(first.seeds, [3, 4, 5]);
  assertEquals(files.list("runs/s"), ["seed-3", "seed-4", "seed-5"]);

  const before = files.readText("runs/s/seed-4/result.json");
  let share = 0;
  const results = await trainPool(jobs, [localWorker(files)], {
    ...neverStop,
    show: (progress) => void (share = progress.share),
  });
  assertEquals(files.readText("runs/s/seed-4/result.json"), before);
  assertEquals(share, 1);

  const untroubled = new MemoryDisk();
  const expected = await trainPool(jobs, [localWorker(untroubled)], neverStop);
  const timeless = (runs: RunResult[]) => runs.map((run) => ({ ...run, seconds: 0 }));
  assertEquals(timeless(results as RunResult[]), timeless(expected as RunResult[]));
  const parameters = "runs/s/seed-5/parameters.json";
  assertEquals(files.readText(parameters), untroubled.readText(parameters));
});

Deno.test("no seed is begun after a stop, even if the one under way did not hear it", async () => {
  const files = new MemoryDisk();
  const worker = localWorker(files);
  const watch = { stopRequested: () => worker.seeds.length === 2, show() {} };
  assertEquals(await trainPool(seedJobs("runs/s", CONFIG), [worker], watch), "stopped");
  assertEquals(worker.seeds, [3, 4]);
});

Deno.test("a seed that cannot be trained stops the others, and its error is the pool's", async () => {
  const files = new MemoryDisk();
  files.readOnly.push("runs/s/seed-4");
  const workers = [localWorker(files, { deaf: true }), localWorker(files)];
  await assertRejects(
    () => trainPool(seedJobs("runs/s", CONFIG), workers, neverStop),
    UserError,
    "Cannot start a run in runs/s/seed-4",
  );
  assertEquals(workers.map(({ seeds }) => seeds), [[3], [4]]);
});

Deno.test("divergence is a result, and counts as a failure", async () => {
  const files = new MemoryDisk();
  const config = { ...CONFIG, settings: { ...SHARED, explodeAt: 100 } };
  const results = await trainPool(seedJobs("runs/s", config), [localWorker(files)], neverStop);
  assert(results !== "stopped");
  const saved = saveSeedsResult(files, "runs/s", config, results);
  assertEquals([saved.successes, saved.trials, saved.rate], [0, 6, 0]);
  assert(results.every(({ diverged }) => diverged?.includes("got NaN at iteration 100")));
});

Deno.test("success rate and interval are kept beside the result of every seed", async () => {
  const files = new MemoryDisk();
  const results = await trainPool(seedJobs("runs/s", CONFIG), [localWorker(files)], neverStop);
  const saved = saveSeedsResult(files, "runs/s", CONFIG, results as RunResult[]);
  assertEquals(JSON.parse(files.readText("runs/s/result.json")), saved);
  assertEquals(saved.successes, saved.runs.filter(({ success }) => success).length);
  assert(0 < saved.successes && saved.successes < 6, "the stand-in should fail on some seeds");
  assert(saved.interval.low < saved.rate && saved.rate < saved.interval.high);
});
