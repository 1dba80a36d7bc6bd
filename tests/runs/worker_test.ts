import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import type { StopCode } from "@/io/signals.ts";
import {
  type JobWorker,
  startWorker,
  StopFlag,
  type StopSignals,
  withStopFlag,
} from "@/runs/worker.ts";
import { localWorker } from "./local_worker.ts";
import { mayScratch } from "../io/scratch_folder.ts";
import { JOBS } from "./job_worker.ts";

const ignore = !mayScratch();
const MODULE = new URL("./job_worker.ts", import.meta.url);
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
      const message = "Cannot run a job: wanted count or refuse or slip or wait, got fly";
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

/** A host whose signals come when the test says so. */
function signalledHost() {
  const listeners = new Set<(code: StopCode) => void>();
  const host: StopSignals = {
    onStopSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    host,
    listeners,
    signal: (code: StopCode) => listeners.forEach((listener) => listener(code)),
  };
}

Deno.test("a signal sets the stop flag of the work that is under way", async () => {
  const { host, signal } = signalledHost();
  const seen = await withStopFlag(host, (stop) => {
    const before = stop.requested;
    signal(130);
    return Promise.resolve([before, stop.requested]);
  });
  assertEquals(seen, [false, true]);
});

Deno.test("signals are listened to only while the work goes on, however it ends", async () => {
  const { host, listeners } = signalledHost();
  const during = await withStopFlag(host, () => Promise.resolve(listeners.size));
  assertEquals([during, listeners.size], [1, 0]);
  const fail = () => Promise.reject(new TypeError("slip"));
  await assertRejects(() => withStopFlag(host, fail), TypeError, "slip");
  assertEquals(listeners.size, 0);
});

Deno.test("work that stops gives the exit code of the signal; what a late signal does not stop, its result", async () => {
  for (const code of [75, 130] as const) {
    const { host, signal } = signalledHost();
    const work = (ending: string) =>
      withStopFlag(host, () => {
        signal(code);
        return Promise.resolve(ending);
      });
    assertEquals([await work("stopped"), await work("done")], [code, "done"]);
  }
});
