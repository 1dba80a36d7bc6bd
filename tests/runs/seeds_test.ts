import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { claimNewFolder } from "@/runs/claimed_folder.ts";
import type { RunResult } from "@/runs/run_result.ts";
import {
  createSeedsFolder,
  type PoolProgress,
  saveSeedsResult,
  seedJobs,
  trainPool,
} from "@/runs/seeds.ts";
import type { Ending } from "@/runs/train.ts";
import { trainHandlers, type TrainJob } from "@/runs/train_job.ts";
import { type JobHandlers, type JobWorker, StopFlag } from "@/runs/worker.ts";
import { localWorker } from "./local_worker.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TICK } from "./hooks.ts";
import { STAND_INS, walkSettings } from "./stand_in.ts";
import { timeless } from "./timeless.ts";

const { seed: _, ...SHARED } = walkSettings({ iterations: 300 });
const CONFIG = { experiment: "walk", settings: SHARED, seeds: { first: 3, last: 8 } };
const JOBS = seedJobs("runs/s", CONFIG);

/** What is special about a worker. */
interface Manner {
  /** The seed in the middle of which a stop is requested. */
  readonly stopIn?: number;
  /** It takes a seed only when this is true. */
  readonly ready?: () => boolean;
  readonly stop?: StopFlag;
}

interface TestWorker extends JobWorker {
  /** The seeds that it was given. */
  readonly seeds: number[];
}

/** A worker on this thread. */
function testWorker(files: MemoryDisk, manner: Manner = {}): TestWorker {
  const { stop = new StopFlag(), stopIn, ready = () => true } = manner, seeds: number[] = [];
  let clock = 0, readings = 0;
  const { seed, ...others } = trainHandlers(files, STAND_INS, () => {
    if (seeds.at(-1) === stopIn && ++readings === 20) stop.request();
    return clock += TICK;
  });
  const handlers: JobHandlers = {
    ...others,
    seed: (job: TrainJob, context) => (seeds.push(job.settings.seed), seed(job, context)),
  };
  const worker = localWorker(handlers, stop);
  return {
    ...worker,
    seeds,
    async run(kind, job, onProgress) {
      while (!ready()) await new Promise((resolve) => setTimeout(resolve, 0));
      return await worker.run(kind, job, onProgress);
    },
  };
}

/** Trains all seeds with one worker. */
async function trainAlone(files: MemoryDisk, jobs = JOBS): Promise<RunResult[]> {
  const results = await trainPool(jobs, [testWorker(files)], new StopFlag(), () => {});
  assert(results !== "stopped");
  return results;
}

Deno.test("every seed is trained once, by whichever worker is free, and results are by seed", async () => {
  const files = new MemoryDisk(), quick = testWorker(files);
  const workers = [testWorker(files, { ready: () => quick.seeds.length >= 4 }), quick];
  const shown: PoolProgress[] = [];
  const results = await trainPool(
    JOBS,
    workers,
    new StopFlag(),
    (progress) => void shown.push(progress),
  );
  assert(results !== "stopped");
  assertEquals(results.map(({ settings }) => settings.seed), [3, 4, 5, 6, 7, 8]);
  assertEquals(workers.flatMap(({ seeds }) => seeds).sort(), [3, 4, 5, 6, 7, 8]);
  assert(workers.every(({ seeds }) => seeds.length > 0));
  assertEquals([shown.at(-1)?.share, shown.at(-1)?.results.length], [1, 6]);
  assert(shown.every(({ share }, i) => i === 0 || share >= shown[i - 1].share));
});

Deno.test("seeds differ, and each gives what it would have given alone", async () => {
  const files = new MemoryDisk(), results = await trainAlone(files);
  assertEquals(new Set(results.map(({ metrics }) => metrics?.error)).size, 6);
  const alone = seedJobs("runs/alone", { ...CONFIG, seeds: { first: 5, last: 5 } });
  const [result] = await trainAlone(files, alone);
  assertEquals(result.metrics, results[2].metrics);
  assertEquals(timeless(files, "runs/alone/seed-5"), timeless(files, "runs/s/seed-5"));
});

