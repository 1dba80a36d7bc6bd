/**
 * One of many seeds: a run that is begun, continued or already done, whichever it is.
 *
 * @module
 */
import type { RunConfig } from "./checkpoint.ts";
import type { Experiment } from "./experiment.ts";
import type { Files } from "./files.ts";
import { readResult, type RunResult } from "./run_folder.ts";
import { beginSession, resumeSession } from "./session.ts";
import { train, type Watch } from "./sitting.ts";

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
   * @throws {BadInput} If its folder cannot be used.
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
 * @throws {BadInput} If its folder cannot be used.
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
