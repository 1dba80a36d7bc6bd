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
import { type Files, join, writeAtomically } from "./files.ts";
import { CONFIG_FILE, createFolder } from "./new_folder.ts";
import type { OptionValue } from "./option.ts";
import { readableJson } from "./readable_json.ts";
import type { RunResult } from "./run_folder.ts";
import type { SeedJob } from "./seed_job.ts";
import { type SeedRange, seedsIn } from "./seed_range.ts";
import { wilsonInterval } from "./wilson_interval.ts";

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
 * @throws {BadInput} If the folder holds anything or cannot be written.
 */
export function createSeedsFolder(files: Files, path: string, config: SeedsConfig): void {
  createFolder(files, path, { [CONFIG_FILE]: readableJson(config) });
}

/**
 * One job for every seed.
 *
 * @example Two seeds, two folders.
 * ```ts
 * import { seedJobs } from "@/training/seeds_folder.ts";
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
 * @throws {BadInput} If it cannot be written.
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
