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

/** Creates the folder; from now on it can be resumed. */
export function createSeedsFolder(files: Files, path: string, config: SeedsConfig): void {
  createFolder(files, path, { [CONFIG_FILE]: readableJson(config) });
}

/** One job for every seed. */
export function seedJobs(path: string, config: SeedsConfig): SeedJob[] {
  const { experiment, settings, seeds } = config;
  return seedsIn(seeds).map((seed) => ({
    experiment,
    settings: { ...settings, seed },
    path: join(path, `seed-${seed}`),
  }));
}

/** Counts the successes and keeps what all seeds came to. */
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
