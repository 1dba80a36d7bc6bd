/**
 * Run folders and their owners: a process claims a folder before it writes there, so that no two write at once.
 *
 * A claim is an advisory lock on the file `lock` in the folder. The kernel releases it when the process ends, however it
 * ends, so a folder can always be claimed again; the number of the process in the file only serves the error's sentence.
 *
 * A new run needs a folder in which nothing is lost: one that does not exist yet, or one that holds only logs, such as the
 * scheduler's, and what an interrupted start has left. `config.json` is written last, and makes a folder that of a run.
 *
 * @module
 */
import {
  discard,
  type Files,
  isUnfinished,
  join,
  removeUnfinished,
  writeAtomically,
} from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { CHECKPOINT_FILE } from "./checkpoint.ts";

/** The file that makes a folder a run folder. */
export const CONFIG_FILE = "config.json";
/** The measurements of a run; those of one that has only begun are empty. */
export const METRICS_FILE = "metrics.jsonl";

const LOCK_FILE = "lock";

/** Names that a new run may find in its folder: logs, also of schedulers, and what file systems and file managers keep. */
const HARMLESS =
  /\.(log|out|err|[oe]\d+)$|^std(out|err)$|^lost\+found$|^\.(snapshot|nfs.*|DS_Store|directory)$|^(desktop\.ini|Thumbs\.db)$/;

/** A folder that this process alone writes. */
export interface ClaimedFolder {
  readonly path: string;
  /** Whether the claim created it. */
  readonly isNew: boolean;
  /** Gives the folder up. */
  release(): void;
}

/**
 * Claims a folder for a new run.
 *
 * @param files The file system.
 * @param path The folder, which must not exist, or hold nothing that could be lost.
 * @returns The folder.
 * @throws {UserError} If it is a file, holds a run or other files, is in use by another process, or cannot be written.
 */
export function claimNewFolder(files: Files, path: string): ClaimedFolder {
  const isNew = makeFolder(files, path);
  checkHoldsNoRun(files, path);
  const folder = claimToStart(files, path, isNew);
  try {
    removeUnfinished(files, path);
    checkHoldsNoRun(files, path); // again: another process may have been faster
    return folder;
  } catch (error) {
    folder.release();
    throw error;
  }
}

/**
 * Claims the first of the folders `base`, `base-2`, `base-3` … that does not exist yet, for a new run.
 *
 * @param files The file system.
 * @param base The preferred path.
 * @returns The folder.
 * @throws {UserError} If none can be created.
 */
export function claimUnusedFolder(files: Files, base: string): ClaimedFolder {
  for (let k = 1;; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    if (files.kindOf(path) !== "nothing" || !makeFolder(files, path)) continue;
    return claimToStart(files, path, true);
  }
}

/**
 * Claims the folder of a run, to resume it.
 *
 * @param files The file system.
 * @param path The folder.
 * @returns The folder, without the unfinished files that a killed process may have left.
 * @throws {UserError} If it is in use by another process, or cannot be written.
 */
export function claimRunFolder(files: Files, path: string): ClaimedFolder {
  const folder = claim(files, path, `resume ${path}`, false);
  removeUnfinished(files, path);
  return folder;
}

/**
 * Writes the first files of a run into its folder, the configuration last.
 *
 * @param files The file system.
 * @param folder The folder, claimed for a new run.
 * @param config The text of `config.json`.
 * @param contents The text or the bytes of each other file, by name.
 * @throws {UserError} If one cannot be written; what had been written is removed, and the claim ends.
 */
export function fillFolder(
  files: Files,
  folder: ClaimedFolder,
  config: string,
  contents: Readonly<Record<string, string | Uint8Array>> = {},
): void {
  const { path } = folder;
  try {
    for (const [name, content] of Object.entries(contents)) {
      if (typeof content === "string") files.writeText(join(path, name), content);
      else files.writeBytes(join(path, name), content);
    }
    writeAtomically(files, join(path, CONFIG_FILE), config);
  } catch (error) {
    abandon(files, folder, Object.keys(contents));
    throw asStartError(error, path);
  }
}

function abandon(files: Files, folder: ClaimedFolder, names: readonly string[]): void {
  folder.release();
  const left = folder.isNew
    ? [folder.path]
    : [...names, LOCK_FILE].map((name) => join(folder.path, name));
  for (const path of left) discard(files, path);
}

function makeFolder(files: Files, path: string): boolean {
  if (files.kindOf(path) === "file") throw notEmpty(path, "a file");
  try {
    return files.makeFolder(path.replace(/(?<=.)[\\/]+$/, ""));
  } catch (error) {
    throw asStartError(error, path);
  }
}

function claimToStart(files: Files, path: string, isNew: boolean): ClaimedFolder {
  try {
    return claim(files, path, `start a run in ${path}`, isNew);
  } catch (error) {
    if (isNew) discard(files, path);
    throw error;
  }
}

function claim(files: Files, path: string, action: string, isNew: boolean): ClaimedFolder {
  const file = join(path, LOCK_FILE), lock = files.lock(file, `${Deno.pid}\n`);
  if (lock) return { path, isNew, release: () => lock.release() };
  const wanted = "a folder that no other process is writing";
  throw new UserError(action, wanted, `one in use by ${holderOf(files, file)}`);
}

function holderOf(files: Files, file: string): string {
  try {
    return `process ${files.readText(file).trim() || "of an unknown number"}`;
  } catch {
    return "another process"; // Windows lets nobody read a locked file.
  }
}

function checkHoldsNoRun(files: Files, path: string): void {
  const isOurs = (name: string) => name === LOCK_FILE || isUnfinished(name);
  const names = files.list(path).filter((name) => !isOurs(name) && !HARMLESS.test(name));
  if (names.includes(CONFIG_FILE)) {
    throw notEmpty(path, `one that already holds a run (--resume ${path} would continue it)`);
  }
  if (!names.every((name) => name === METRICS_FILE || name === CHECKPOINT_FILE)) {
    throw notEmpty(path, "one with other files in it");
  }
  // An interrupted start has measured nothing yet. Anything else is a run that has lost its configuration.
  const metrics = join(path, METRICS_FILE);
  if (names.length > 0 && (!names.includes(METRICS_FILE) || files.readText(metrics) !== "")) {
    throw notEmpty(path, `one with measurements but without ${CONFIG_FILE}`);
  }
}

function notEmpty(path: string, got: string): UserError {
  return new UserError(`start a run in ${path}`, "a new or empty folder", got);
}

function asStartError(error: unknown, path: string): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(`start a run in ${path}`, "a folder that can be written", error.got);
}
