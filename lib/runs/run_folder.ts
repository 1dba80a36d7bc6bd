/**
 * The files of a run folder: writes the first ones, saves a run's progress and result in it, and reads them back.
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
 * | `lock`                   | see `claimed_folder.ts`                                            |
 *
 * A checkpoint counts the lines of `metrics.jsonl` that belong to it. Metrics are written before the checkpoint, so that
 * it never counts a line that is missing; lines beyond its count are dropped when the run is resumed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { UserError } from "@/io/user_error.ts";
import {
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
import { type ClaimedFolder, CONFIG_FILE, fillFolder, METRICS_FILE } from "./claimed_folder.ts";
import { currentEnvironment } from "./environment.ts";
import type { Metrics } from "./run.ts";

const PARAMETERS_FILE = "parameters.json";

/**
 * Creates the folder of a new run; from now on the run can be resumed.
 *
 * @param files The file system.
 * @param claim Claims the folder.
 * @param checkpoint The run at iteration 0.
 * @returns The claimed folder.
 * @throws {UserError} If the folder cannot be claimed or written; nothing is left behind.
 * @throws {RangeError} If a number in the state is NaN; no folder is claimed.
 */
export function createRunFolder(
  files: Files,
  claim: () => ClaimedFolder,
  checkpoint: Checkpoint,
): ClaimedFolder {
  const { experiment, settings } = checkpoint;
  const config = readableJson({ experiment, settings, environment: currentEnvironment() });
  const contents = { [METRICS_FILE]: "", [CHECKPOINT_FILE]: checkpointToBytes(checkpoint) };
  const folder = claim();
  fillFolder(files, folder, config, contents);
  return folder;
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
 * Saves the trained parameters of a run.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param parameters The parameters.
 * @throws {UserError} If they cannot be written.
 */
export function saveParameters(files: Files, path: string, parameters: object): void {
  writeAtomically(files, join(path, PARAMETERS_FILE), readableJson(parameters));
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
 * Computes the SHA-256 of measurements as lines of `metrics.jsonl`, for a checkpoint.
 *
 * @param history The measurements.
 * @returns The hash in hexadecimal digits.
 */
export function hashOfRows(history: readonly Metrics[]): string {
  return createHash("sha256").update(toJsonLines(history)).digest("hex");
}

/**
 * Reads the measurements up to a checkpoint, and removes later ones from the file.
 *
 * @param files The file system.
 * @param path The run folder.
 * @param checkpoint The number of lines that belong to it, and their hash.
 * @returns The measurements of those lines.
 * @throws {UserError} If there are fewer lines than the checkpoint counts, or one of them is damaged or edited.
 */
export function readHistory(
  files: Files,
  path: string,
  { rows, rowsHash }: Pick<Checkpoint, "rows" | "rowsHash">,
): Metrics[] {
  const text = files.readText(join(path, METRICS_FILE));
  const lines = text.split("\n").slice(0, -1);
  if (lines.length < rows) {
    throw new UserError(`resume ${path}`, `${rows} lines in ${METRICS_FILE}`, `${lines.length}`);
  }
  const history = lines.slice(0, rows).map((line, i) =>
    parseJson(line, path, `JSON in line ${i + 1} of ${METRICS_FILE}`) as Metrics
  );
  if (rowsHash !== undefined && rowsHash !== hashOfRows(history)) {
    const wanted = `the measurements of this run in ${METRICS_FILE}`;
    throw new UserError(`resume ${path}`, wanted, "others: the file was damaged or edited");
  }
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
