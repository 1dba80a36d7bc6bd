import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { UserError } from "@/io/user_error.ts";
import { seedJobs } from "@/runs/seeds.ts";
import type { Ending } from "@/runs/train.ts";
import { trainHandlers, type TrainJob, type TrainProgress } from "@/runs/train_job.ts";
import { type JobWorker, localWorker, startWorker, StopFlag } from "@/runs/worker.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder, mayScratch } from "../io/scratch_folder.ts";
import { JOBS } from "./job_worker.ts";
import { STAND_INS, walkSettings } from "./stand_in.ts";

const ignore = !mayScratch();
const MODULE = new URL("./job_worker.ts", import.meta.url);
const TRAINING_MODULE = new URL("./stand_in_worker.ts", import.meta.url);
const noProgress = () => {};

/** Does `work` with a worker of either kind, which is closed afterwards. */
async function withEach(work: (worker: JobWorker, stop: StopFlag) => Promise<void>): Promise<void> {
  const [one, other] = [new StopFlag(), new StopFlag()];
  for (
    const [worker, stop] of [[localWorker(JOBS, one), one], [
      startWorker(MODULE, other),
      other,
    ]] as const
  ) {
    try {
      await work(worker, stop);
    } finally {
      worker.close();
    }
  }
}

Deno.test({
  name: "a worker gives a job's progress in order, then its result, on a thread and without",
  ignore,
  fn: () =>
    withEach(async (worker) => {
      const progress: number[] = [];
      const result = await worker.run("count", { to: 5 }, (news: number) => progress.push(news));
      assertEquals([progress, result], [[1, 2, 3, 4, 5], { counted: 5 }]);
      assertEquals(await worker.run("count", { to: 2 }, noProgress), { counted: 2 });
    }),
});

Deno.test({
  name: "a UserError of a job arrives as one, with the same sentence",
  ignore,
  fn: () =>
    withEach(async (worker) => {
      const error = await assertRejects(() => worker.run("refuse", 7, noProgress), UserError);
      assertEquals(error.message, "Cannot do the job: wanted a job to do, got 7");
      assertEquals([error.action, error.wanted, error.got], ["do the job", "a job to do", "7"]);
      assertEquals(await worker.run("count", { to: 1 }, noProgress), { counted: 1 });
    }),
});

Deno.test({
  name: "any other error of a job is an error that is nobody's input, and names its place",
  ignore,
  fn: () =>
    withEach(async (worker) => {
      const error = await assertRejects(() => worker.run("slip", null, noProgress), Error, "slip");
      assert(!(error instanceof UserError));
      assertStringIncludes(`${error.message} ${error.stack}`, "job_worker.ts");
      const unknown = () => worker.run("fly", null, noProgress);
      const message = "Cannot do a job: wanted count or refuse or slip or wait, got fly";
      await assertRejects(unknown, Error, message);
      await assertRejects(() => worker.run("toString", null, noProgress), Error, "got toString");
    }),
});

Deno.test({
  name: "the stop flag is seen by a job that is under way on a thread",
  ignore,
  fn: async () => {
    const stop = new StopFlag(), worker = startWorker(MODULE, stop);
    try {
      // The job waits for the flag, and reads no messages meanwhile.
      const waited = await worker.run("wait", { milliseconds: 10_000 }, () => stop.request());
      assertEquals(waited, { stopped: true });
    } finally {
      worker.close();
    }
  },
});

Deno.test("a stop flag is one flag on every side of its buffer", () => {
  const stop = new StopFlag(), otherSide = new StopFlag(stop.buffer);
  assertEquals([stop.requested, otherSide.requested], [false, false]);
  otherSide.request();
  assertEquals([stop.requested, otherSide.requested], [true, true]);
  assertEquals(new StopFlag().requested, false);
});

Deno.test({
  name: "a module that cannot be loaded fails its job instead of hanging it",
  ignore,
  fn: async () => {
    const worker = startWorker(new URL("./no_such_worker.ts", import.meta.url), new StopFlag());
    try {
      await assertRejects(() => worker.run("count", { to: 1 }, noProgress), Error);
    } finally {
      worker.close();
    }
  },
});

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
  name: "training on a thread reports, stops at the flag, and goes on from its checkpoint",
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
