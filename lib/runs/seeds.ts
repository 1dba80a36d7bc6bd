/**
 * Runs of one experiment with many seeds: their folder, and the worker pool that trains them.
 *
 * | file or folder |                                                                   |
 * | -------------- | ----------------------------------------------------------------- |
 * | `config.json`  | the experiment, its settings without the seed, and the seeds      |
 * | `seed-7/`      | the run folder of seed 7, once it has started                     |
 * | `result.json`  | the success rate and the result of every seed, once all are done  |
 *
 * @module
 */
import { type Files, join, readableJson, writeAtomically } from "@/io/files.ts";
import { type ClaimedFolder, fillFolder } from "./claimed_folder.ts";
import type { RunResult } from "./run_result.ts";
import { listSeeds, type OptionValue, type SeedRange } from "@/options/option.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";
import type { TrainJob, TrainProgress } from "./train_job.ts";
import type { Ending } from "./train.ts";
import { workInPool } from "./pool.ts";
import type { JobWorker, StopFlag } from "./worker.ts";

/** The experiment, the seeds, and the settings that they share. */
export interface SeedsConfig {
  readonly experiment: string;
  /** The settings of every run, without the seed. */
  readonly settings: Readonly<Record<string, OptionValue>>;
  readonly seeds: SeedRange;
}

/** The results of all seeds. */
export interface SeedsResult extends SeedsConfig {
  readonly successes: number;
  readonly trials: number;
  /** `successes / trials`. */
  readonly rate: number;
  /** The 95 % Wilson interval of the rate. */
  readonly interval: { readonly low: number; readonly high: number };
  /** The result of each seed, in their order. */
  readonly runs: readonly RunResult[];
}

/**
 * Writes the configuration of the seeds into their folder; from now on they can be resumed.
 *
 * @param files The file system.
 * @param folder The folder, claimed for a new run.
 * @param config The experiment and the seeds.
 * @throws {UserError} If it cannot be written; the claim ends.
 */
export function createSeedsFolder(files: Files, folder: ClaimedFolder, config: SeedsConfig): void {
  fillFolder(files, folder, readableJson(config));
}

/**
 * Creates one training job for each seed.
 *
 * @example Two seeds with a run folder each.
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
 * @param path The folder of the seeds.
 * @param config The experiment and the seeds.
 * @returns The jobs, in the order of the seeds.
 */
export function seedJobs(path: string, config: SeedsConfig): TrainJob[] {
  const { experiment, settings, seeds } = config;
  return listSeeds(seeds).map((seed) => ({
    experiment,
    settings: { ...settings, seed },
    path: join(path, `seed-${seed}`),
    threads: 1,
  }));
}

/**
 * Counts the successes and saves the results of all seeds.
 *
 * @param files The file system.
 * @param path The folder of the seeds.
 * @param config The experiment and the seeds.
 * @param runs The result of each seed, at least one.
 * @returns The saved result.
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

/** The progress of the worker pool. */
export interface PoolProgress {
  /** The share of all work that is done, from 0 to 1. */
  readonly share: number;
  /** The results so far, in the order in which they arrived. */
  readonly results: readonly RunResult[];
}

/**
 * Trains all jobs on a worker pool. A seed that already has a result is not trained again.
 *
 * @param jobs The jobs.
 * @param workers The workers, at least one, with the handlers of `train_job.ts`.
 * @param stop The workers' stop flag.
 * @param onProgress Receives the progress.
 * @returns The result of each job, in the order of the jobs; "stopped" if some have none.
 * @throws {UserError} If a job's folder cannot be used; the other workers are stopped first.
 */
export async function trainPool(
  jobs: readonly TrainJob[],
  workers: readonly JobWorker[],
  stop: StopFlag,
  onProgress: (progress: PoolProgress) => void,
): Promise<RunResult[] | "stopped"> {
  const shares = jobs.map(() => 0), results: RunResult[] = [];

  function report(index: number, share: number): void {
    shares[index] = share;
    const sum = shares.reduce((sum, part) => sum + part, 0);
    onProgress({ share: sum / jobs.length, results: [...results] });
  }

  return await workInPool(jobs, workers, stop, async (job, worker, index) => {
    const ending = await worker.run<TrainJob, TrainProgress, Ending>(
      "seed",
      job,
      (message) => message.kind === "progress" && report(index, message.progress.share),
    );
    if (ending.kind === "stopped") return "stopped";
    results.push(ending.result);
    report(index, 1);
    return ending.result;
  });
}
