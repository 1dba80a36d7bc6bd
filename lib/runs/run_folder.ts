/**
 * A run folder: the settings of one run, its metrics, its checkpoint and its result.
 *
 * | file                     |                                                                    |
 * | ------------------------ | ------------------------------------------------------------------ |
 * | `config.json`            | the experiment, its settings, and the environment it began in      |
 * | `metrics.jsonl`          | measurements, a line of JSON each                                  |
 * | `checkpoint.safetensors` | everything needed to resume, replaced as a whole every second      |
 * | `parameters.json`        | the trained parameters, once the run has finished                  |
 * | `*.safetensors`          | weights that the experiment saves itself; not read on resuming     |
 * | `result.json`            | how the run ended                                                  |
 * | `report.html`            | the same for people, with figures, written by the command          |
 *
 * The checkpoint decides: metrics are on disk before it, so that it never counts a line that is not there; lines that it
 * does not count are dropped when the run is resumed.
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
 * The first of `base`, `base-2`, `base-3` … where there is nothing yet.
 *
 * @example Two runs are there.
 * ```ts
 * import type { Files } from "@/io/files.ts";
 * import { freePath } from "@/runs/run_folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const taken = [".runs/copy-seed1", ".runs/copy-seed1-2"];
 * const files = {
 *   kindOf: (path: string) => taken.includes(path) ? "folder" : "nothing",
 * } as Partial<Files> as Files;
 * assertEquals(freePath(files, ".runs/copy-seed1"), ".runs/copy-seed1-3");
 * ```
 * @param files Where to look.
 * @param base The path wished for.
 * @returns A path that is free.
 * @throws {UserError} If it cannot be looked for.
 */
export function freePath(files: Files, base: string): string {
  for (let k = 1;; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    if (files.kindOf(path) === "nothing") return path;
  }
}

/**
 * Checks that a run may be started in a folder: it is not there yet, or it is empty.
 *
 * @example A run is never written over.
 * ```ts
 * import type { Files } from "@/io/files.ts";
 * import { UserError } from "@/io/user_error.ts";
 * import { checkFree } from "@/runs/run_folder.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const files = {
 *   kindOf: () => "folder",
 *   list: () => ["config.json", "checkpoint.json"],
 * } as Partial<Files> as Files;
 * assertThrows(
 *   () => checkFree(files, "a"),
 *   UserError,
 *   "Cannot start a run in a: wanted a new or empty folder, got one that already holds a run",
 * );
 * ```
 * @param files Where to look.
 * @param path The folder.
 * @throws {UserError} If it is a file, holds a run, or holds anything else.
 */
export function checkFree(files: Files, path: string): void {
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
 * Creates a folder together with what is in it: it is there with all its files, or not at all.
 *
 * @param files Where to.
 * @param path A path that {@linkcode checkFree} lets pass.
 * @param contents The text or the bytes of each file by its name.
 * @throws {UserError} If it cannot be written; nothing has been written then.
 */
export function createFolder(
  files: Files,
  path: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): void {
  checkFree(files, path);
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

/** How a run ended. */
export interface RunResult extends RunConfig {
  readonly success: boolean;
  readonly iteration: number;
  readonly seconds: number;
  /** The last that was measured; null if not even the start could be. */
  readonly metrics: Metrics | null;
  /** Scores, if its experiment has any. */
  readonly summary?: OutcomeSummary;
  /** Why it ended early, if its numbers diverged. */
  readonly diverged?: string;
}

/**
 * Creates the folder of a run that is about to begin; from now on it can be resumed.
 *
 * @param files Where to.
 * @param path The folder, which must be new or empty.
 * @param checkpoint The run at iteration 0.
 * @throws {UserError} If the folder holds anything or cannot be written.
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
 * @param files Where to.
 * @param path The run folder.
 * @param newRows Measurements since the last time.
 * @param checkpoint The checkpoint; its `rows` count the new ones too.
 * @throws {UserError} If it cannot be written; the earlier checkpoint is still there then.
 * @throws {RangeError} If a number in the state is NaN; nothing has been written then.
 */
export function saveProgress(
  files: Files,
  path: string,
  newRows: readonly Metrics[],
  checkpoint: Checkpoint,
): void {
  // To bytes first: a state that cannot be written must not leave metrics that run ahead.
  const bytes = checkpointToBytes(checkpoint);
  if (newRows.length > 0) files.appendText(join(path, METRICS_FILE), toLines(newRows));
  writeBytesAtomically(files, join(path, CHECKPOINT_FILE), bytes);
}

/**
 * Saves the trained parameters, if any, and the result.
 *
 * @param files Where to.
 * @param path The run folder.
 * @param result How the run ended.
 * @param parameters The trained parameters.
 * @throws {UserError} If it cannot be written.
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
 * Reads how a run ended.
 *
 * @param files Where it is kept.
 * @param path The run folder.
 * @returns Its result, or nothing if it has not ended.
 * @throws {UserError} If the result is damaged.
 */
export function readResult(files: Files, path: string): RunResult | undefined {
  const file = join(path, RESULT_FILE);
  if (files.kindOf(file) === "nothing") return undefined;
  return parseOr(files.readText(file), path, "a whole result.json") as RunResult;
}

/**
 * Reads what kind of run a folder holds.
 *
 * @param files Where it is kept.
 * @param path The run folder.
 * @returns `config.json`, as yet unchecked.
 * @throws {UserError} If the folder holds no run.
 */
export function readConfig(files: Files, path: string): Readonly<Record<string, unknown>> {
  const kind = files.kindOf(path);
  if (kind !== "folder" || files.kindOf(join(path, CONFIG_FILE)) !== "file") {
    const got = { file: "a file", folder: `a folder without ${CONFIG_FILE}`, nothing: "nothing" };
    throw new UserError(`resume ${path}`, "a folder that holds a run", got[kind]);
  }
  const config = parseOr(files.readText(join(path, CONFIG_FILE)), path, `a whole ${CONFIG_FILE}`);
  if (typeof config === "object" && config !== null) return { ...config };
  throw new UserError(`resume ${path}`, `settings in ${CONFIG_FILE}`, String(config));
}

/**
 * Reads where a run is.
 *
 * @param files Where it is kept.
 * @param path The run folder.
 * @param config What `config.json` says, which must be what the checkpoint says.
 * @returns The checkpoint.
 * @throws {UserError} If the checkpoint is damaged, edited or of other settings than `config.json`.
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
 * Reads what was measured up to a checkpoint, and drops what was measured after it.
 *
 * @param files Where it is kept.
 * @param path The run folder.
 * @param rows How many lines the checkpoint counts.
 * @returns What those lines say.
 * @throws {UserError} If there are fewer lines than the checkpoint counts, or one is damaged.
 */
export function readHistory(files: Files, path: string, rows: number): Metrics[] {
  const text = files.readText(join(path, METRICS_FILE));
  const lines = text.split("\n").slice(0, -1);
  if (lines.length < rows) {
    throw new UserError(`resume ${path}`, `${rows} lines in ${METRICS_FILE}`, `${lines.length}`);
  }
  const history = lines.slice(0, rows).map((line, i) =>
    parseOr(line, path, `JSON in line ${i + 1} of ${METRICS_FILE}`) as Metrics
  );
  const kept = toLines(history);
  if (kept !== text) writeAtomically(files, join(path, METRICS_FILE), kept);
  return history;
}

function toLines(rows: readonly Metrics[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

function parseOr(text: string, path: string, wanted: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`resume ${path}`, wanted, "something else");
  }
}
