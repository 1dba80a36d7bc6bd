/**
 * Many seeds over a few workers.
 *
 * @module
 */
import type { RunResult } from "./run_folder.ts";
import type { SeedJob, SeedWorker } from "./seed_job.ts";

/** Ears and eyes of a pool. */
export interface PoolWatch {
  /** Whether someone has asked for a stop. */
  stopRequested(): boolean;
  /** Shows how far the pool has come. */
  show(progress: PoolProgress): void;
}

/** How far a pool of seeds has come. */
export interface PoolProgress {
  /** Share of all the work that is done, from 0 to 1. */
  readonly share: number;
  /** Results so far, in the order in which they came. */
  readonly results: readonly RunResult[];
}

/**
 * Trains every job; whichever worker is free takes the next.
 *
 * @param jobs What to train.
 * @param workers Where; at least one.
 * @param watch Ears and eyes.
 * @returns A result for each job, in the order of the jobs, or "stopped" if one of them has none.
 * @throws {BadInput} If a job's folder cannot be used; the others have been stopped by then.
 */
export async function trainPool(
  jobs: readonly SeedJob[],
  workers: readonly SeedWorker[],
  watch: PoolWatch,
): Promise<RunResult[] | "stopped"> {
  const shares = jobs.map(() => 0);
  const results = new Map<number, RunResult>();
  let [next, failed] = [0, false];

  function tell(): void {
    const share = shares.reduce((sum, part) => sum + part, 0) / jobs.length;
    watch.show({ share, results: [...results.values()] });
  }

  async function work(worker: SeedWorker): Promise<void> {
    while (next < jobs.length && !failed && !watch.stopRequested()) {
      const index = next++;
      const result = await worker.run(jobs[index], (share) => {
        shares[index] = share;
        tell();
      });
      if (result === "stopped") return;
      results.set(index, result);
      shares[index] = 1;
      tell();
    }
  }

  await settleAll(workers.map((worker) => work(worker)), () => {
    failed = true;
    for (const worker of workers) worker.stop();
  });
  if (results.size < jobs.length) return "stopped";
  return jobs.map((_, index) => results.get(index) as RunResult);
}

/** Waits for all, so that none is cut off, and throws the first error only then. */
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
