/**
 * The run folder: creates it, saves a run's progress and result in it, and reads them back.
 *
 * | file                     |                                                                    |
 * | ------------------------ | ------------------------------------------------------------------ |
 * | `config.json`            | the experiment, its settings, and the environment it started in    |
 * | `metrics.jsonl`          | measurements, one line of JSON each                                |
 * | `checkpoint.safetensors` | everything needed to resume, replaced atomically every second      |
 * | `parameters.json`        | the trained parameters, once the run has finished                  |
 * | `*.safetensors`          | weights that the experiment saves itself; not read on resuming     |
 * | `result.json`            | how the run ended                                                  |
 * | `report.html`            | a readable report with figures, written by the command             |
 *
 * A checkpoint counts the lines of `metrics.jsonl` that belong to it. Metrics are written before the checkpoint, so that
 * it never counts a line that is missing; lines beyond its count are dropped when the run is resumed.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import {
  discard,
  type Files,
  join,
  readableJson,
  writeAtomically,
  writeBytesAtomically,
} from "@/io/files.ts";
import {
  type Checkpoint,
  CHECKPOINT_FILE,
  checkpointToBytes,
  loadCheckpoint,
  type RunConfig,
} from "./checkpoint.ts";
import { currentEnvironment } from "./environment.ts";
import type { Metrics, OutcomeSummary } from "./run.ts";

/** The file that makes a folder a run folder. */
export const CONFIG_FILE = "config.json";

/**
 * Finds the first of the paths `base`, `base-2`, `base-3` … that is not in use.
 *
 * @example Two of them exist.
 * ```ts
 * import type { Files } from "@/io/files.ts";
 * import { findFreePath } from "@/runs/run_folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const taken = [".runs/copy-seed1", ".runs/copy-seed1-2"];
 * const files = {
 *   kindOf: (path: string) => taken.includes(path) ? "folder" : "nothing",
 * } as Partial<Files> as Files;
 * assertEquals(findFreePath(files, ".runs/copy-seed1"), ".runs/copy-seed1-3");
 * ```
 * @param files The file system.
 * @param base The preferred path.
 * @returns A path at which nothing exists.
 * @throws {UserError} If a path cannot be examined.
 */
export function findFreePath(files: Files, base: string): string {
  for (let k = 1;; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    if (files.kindOf(path) === "nothing") return path;
  }
}

/**
 * Checks that a run can be started in a folder: it must not exist, or be empty.
 *
 * @example A run is never overwritten.
 * ```ts
 * import type { Files } from "@/io/files.ts";
 * import { UserError } from "@/io/user_error.ts";
 * import { checkFolderIsFree } from "@/runs/run_folder.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const files = {
 *   kindOf: () => "folder",
 *   list: () => ["config.json", "checkpoint.safetensors"],
 * } as Partial<Files> as Files;
 * assertThrows(
 *   () => checkFolderIsFree(files, "a"),
 *   UserError,
 *   "Cannot start a run in a: wanted a new or empty folder, got one that already holds a run",
 * );
 * ```
 * @param files The file system.
 * @param path The folder.
 * @throws {UserError} If it is a file, holds a run, or holds anything else.
 */
export function checkFolderIsFree(files: Files, path: string): void {
  const kind = files.kindOf(path);
  if (kind === "nothing") return;
  const names = kind === "folder" ? files.list(path) : [];
  if (kind === "folder" && names.length === 0) return;
  const got = kind === "file"
    ? "a file"
    : names.includes(CONFIG_FILE)
    ? `one that already holds a run (--resume ${path} would continue it)`
    : "one with other files in it";
  throw new UserError(`start a run in ${path}`, "a new or empty folder", got);
}

/**
 * Creates a folder and its files atomically: afterwards there is the whole folder, or none.
 *
 * @param files The file system.
 * @param path The folder, which must not exist or be empty.
 * @param contents The text or the bytes of each file, by name.
 * @throws {UserError} If the path is in use or cannot be written; nothing is left behind.
 */
export function createFolder(
  files: Files,
  path: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): void {
  checkFolderIsFree(files, path);
  const target = path.replace(/(?<=.)[\\/]+$/, "");
  const unfinished = `${target}.new-${crypto.randomUUID().slice(0, 8)}`;
  try {
    files.makeFolder(unfinished);
    for (const [name, content] of Object.entries(contents)) {
      const file = join(unfinished, name);
      if (typeof content === "string") files.writeText(file, content);
      else files.writeBytes(file, content);
    }
    files.rename(unfinished, target);
  } catch (error) {
    discard(files, unfinished);
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`start a run in ${path}`, "a folder that can be written", error.got);
  }
}

const METRICS_FILE = "metrics.jsonl";
const PARAMETERS_FILE = "parameters.json";
const RESULT_FILE = "result.json";

/** The result of a run that has ended. */
export interface RunResult extends RunConfig {
  readonly success: boolean;
  readonly iteration: number;
  readonly seconds: number;
  /** The last measurements; null if the run diverged before the first. */
  readonly metrics: Metrics | null;
  /** The scores, if the experiment has any. */
  readonly summary?: OutcomeSummary;
  /** The message of the divergence that ended the run, if there was one. */
  readonly diverged?: string;
}