Deno.test("a stop keeps the seeds that are done; the next session trains only the others", async () => {
  const files = new MemoryDisk(), stop = new StopFlag();
  const first = testWorker(files, { stopIn: 5, stop });
  assertEquals(await trainPool(JOBS, [first], stop, () => {}), "stopped");
  assertEquals(first.seeds, [3, 4, 5]);
  assertEquals(files.list("runs/s"), ["seed-3", "seed-4", "seed-5"]);
  assertEquals(files.kindOf("runs/s/seed-5/result.json"), "nothing");

  const before = files.readText("runs/s/seed-4/result.json");
  let share = 0;
  const show = (progress: PoolProgress) => void (share = progress.share);
  const results = await trainPool(JOBS, [testWorker(files)], new StopFlag(), show);
  assertEquals(files.readText("runs/s/seed-4/result.json"), before);
  assertEquals(share, 1);

  const undisturbed = new MemoryDisk(), expected = await trainAlone(undisturbed);
  const untimed = (runs: RunResult[]) => runs.map((run) => ({ ...run, seconds: 0 }));
  assertEquals(untimed(results as RunResult[]), untimed(expected));
  assertEquals(timeless(files, "runs/s"), timeless(undisturbed, "runs/s"));
});

Deno.test("no seed is begun after a stop, even if the one under way did not see it", async () => {
  const files = new MemoryDisk(), poolStop = new StopFlag(), worker = testWorker(files);
  const show = () => {
    if (worker.seeds.length === 2) poolStop.request();
  };
  assertEquals(await trainPool(JOBS, [worker], poolStop, show), "stopped");
  assertEquals(worker.seeds, [3, 4]);
  assertEquals(files.kindOf("runs/s/seed-4/result.json"), "file");
});

Deno.test("a seed that cannot be trained stops the others, and its error is the pool's", async () => {
  const files = new MemoryDisk(), stop = new StopFlag();
  files.readOnly.push("runs/s/seed-4");
  const second = testWorker(files, { stop });
  const workers = [testWorker(files, { stop, ready: () => second.seeds.length > 0 }), second];
  await assertRejects(
    () => trainPool(JOBS, workers, stop, () => {}),
    UserError,
    "Cannot start a run in runs/s/seed-4",
  );
  assertEquals([stop.requested, workers.map(({ seeds }) => seeds)], [true, [[3], [4]]]);
  assertEquals(files.list("runs/s/seed-3").includes("result.json"), false);
});

Deno.test("divergence is a result, and counts as a failure", async () => {
  const files = new MemoryDisk(), config = { ...CONFIG, settings: { ...SHARED, explodeAt: 100 } };
  const results = await trainAlone(files, seedJobs("runs/s", config));
  const saved = saveSeedsResult(files, "runs/s", config, results);
  assertEquals([saved.successes, saved.trials, saved.rate], [0, 6, 0]);
  assert(results.every(({ diverged }) => diverged?.includes("got NaN at iteration 100")));
});

Deno.test("a seed that has a result is not trained again, and neither is one that diverged", async () => {
  const files = new MemoryDisk(), diverging = { ...CONFIG, settings: { ...SHARED, explodeAt: 9 } };
  for (const config of [CONFIG, diverging]) {
    const [job] = seedJobs("runs/s", config);
    const [first] = await trainAlone(files, [job]);
    const before = files.snapshot();
    assertEquals(await trainAlone(files, [job]), [first]);
    assertEquals(files.snapshot(), before);
    files.remove("runs/s");
  }
});

Deno.test("a seed's ending carries no figures: they are not wanted in the parent", async () => {
  const worker = testWorker(new MemoryDisk());
  const ending = await worker.run<TrainJob, unknown, Ending>("seed", JOBS[0], () => {});
  assert(ending.kind === "finished");
  assertEquals([ending.outcome.lines, ending.outcome.figures], [[], []]);
  assertEquals(ending.outcome.success, ending.result.success);
});

Deno.test("the folder of many seeds holds their range, and is never written over", () => {
  const files = new MemoryDisk();
  createSeedsFolder(files, claimNewFolder(files, "runs/s"), CONFIG);
  assertEquals(JSON.parse(files.readText("runs/s/config.json")), CONFIG);
  const again = () => createSeedsFolder(files, claimNewFolder(files, "runs/s"), CONFIG);
  assertThrows(again, UserError, "already holds a run");
});

Deno.test("success rate and interval are saved beside the result of every seed", async () => {
  const files = new MemoryDisk(), results = await trainAlone(files);
  const saved = saveSeedsResult(files, "runs/s", CONFIG, results);
  assertEquals(JSON.parse(files.readText("runs/s/result.json")), saved);
  assertEquals(saved.successes, saved.runs.filter(({ success }) => success).length);
  assert(0 < saved.successes && saved.successes < 6, "the stand-in should fail on some seeds");
  assert(saved.interval.low < saved.rate && saved.rate < saved.interval.high);
});
