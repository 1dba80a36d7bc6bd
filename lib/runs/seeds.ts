/**
 * What is kept of many seeds: a folder with a run folder for each of them.
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
import { CONFIG_FILE, createFolder, readResult, type RunResult } from "./run_folder.ts";
import type { OptionValue } from "@/training/option.ts";
import { type SeedRange, seedsIn } from "@/training/seed_range.ts";
import { wilsonInterval } from "@/math/wilson_interval.ts";
import type { RunConfig } from "@/training/checkpoint.ts";
import type { Experiment } from "./run.ts";
import { beginSession, resumeSession, train, type Watch } from "./train.ts";

/** What many seeds have in common, and which they are. */
export interface SeedsConfig {
  readonly experiment: string;
  /** What each of them is set to, but for the seed. */
  readonly settings: Readonly<Record<string, OptionValue>>;
  readonly seeds: SeedRange;
}

/** What many seeds came to. */
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
 *   { experiment: "copy", settings: { length: 3, seed: 1 }, path: "runs/seed-1" },
 *   { experiment: "copy", settings: { length: 3, seed: 2 }, path: "runs/seed-2" },
 * ]);
 * ```
 * @param path The folder of all of them.
 * @param config What it holds.
 * @returns The jobs in the order of the seeds.
 */
export function seedJobs(path: string, config: SeedsConfig): SeedJob[] {
  const { experiment, settings, seeds } = config;
  return seedsIn(seeds).map((seed) => ({
    experiment,
    settings: { ...settings, seed },
    path: join(path, `seed-${seed}`),
  }));
}

/**
 * Counts the successes and keeps what all seeds came to.
 *
 * @param files Where to.
 * @param path The folder of all of them.
 * @param config What it holds.
 * @param runs A result for each seed, at least one.
 * @returns What has been kept.
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

/** What to train and where to keep it. */
export interface SeedJob extends RunConfig {
  /** The run folder of this seed. */
  readonly path: string;
}

/** Somewhere a seed can be trained: a thread, or the caller's own. */
export interface SeedWorker {
  /**
   * Trains one seed at a time.
   *
   * @param job Which.
   * @param onProgress Told now and then how much of it is done, from 0 to 1.
   * @returns Its result, or "stopped" if it was stopped before its end.
   * @throws {UserError} If its folder cannot be used.
   */
  run(job: SeedJob, onProgress: (share: number) => void): Promise<RunResult | "stopped">;
  /** Asks the seed under way to keep a checkpoint and stop. */
  stop(): void;
  /** Frees what it holds. */
  close(): void;
}

/**
 * Trains one seed to its end, from wherever it is.
 *
 * @param files Where its folder is.
 * @param experiment What to train.
 * @param job Settings and folder.
 * @param watch Clock, ears and eyes.
 * @returns Its result (divergence is one too), or "stopped".
 * @throws {UserError} If its folder cannot be used.
 */
export async function trainSeed(
  files: Files,
  experiment: Experiment,
  job: SeedJob,
  watch: Watch,
): Promise<RunResult | "stopped"> {
  const begun = files.kindOf(job.path) !== "nothing";
  const result = begun ? readResult(files, job.path) : undefined;
  if (result) return result;
  const open = begun ? resumeSession : beginSession;
  const ending = await train(open(files, job.path, experiment, job.settings), watch);
  return ending.kind === "stopped" ? "stopped" : ending.result;
}

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
 * @throws {UserError} If a job's folder cannot be used; the others have been stopped by then.
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
