/**
 * A pool of workers that share a list of jobs.
 *
 * @module
 */
import type { JobWorker, StopFlag } from "./worker.ts";

/**
 * Does all jobs, each with the next worker that is free.
 *
 * @example Two workers, three jobs.
 * ```ts
 * import { workInPool } from "@/runs/pool.ts";
 * import { StopFlag } from "@/runs/worker.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const worker = { run: (_: string, job: number) => Promise.resolve(10 * job), close() {} };
 * const workers = [worker, worker] as never;
 * const tenfold = await workInPool([1, 2, 3], workers, new StopFlag(), (job, worker) =>
 *   worker.run<number, never, number>("multiply", job, () => {}));
 * assertEquals(tenfold, [10, 20, 30]);
 * ```
 * @param jobs The jobs, which are begun in their order.
 * @param workers The workers, at least one.
 * @param stop The workers' stop flag; once it is set, no other job is begun.
 * @param work Does a job with a worker; it returns "stopped" if it obeyed the flag.
 * @returns The result of each job, in the order of the jobs; "stopped" if some have none.
 * @throws What `work` throws first; the other workers are stopped before.
 */
export async function workInPool<Job, Result>(
  jobs: readonly Job[],
  workers: readonly JobWorker[],
  stop: StopFlag,
  work: (job: Job, worker: JobWorker, index: number) => Promise<Result | "stopped">,
): Promise<Result[] | "stopped"> {
  const results = new Map<number, Result>();
  let next = 0;

  async function workOff(worker: JobWorker): Promise<void> {
    while (next < jobs.length && !stop.requested) {
      const index = next++, result = await work(jobs[index], worker, index);
      if (result === "stopped") return;
      results.set(index, result);
    }
  }

  await settleAll(workers.map(workOff), () => stop.request());
  if (results.size < jobs.length) return "stopped";
  return jobs.map((_, index) => results.get(index) as Result);
}

/** Waits until all promises have settled, and then throws the first error, if any; `onFailure` is called at once. */
async function settleAll(promises: Promise<void>[], onFailure: () => void): Promise<void> {
  const watched = promises.map((promise) =>
    promise.catch((error) => {
      onFailure();
      throw error;
    })
  );
  const failure = (await Promise.allSettled(watched)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
}
