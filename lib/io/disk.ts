/**
 * The file system of this machine, with its errors converted to sentences for the user.
 *
 * @module
 */
import { missingPermission } from "./caller_folder.ts";
import { dirname } from "node:path";
import { sleepSync } from "./sleep.ts";
import { decodeText } from "./text_encoding.ts";
import { UserError } from "./user_error.ts";
import type { FileLock, Files } from "./files.ts";

const REPLACE = { write: true, create: true, truncate: true };
const APPEND = { append: true, create: true };
/** The mode counts only for a new file. Windows has no modes; there a file inherits the access rights of its folder. */
const PRIVATE = { write: true, createNew: true, mode: 0o600 };
const encoder = new TextEncoder();

/** The files of this machine. */
export const disk: Files = {
  kindOf: (path) => attempt("read", path, () => kindOf(path)),
  readText: (path) =>
    attempt("read", path, () => decodeText(Deno.readFileSync(path), `read ${path}`)),
  readBytes: (path, atMost) => attempt("read", path, () => readAtMost(path, atMost)),
  writeText: (path, text) =>
    attempt("write", path, () => writeDurably(path, encoder.encode(text), REPLACE)),
  writePrivateText: (path, text) =>
    attempt("write", path, () => writeDurably(path, encoder.encode(text), PRIVATE)),
  writeBytes: (path, bytes) => attempt("write", path, () => writeDurably(path, bytes, REPLACE)),
  appendText: (path, text) =>
    attempt("write", path, () => writeDurably(path, encoder.encode(text), APPEND)),
  rename: (from, to) => attempt("write", to, () => renamePatiently(from, to)),
  makeFolder: (path) => attempt("write", path, () => makeFolder(path)),
  list: (path) => attempt("read", path, () => [...Deno.readDirSync(path)].map(nameOf).sort()),
  remove: (path) => attempt("write", path, () => Deno.removeSync(path, { recursive: true })),
  lock: (path, holder) => attempt("write", path, () => lock(path, holder)),
};

/** Pauses before a refused renaming is tried again, in milliseconds. */
const RENAME_PAUSES_MS = [10, 40, 160, 640];

/**
 * Renames a file or folder. If that is refused it tries again after a pause, since a virus scanner or an indexer may hold
 * the file for a moment.
 *
 * @example Refused once.
 * ```ts
 * import { renamePatiently } from "@/io/disk.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let refusals = 1;
 * const done: string[] = [];
 * renamePatiently("a.tmp", "a", (from, to) => {
 *   if (refusals-- > 0) throw new Deno.errors.PermissionDenied("in use");
 *   done.push(`${from} to ${to}`);
 * });
 * assertEquals(done, ["a.tmp to a"]);
 * ```
 * @param from The old path.
 * @param to The new path.
 * @param rename Renames, or throws.
 * @throws What `rename` throws, at once if it is no refusal, otherwise at the last attempt.
 */
export function renamePatiently(
  from: string,
  to: string,
  rename: (from: string, to: string) => void = Deno.renameSync,
): void {
  for (const pause of RENAME_PAUSES_MS) {
    try {
      return rename(from, to);
    } catch (error) {
      const { PermissionDenied, Busy } = Deno.errors;
      if (!(error instanceof PermissionDenied || error instanceof Busy)) throw error;
      sleepSync(pause);
    }
  }
  rename(from, to);
}

function nameOf(entry: Deno.DirEntry): string {
  return entry.name;
}

function kindOf(path: string): "file" | "folder" | "nothing" {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return "nothing";
    throw error;
  }
}

/** Creates a folder, and its parents if they are missing; returns false if another process was faster. */
function makeFolder(path: string): boolean {
  try {
    Deno.mkdirSync(path);
    return true;
  } catch (error) {
    const parent = dirname(path);
    const { NotADirectory, NotFound } = Deno.errors;
    if ((error instanceof NotFound || error instanceof NotADirectory) && parent !== path) {
      makeFolder(parent);
      return makeFolder(path);
    }
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    const kind = kindOf(path);
    if (kind === "folder") return false;
    const got = kind === "file" ? "a file" : "a link whose target does not exist";
    throw new UserError(`write ${path}`, "a folder", got);
  }
}

function lock(path: string, holder: string): FileLock | undefined {
  refuseLink(path);
  const file = Deno.openSync(path, { write: true, create: true });
  if (!mayHold(file)) {
    file.close();
    return undefined;
  }
  try {
    file.truncateSync();
    file.writeSync(encoder.encode(holder));
  } catch {
    // The lock holds all the same, on a full disk for instance.
  }
  return { release: () => file.close() };
}

/** Refuses what is there already unless it is a file: through a link another file would be overwritten. */
function refuseLink(path: string): void {
  try {
    if (!Deno.lstatSync(path).isFile) {
      throw new UserError(`write ${path}`, "a file", "something else");
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Takes a lock if it is free; on a file system without locks every one is. */
function mayHold(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return true;
  }
}

/** Reads a file of at most `atMost` bytes; a device, which may never end, is refused. */
function readAtMost(path: string, atMost: number): Uint8Array {
  const { isFile, isDirectory, size } = Deno.statSync(path);
  if (!isFile) {
    throw new UserError(`read ${path}`, "a file", isDirectory ? "a folder" : "a device");
  }
  if (size > atMost) {
    throw new UserError(`read ${path}`, `a file of at most ${atMost} bytes`, `${size}`);
  }
  return Deno.readFileSync(path);
}

/** Writes and syncs to the disk: if a later rename reached it before the bytes, a power cut would leave an empty file. */
function writeDurably(path: string, bytes: Uint8Array, options: Deno.OpenOptions): void {
  using file = Deno.openSync(path, options);
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  file.syncDataSync();
}

function attempt<T>(action: "read" | "write", path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${action} ${path}`,
      `a place that can be ${participle(action)}`,
      causeOf(error, action, path),
    );
  }
}

function participle(action: "read" | "write"): string {
  return action === "read" ? "read" : "written";
}

function causeOf(error: unknown, action: "read" | "write", path: string): string {
  if (error instanceof Deno.errors.NotCapable) return missingPermission(action, path);
  const message = error instanceof Error ? error.message : String(error);
  // Deno ends its messages with "(os error 13): open 'path'"; the path has been named already.
  return `"${message.replace(/ \(os error \d+\).*$/s, "")}"`;
}
