/**
 * A run and its folder, at the beginning of a sitting.
 *
 * @module
 */
import { BadInput } from "./bad_input.ts";
import type { RunConfig } from "./checkpoint.ts";
import type { Experiment, Metrics, Run } from "./experiment.ts";
import type { Files } from "./files.ts";
import { createRunFolder, readCheckpoint, readHistory } from "./run_folder.ts";

/** A run that may go on, and what is known of it. */
export interface Session {
  readonly files: Files;
  /** The run folder. */
  readonly path: string;
  readonly config: RunConfig;
  readonly run: Run;
  /** Everything measured so far. */
  readonly history: Metrics[];
  /** Seconds of training in earlier sittings. */
  readonly earlierSeconds: number;
}

/**
 * Starts a run in a new folder, from where it can be resumed at once.
 *
 * @param files Where to keep it.
 * @param path The folder, which must be new or empty.
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The session at iteration 0.
 * @throws {BadInput} If the settings contradict each other or the folder cannot be used.
 */
export function beginSession(
  files: Files,
  path: string,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const run = startRun(experiment, settings);
  const start = { ...config, iteration: 0, rows: 0, seconds: 0 };
  inBounds(experiment, () => createRunFolder(files, path, { ...start, state: run.state() }));
  return { files, path, config, run, history: [], earlierSeconds: 0 };
}

/**
 * Goes on where a run's last checkpoint is.
 *
 * @param files Where it is kept.
 * @param path Its folder.
 * @param experiment The experiment named in its `config.json`.
 * @param settings The settings in its `config.json`.
 * @returns The session at the checkpoint's iteration.
 * @throws {BadInput} If the folder's files are damaged, edited or of something else.
 */
export function resumeSession(
  files: Files,
  path: string,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const { rows, seconds, state, iteration } = readCheckpoint(files, path, config);
  const run = resumedRun(path, () => experiment.resume(settings, state));
  if (run.iteration !== iteration) {
    throw new BadInput(`resume ${path}`, `a run at iteration ${iteration}`, `${run.iteration}`);
  }
  const history = readHistory(files, path, rows);
  return { files, path, config, run, history, earlierSeconds: seconds };
}

/**
 * Starts a run.
 *
 * @example A network that no machine has room for.
 * ```ts
 * import { BadInput } from "@/training/bad_input.ts";
 * import type { Experiment } from "@/training/experiment.ts";
 * import { startRun } from "@/training/session.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const start = () => {
 *   throw new RangeError("Cannot make room: wanted 9000 MiB, got 4096 MiB");
 * };
 * const huge = { name: "huge", summary: "", options: {}, start, resume: start } as Experiment;
 * assertThrows(() => startRun(huge, { seed: 1 }), BadInput, "Cannot train huge: wanted settings");
 * ```
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The run at iteration 0.
 * @throws {BadInput} If the settings contradict each other, or ask for more than there is room for.
 */
export function startRun(experiment: Experiment, settings: RunConfig["settings"]): Run {
  return inBounds(experiment, () => experiment.start(settings));
}

/** Settings of which each is accepted may together be more than a machine or a text has room for. */
function inBounds<T>({ name }: Experiment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const wanted = "settings that can be trained with";
    throw new BadInput(`train ${name}`, wanted, `some that fail: ${error.message}`);
  }
}

/** A checkpoint may be whole and yet of a version that kept other things. */
function resumedRun(path: string, resume: () => Run): Run {
  try {
    return resume();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      `resume ${path}`,
      "a checkpoint of this version",
      `one that fails: ${cause}`,
    );
  }
}
