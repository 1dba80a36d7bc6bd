/**
 * The interface of a file system, and atomic writes on top of it.
 *
 * Tests replace the disk by files in memory, and can simulate a crash between any two operations.
 *
 * @module
 */

import { UserError } from "./user_error.ts";

/** A file system. An operation that fails throws a `UserError` with the path and the cause. */
export interface Files {
  /** Returns what exists at a path. */
  kindOf(path: string): "file" | "folder" | "nothing";
  /** Reads the text of a file. */
  readText(path: string): string;
  /** Reads the bytes of a file; a file of more than `atMost` bytes is refused before it is read. */
  readBytes(path: string, atMost: number): Uint8Array;
  /** Creates or overwrites a file; the text is on the disk when this returns. */
  writeText(path: string, text: string): void;
  /** Creates a file that only its owner can read, such as one with a key; an existing file is refused. */
  writePrivateText(path: string, text: string): void;
  /** Creates or overwrites a file; the bytes are on the disk when this returns. */
  writeBytes(path: string, bytes: Uint8Array): void;
  /** Appends to a file, or creates it; the text is on the disk when this returns. */
  appendText(path: string, text: string): void;
  /** Renames a file or a folder; replaces an existing file or empty folder of the new name. */
  rename(from: string, to: string): void;
  /** Creates a folder and its parents, unless they exist; returns whether the folder itself is new. */
  makeFolder(path: string): boolean;
  /** Lists the names in a folder, in order. */
  list(path: string): readonly string[];
  /** Removes a file, or a folder and its contents. */
  remove(path: string): void;
  /**
   * Takes the advisory lock of a file and writes `holder` into it; the file is created if there is none. The lock ends with
   * the process at the latest. Returns undefined if the lock is taken, also if by this process.
   */
  lock(path: string, holder: string): FileLock | undefined;
}

/** A lock that this process holds. */
export interface FileLock {
  /** Releases the lock; its file stays, since removing it could break the lock of the next holder. */
  release(): void;
}

/**
 * Joins the path of a folder and names within it.
 *
 * @example One slash between two names.
 * ```ts
 * import { join } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(join("runs/", "a", "b"), "runs/a/b");
 * ```
 * @param path The folder.
 * @param names The names of a subfolder, of a folder or file in it, and so on.
 * @returns The path of the last name.
 */
export function join(path: string, ...names: readonly string[]): string {
  return [path.replace(/(?<=.)[\\/]+$/, ""), ...names].join("/");
}

/**
 * Replaces the text of a file atomically: after a crash the file has the old text or the new one.
 *
 * @example The text is written under a temporary name first.
 * ```ts
 * import { type Files, writeAtomically } from "@/io/files.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const done: string[] = [];
 * const files = {
 *   writeText: (path: string) => done.push(`write ${path}`),
 *   rename: (from: string, to: string) => done.push(`rename ${from} to ${to}`),
 * } as Partial<Files> as Files;
 * writeAtomically(files, "a.json", "{}");
 * assertMatch(done[0], /^write a\.json\.[0-9a-f]{8}\.tmp$/);
 * assertMatch(done[1], /^rename a\.json\.[0-9a-f]{8}\.tmp to a\.json$/);
 * ```
 * @param files The file system.
 * @param path The file.
 * @param text The new text.
 * @throws {UserError} If it cannot be written; the old text remains.
 */
export function writeAtomically(files: Files, path: string, text: string): void {
  replace(files, path, (unfinished) => files.writeText(unfinished, text));
}

