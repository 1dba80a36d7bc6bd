import { assert, assertEquals, assertRejects } from "@std/assert";
import { createProcessHost } from "@/cli/host.ts";
import { disk } from "@/io/disk.ts";
import { UserError } from "@/io/user_error.ts";
import { seedJobs } from "@/runs/seeds.ts";
import type { Ending } from "@/runs/train.ts";
import { trainHandlers, type TrainJob, type TrainProgress } from "@/runs/train_job.ts";
import { type JobWorker, startWorker, StopFlag } from "@/runs/worker.ts";
import { localWorker } from "./local_worker.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder, mayScratch } from "../io/scratch_folder.ts";
import { STAND_INS, walkSettings } from "./stand_in.ts";

const ignore = !mayScratch();
const TRAINING_MODULE = new URL("./stand_in_worker.ts", import.meta.url);
const noProgress = () => {};

function jobIn(path: string, milliseconds = 0): TrainJob {
  const { seed: _, ...settings } = walkSettings({ iterations: 200, milliseconds });
  const [job] = seedJobs(path, { experiment: "walk", settings, seeds: { first: 4, last: 4 } });
  return job;
}

const runSeed = (worker: JobWorker, job: TrainJob, onProgress: (news: TrainProgress) => void) =>
  worker.run<TrainJob, TrainProgress, Ending>("seed", job, onProgress);

/** How the seed ends when it is trained without a thread or a disk. */
async function ownEnding(): Promise<Ending> {
  const worker = localWorker(trainHandlers(new MemoryDisk(), STAND_INS), new StopFlag());
  return await runSeed(worker, jobIn("a"), noProgress);
}

function metricsOf(ending: Ending) {
  assert(ending.kind === "finished");
  return ending.result.metrics;
}

Deno.test({
  name: "training on a thread gives the result that it gives on this one",
  ignore,
  fn: () =>
    inScratchFolder(async (path) => {
      const thread = startWorker(TRAINING_MODULE, new StopFlag());
      try {
        const ending = await runSeed(thread, jobIn(path), noProgress);
        const own = await ownEnding();
        assert(ending.kind === "finished" && own.kind === "finished");
        assertEquals({ ...ending.result, seconds: 0 }, { ...own.result, seconds: 0 });
        assertEquals(disk.kindOf(`${path}/seed-4/result.json`), "file");
      } finally {
        thread.close();
      }
    }),
});

Deno.test({
  name: "training on a thread reports, stops at the flag, and resumes from its checkpoint",
  ignore,
  fn: () =>
    inScratchFolder(async (path) => {
      const stop = new StopFlag(), shares: number[] = [];
      const [first, second] = [stop, new StopFlag()].map((flag) =>
        startWorker(TRAINING_MODULE, flag)
      );
      try {
        const ending = await runSeed(first, jobIn(path, 5), (news) => {
          if (news.kind === "started") assertEquals(news.iteration, 0);
          else shares.push(news.progress.share);
          if (shares.length > 0) stop.request();
        });
        assertEquals(ending.kind, "stopped");
        assert(shares.length > 0 && shares.every((share) => share < 1));
        const resumed = await runSeed(second, jobIn(path, 5), noProgress);
        assertEquals(metricsOf(resumed), metricsOf(await ownEnding()));
      } finally {
        first.close();
        second.close();
      }
    }),
});

Deno.test({
  name: "what training refuses on a thread reaches this one as the same sentence",
  ignore,
  fn: () =>
    inScratchFolder(async (path) => {
      const thread = startWorker(TRAINING_MODULE, new StopFlag());
      try {
        disk.makeFolder(`${path}/seed-4`);
        disk.writeText(`${path}/seed-4/config.json`, "{}");
        disk.writeText(`${path}/seed-4/checkpoint.json`, "{}");
        const error = await assertRejects(
          () => runSeed(thread, jobIn(path), noProgress),
          UserError,
        );
        assertEquals(
          error.message,
          `Cannot read ${path}/seed-4/checkpoint.json: wanted a checkpoint of version "2", ` +
            'got version "1"',
        );
      } finally {
        thread.close();
      }
    }),
});

/** Everything that a training of a walk reports, on a clock of so many milliseconds from reading to reading. */
async function reportsAt(tick: number) {
  let clock = 0;
  const handlers = trainHandlers(new MemoryDisk(), STAND_INS, () => clock += tick);
  const worker = localWorker(handlers, new StopFlag()), reports: TrainProgress[] = [];
  await worker.run("start", jobIn("a"), (report: TrainProgress) => reports.push(report));
  const shares = reports.flatMap((report) =>
    report.kind === "progress" ? report.progress.share : []
  );
  return { reports, shares };
}

Deno.test("a training reports that it has started, then its progress up to the last", async () => {
  const { reports, shares } = await reportsAt(30);
  assertEquals(reports[0], {
    kind: "started",
    path: "a/seed-4",
    iteration: 0,
    labels: undefined,
  });
  assert(shares.length > 50 && shares.length === reports.length - 1);
  assertEquals([shares.at(-1), shares], [1, shares.toSorted((a, b) => a - b)]);
});

Deno.test("a quick training reports no more than ten times a second, and its end", async () => {
  const { shares } = await reportsAt(0.01);
  assertEquals([shares.length, shares[1]], [2, 1]);
});

Deno.test("a training that is started must be new, and one that is resumed must be there", async () => {
  const files = new MemoryDisk(),
    worker = localWorker(trainHandlers(files, STAND_INS), new StopFlag());
  const run = (kind: string) =>
    worker.run<TrainJob, TrainProgress, Ending>(kind, jobIn("a"), noProgress);
  await assertRejects(
    () => run("resume"),
    UserError,
    "Cannot resume a/seed-4: wanted a run with checkpoint.safetensors, got one without",
  );
  assertEquals((await run("start")).kind, "finished");
  await assertRejects(() => run("start"), UserError, "already holds a run");
  assertEquals((await run("resume")).kind, "finished");
});

Deno.test("an experiment that the worker does not know is a fault, not wrong input", async () => {
  const worker = localWorker(trainHandlers(new MemoryDisk(), []), new StopFlag());
  const error = await assertRejects(
    () => runSeed(worker, jobIn("a"), noProgress),
    Error,
    "got walk",
  );
  assert(!(error instanceof UserError));
});

Deno.test("a night asleep is no training time, and lowers no rate that is shown", async () => {
  const { now } = performance;
  let readings = 0, slept = 0;
  performance.now = () => {
    if (++readings === 60) slept = 8 * 3_600_000;
    return now.call(performance) + slept;
  };
  try {
    const shown = createProcessHost().now;
    const worker = localWorker(trainHandlers(new MemoryDisk(), STAND_INS), new StopFlag());
    const ending = await runSeed(worker, jobIn("a"), noProgress);
    assert(ending.kind === "finished" && readings > 60 && ending.result.seconds < 600);
    assert(shown() - now.call(performance) < 600_000);
  } finally {
    performance.now = now;
  }
});
