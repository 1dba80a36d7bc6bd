/**
 * One experiment from many seeds: a folder with a run folder for each of them, trained by a pool of workers.
 *
 * | file or folder |                                                                   |
 * | -------------- | ----------------------------------------------------------------- |
 * | `config.json`  | the experiment, its settings without a seed, and the seeds        |
 * | `seed-7/`      | the run folder of seed 7, once it has begun                       |
 * | `result.json`  | success rate and the result of every seed, once all have finished |
 *
 * @module
 */
import { type Files, join, readableJson, writeAtomically } from "@/io/files.ts";
import { CONFIG_FILE, createFolder, type RunResult } from "./run_folder.ts";
import { type OptionValue, type SeedRange, seedsIn } from "@/options/option.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";
import type { TrainJob, TrainProgress } from "./train_job.ts";
import type { Ending } from "./train.ts";
import type { JobWorker, StopFlag } from "./worker.ts";

/** What the seeds have in common, and which they are. */
export interface SeedsConfig {
  readonly experiment: string;
  /** What each of them is set to, but for the seed. */
  readonly settings: Readonly<Record<string, OptionValue>>;
  readonly seeds: SeedRange;
}

/** The results of many seeds. */
export interface SeedsResult extends SeedsConfig {
  readonly successes: number;
  readonly trials: number;
  /** `successes / trials`. */
  readonly rate: number;
  /** The 95 % Wilson interval of the rate. */
  readonly interval: { readonly low: number; readonly high: number };
  /** By seed. */
  readonly runs: readonly RunResult[];
}

/**
 * Creates the folder; from now on it can be resumed.
 *
 * @param files Where to.
 * @param path The folder, which must be new or empty.
 * @param config What it will hold.
 * @throws {UserError} If the folder holds anything or cannot be written.
 */
export function createSeedsFolder(files: Files, path: string, config: SeedsConfig): void {
  createFolder(files, path, { [CONFIG_FILE]: readableJson(config) });
}

/**
 * One job for every seed.
 *
 * @example Two seeds, two folders.
 * ```ts
 * import { seedJobs } from "@/runs/seeds.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = { experiment: "copy", settings: { length: 3 }, seeds: { first: 1, last: 2 } };
 * assertEquals(seedJobs("runs", config), [
 *   { experiment: "copy", settings: { length: 3, seed: 1 }, path: "runs/seed-1", threads: 1 },
 *   { experiment: "copy", settings: { length: 3, seed: 2 }, path: "runs/seed-2", threads: 1 },
 * ]);
 * ```
 * @param path The folder of all of them.
 * @param config What it holds.
 * @returns The jobs in the order of the seeds.
 */
export function seedJobs(path: string, config: SeedsConfig): TrainJob[] {
  const { experiment, settings, seeds } = config;
  return seedsIn(seeds).map((seed) => ({
    experiment,
    settings: { ...settings, seed },
    path: join(path, `seed-${seed}`),
    threads: 1,
  }));
}

/**
 * Counts the successes and saves the results of all seeds.
 *
 * @param files Where to.
 * @param path The folder of all of them.
 * @param config What it holds.
 * @param runs A result for each seed, at least one.
 * @returns What has been saved.
 * @throws {UserError} If it cannot be written.
 */
export function saveSeedsResult(
  files: Files,
  path: string,
  config: SeedsConfig,
  runs: readonly RunResult[],
): SeedsResult {
  const [successes, trials] = [runs.filter(({ success }) => success).length, runs.length];
  const interval = wilsonInterval(successes, trials);
  const result = { ...config, successes, trials, rate: successes / trials, interval, runs };
  writeAtomically(files, join(path, "result.json"), readableJson(result));
  return result;
}

/** How far a pool of seeds has come. */
export interface PoolProgress {
  /** Share of all the work that is done, from 0 to 1. */
  readonly share: number;
  /** Results so far, in the order in which they came. */
  readonly results: readonly RunResult[];
}

/**
 * Trains every job; whichever worker is free takes the next. A seed that has a result already is not trained again.
 *
 * @param jobs What to train.
 * @param workers At least one; each serves the jobs of `train_job.ts`.
 * @param stop The workers' stop flag.
 * @param onProgress Receives the progress.
 * @returns A result for each job, in the order of the jobs, or "stopped" if one of them has none.
 * @throws {UserError} If a job's folder cannot be used; the others have been stopped by then.
 */
export async function trainPool(
  jobs: readonly TrainJob[],
  workers: readonly JobWorker[],
  stop: StopFlag,
  onProgress: (progress: PoolProgress) => void,
): Promise<RunResult[] | "stopped"> {
  const shares = jobs.map(() => 0), results = new Map<number, RunResult>();
  let next = 0;

  function report(index: number, share: number): void {
    shares[index] = share;
    const sum = shares.reduce((sum, part) => sum + part, 0);
    onProgress({ share: sum / jobs.length, results: [...results.values()] });
  }

  async function work(worker: JobWorker): Promise<void> {
    while (next < jobs.length && !stop.requested) {
      const index = next++;
      const ending: Ending = await worker.run<TrainJob, TrainProgress, Ending>(
        "seed",
        jobs[index],
        (news) => news.kind === "progress" && report(index, news.progress.share),
      );
      if (ending.kind === "stopped") return;
      results.set(index, ending.result);
      report(index, 1);
    }
  }

  await settleAll(workers.map((worker) => work(worker)), () => stop.request());
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
