/**
 * Sessions of training: opens a new run or one to resume, in its folder.
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import type { Files } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { asUserError } from "@/options/settings.ts";
import type { RunConfig } from "./checkpoint.ts";
import {
  type ClaimedFolder,
  claimNewFolder,
  claimRunFolder,
  claimUnusedFolder,
} from "./claimed_folder.ts";
import type { Experiment, Metrics, Resources, Run } from "./run.ts";
import { createRunFolder, readCheckpoint, readHistory } from "./run_folder.ts";

/** One session of training: a run, its folder, and the measurements so far. */
export interface Session {
  readonly files: Files;
  /** The run folder; `train` releases it. */
  readonly folder: ClaimedFolder;
  readonly config: RunConfig;
  readonly run: Run;
  /** All measurements so far, those of earlier sessions included. */
  readonly history: Metrics[];
  /** Seconds of training in earlier sessions. */
  readonly earlierSeconds: number;
}

/** The folder of a session and the resources that it may use. */
export interface SessionLocation {
  readonly files: Files;
  /** The run folder. */
  readonly path: string;
  /** Whether a new run takes the folder `path-2`, `path-3` … if the path is in use; by default it is refused then. */
  readonly numberIfTaken?: boolean;
  readonly resources?: Resources;
}

/**
 * Starts a run in a new folder; from now on it can be resumed.
 *
 * @param location The folder, and the resources.
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The session at iteration 0.
 * @throws {UserError} If the settings contradict each other or the folder cannot be used.
 */
export function startSession(
  { files, path, numberIfTaken = false, resources }: SessionLocation,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const run = startRun(experiment, settings, resources);
  return closeOnFailure(run, () => {
    const claim = () =>
      numberIfTaken ? claimUnusedFolder(files, path) : claimNewFolder(files, path);
    const checkpoint = { ...config, iteration: 0, rows: 0, seconds: 0, state: run.state() };
    const folder = asUserError(
      `train ${experiment.name}`,
      () => createRunFolder(files, claim, checkpoint),
    );
    return { files, folder, config, run, history: [], earlierSeconds: 0 };
  });
}

/**
 * Resumes a run from its last checkpoint.
 *
 * @param location Its folder, and the resources.
 * @param experiment The experiment named in its `config.json`.
 * @param settings The settings in its `config.json`.
 * @returns The session at the checkpoint's iteration.
 * @throws {UserError} If the folder is in use by another process, or its files are damaged, edited, or not those of such a
 *   run.
 */
export function resumeSession(
  { files, path, resources }: SessionLocation,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const folder = claimRunFolder(files, path);
  try {
    const checkpoint = readCheckpoint(files, path, config);
    const { seconds, state, iteration } = checkpoint;
    const run = resumeRun(path, () => experiment.resume(settings, state, resources));
    return closeOnFailure(run, () => {
      checkIteration(path, run.iteration, iteration);
      const history = readHistory(files, path, checkpoint);
      return { files, folder, config, run, history, earlierSeconds: seconds };
    });
  } catch (error) {
    folder.release();
    throw error;
  }
}

function checkIteration(path: string, got: number, wanted: number): void {
  if (got === wanted) return;
  throw new UserError(`resume ${path}`, `a run at iteration ${wanted}`, `${got}`);
}

/**
 * Starts a run.
 *
 * @example A network that needs more memory than there is.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import type { Experiment } from "@/runs/run.ts";
 * import { startRun } from "@/runs/session.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const start = () => {
 *   throw new RangeError("Cannot allocate: wanted 9000 MiB, got 4096 MiB");
 * };
 * const huge = { name: "huge", summary: "", options: {}, start, resume: start } as Experiment;
 * assertThrows(() => startRun(huge, { seed: 1 }), UserError, "Cannot train huge: wanted settings");
 * ```
 * @param experiment What to train.
 * @param settings Its settings.
 * @param resources The resources that it may use; by default one thread.
 * @returns The run at iteration 0.
 * @throws {UserError} If the settings contradict each other or need more memory than there is.
 */
export function startRun(
  experiment: Experiment,
  settings: RunConfig["settings"],
  resources?: Resources,
): Run {
  return asUserError(`train ${experiment.name}`, () => experiment.start(settings, resources));
}

/**
 * Converts every error that is not the user's, such as that of a missing text: an undamaged checkpoint may come from a version
 * that saved a different state.
 */
function resumeRun(path: string, resume: () => Run): Run {
  try {
    return resume();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    const got = `one that fails: ${cause}`;
    throw new UserError(`resume ${path}`, "a checkpoint of this version", got);
  }
}