/**
 * Creates the folder of a new run; from now on the run can be resumed.
 *
 * @param files The file system.
 * @param path The folder, which must be new or empty.
 * @param checkpoint The run at iteration 0.
 * @throws {UserError} If the folder is not empty or cannot be written.
 */
export function createRunFolder(files: Files, path: string, checkpoint: Checkpoint): void {
  const { experiment, settings } = checkpoint;
  createFolder(files, path, {
    [CONFIG_FILE]: readableJson({ experiment, settings, environment: currentEnvironment() }),
    [METRICS_FILE]: "",
    [CHECKPOINT_FILE]: checkpointToBytes(checkpoint),
  });
}

/**
 * Saves new measurements, then a checkpoint.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param newRows The measurements since the last call.
 * @param checkpoint The checkpoint; its `rows` include the new measurements.
 * @throws {UserError} If they cannot be written; the earlier checkpoint remains.
 * @throws {RangeError} If a number in the state is NaN; nothing is written.
 */
export function saveProgress(
  files: Files,
  path: string,
  newRows: readonly Metrics[],
  checkpoint: Checkpoint,
): void {
  // Encoded first: if that fails, no metrics are appended.
  const bytes = checkpointToBytes(checkpoint);
  if (newRows.length > 0) files.appendText(join(path, METRICS_FILE), toJsonLines(newRows));
  writeBytesAtomically(files, join(path, CHECKPOINT_FILE), bytes);
}

/**
 * Saves the trained parameters, if any, and the result.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param result The result.
 * @param parameters The trained parameters.
 * @throws {UserError} If they cannot be written.
 */
export function saveResult(
  files: Files,
  path: string,
  result: RunResult,
  parameters?: object,
): void {
  if (parameters) writeAtomically(files, join(path, PARAMETERS_FILE), readableJson(parameters));
  writeAtomically(files, join(path, RESULT_FILE), readableJson(result));
}

/**
 * Reads the result of a run.
 *
 * @param files The file system.
 * @param path The run folder.
 * @returns The result; undefined if the run has not ended.
 * @throws {UserError} If the result is damaged.
 */
export function readResult(files: Files, path: string): RunResult | undefined {
  const file = join(path, RESULT_FILE);
  if (files.kindOf(file) === "nothing") return undefined;
  return parseJson(files.readText(file), path, "a whole result.json") as RunResult;
}

/**
 * Reads the experiment and the settings of the run in a folder.
 *
 * @param files The file system.
 * @param path The run folder.
 * @returns The content of `config.json`, unchecked.
 * @throws {UserError} If the folder contains no run, or `config.json` is damaged.
 */
export function readConfig(files: Files, path: string): Readonly<Record<string, unknown>> {
  const kind = files.kindOf(path);
  if (kind !== "folder" || files.kindOf(join(path, CONFIG_FILE)) !== "file") {
    const got = { file: "a file", folder: `a folder without ${CONFIG_FILE}`, nothing: "nothing" };
    throw new UserError(`resume ${path}`, "a folder that holds a run", got[kind]);
  }
  const config = parseJson(files.readText(join(path, CONFIG_FILE)), path, `a whole ${CONFIG_FILE}`);
  if (typeof config === "object" && config !== null) return { ...config };
  throw new UserError(`resume ${path}`, `settings in ${CONFIG_FILE}`, String(config));
}

/**
 * Reads the checkpoint of a run, and checks that it agrees with `config.json`.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param config The experiment and the settings in `config.json`.
 * @returns The checkpoint.
 * @throws {UserError} If the checkpoint is damaged or edited, or has different settings.
 */
export function readCheckpoint(files: Files, path: string, config: RunConfig): Checkpoint {
  const checkpoint = loadCheckpoint(files, path);
  const { experiment, settings } = checkpoint;
  if (JSON.stringify({ experiment, settings }) !== JSON.stringify(config)) {
    const got = `others in ${CONFIG_FILE}`;
    throw new UserError(`resume ${path}`, `the settings it was started with`, got);
  }
  return checkpoint;
}

/**
 * Reads the measurements up to a checkpoint, and removes later ones from the file.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param rows The number of lines that belong to the checkpoint.
 * @returns The measurements of those lines.
 * @throws {UserError} If there are fewer lines than the checkpoint counts, or one of them is damaged.
 */
export function readHistory(files: Files, path: string, rows: number): Metrics[] {
  const text = files.readText(join(path, METRICS_FILE));
  const lines = text.split("\n").slice(0, -1);
  if (lines.length < rows) {
    throw new UserError(`resume ${path}`, `${rows} lines in ${METRICS_FILE}`, `${lines.length}`);
  }
  const history = lines.slice(0, rows).map((line, i) =>
    parseJson(line, path, `JSON in line ${i + 1} of ${METRICS_FILE}`) as Metrics
  );
  const kept = toJsonLines(history);
  if (kept !== text) writeAtomically(files, join(path, METRICS_FILE), kept);
  return history;
}

function toJsonLines(rows: readonly Metrics[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function parseJson(text: string, path: string, wanted: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`resume ${path}`, wanted, "something else");
  }
}