/**
 * Replaces the bytes of a file atomically: after a crash the file has the old bytes or the new ones.
 *
 * @example The bytes are written under a temporary name first.
 * ```ts
 * import { type Files, writeBytesAtomically } from "@/io/files.ts";
 * import { assertMatch } from "@std/assert";
 *
 * const done: string[] = [];
 * const files = {
 *   writeBytes: (path: string) => done.push(`write ${path}`),
 *   rename: (from: string, to: string) => done.push(`rename ${from} to ${to}`),
 * } as Partial<Files> as Files;
 * writeBytesAtomically(files, "a.bin", new Uint8Array(8));
 * assertMatch(done[0], /^write a\.bin\.[0-9a-f]{8}\.tmp$/);
 * assertMatch(done[1], /^rename a\.bin\.[0-9a-f]{8}\.tmp to a\.bin$/);
 * ```
 * @param files The file system.
 * @param path The file.
 * @param bytes The new bytes.
 * @throws {UserError} If they cannot be written; the old bytes remain.
 */
export function writeBytesAtomically(files: Files, path: string, bytes: Uint8Array): void {
  replace(files, path, (unfinished) => files.writeBytes(unfinished, bytes));
}

function replace(files: Files, path: string, write: (unfinished: string) => void): void {
  // A name of its own, so that two processes that replace the same file do not write into each other's.
  const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    write(unfinished);
    files.rename(unfinished, path);
  } catch (error) {
    discard(files, unfinished); // frees its space, which a full disk needs
    if (!(error instanceof UserError)) throw error;
    const named = (text: string) => text.replaceAll(unfinished, path);
    throw new UserError(named(error.action), error.wanted, named(error.got));
  }
}

/**
 * Returns whether a name is that of a file that an atomic replacement is writing, or was when its process was killed.
 *
 * @example A name with eight digits of its own.
 * ```ts
 * import { isUnfinished } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["a.bin.0123abcd.tmp", "a.bin", "my.tmp"].map(isUnfinished), [true, false, false]);
 * ```
 * @param name The name, without folders.
 * @returns Whether it is.
 */
export function isUnfinished(name: string): boolean {
  return /\.[0-9a-f]{8}\.tmp$/.test(name);
}

/**
 * Removes the unfinished files that a killed process has left in a folder; nothing else may be writing there.
 *
 * @example A checkpoint that was being written when the power failed.
 * ```ts
 * import { type Files, removeUnfinished } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const removed: string[] = [];
 * const files = {
 *   list: () => ["a.bin", "a.bin.0123abcd.tmp", "my.tmp"],
 *   remove: (path: string) => void removed.push(path),
 * } as Partial<Files> as Files;
 * removeUnfinished(files, "runs");
 * assertEquals(removed, ["runs/a.bin.0123abcd.tmp"]);
 * ```
 * @param files The file system.
 * @param folder The folder.
 * @throws {UserError} If the folder cannot be read.
 */
export function removeUnfinished(files: Files, folder: string): void {
  for (const name of files.list(folder).filter(isUnfinished)) {
    discard(files, join(folder, name));
  }
}

/**
 * Removes an unfinished file or folder, and ignores errors.
 *
 * @example An error while removing does not hide the first one.
 * ```ts
 * import { discard, type Files } from "@/io/files.ts";
 *
 * const files = {
 *   remove() {
 *     throw new Error("Read-only file system");
 *   },
 * } as Partial<Files> as Files;
 * discard(files, "a.json.tmp");
 * ```
 * @param files The file system.
 * @param path A file or a folder, which need not exist.
 */
export function discard(files: Files, path: string): void {
  try {
    files.remove(path);
  } catch {
    // It does not exist, or the disk refuses to remove it.
  }
}

/**
 * Formats an object as JSON with one line for each property, and typed arrays as lists.
 *
 * @example A list is on one line.
 * ```ts
 * import { readableJson } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   readableJson({ pops: new Float64Array([0, 1]), seed: 1 }),
 *   '{\n  "pops": [0,1],\n  "seed": 1\n}\n',
 * );
 * ```
 * @param data The object.
 * @returns The lines, including a line break at the end.
 */
export function readableJson(data: object): string {
  const lines = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      `  ${JSON.stringify(name)}: ${JSON.stringify(value, typedArrayToList)}`
    );
  return `{\n${lines.join(",\n")}\n}\n`;
}

function typedArrayToList(_name: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
