/**
 * The few things that a run folder needs of a file system.
 *
 * They are an interface so that a test can put a disk in memory in their place, and pull the plug
 * between any two of them.
 *
 * @module
 */

/** A file system. Whatever cannot be done is a `UserError` that names the path and the cause. */
export interface Files {
  /** Whether there is something at `path`. */
  kindOf(path: string): "file" | "folder" | "nothing";
  /** The text of a file. */
  readText(path: string): string;
  /** The bytes of a file; one of more than `atMost` bytes is refused before it is read. */
  readBytes(path: string, atMost: number): Uint8Array;
  /** Creates or overwrites a file; its text has reached the disk when this returns. */
  writeText(path: string, text: string): void;
  /** Creates or overwrites a file; its bytes have reached the disk when this returns. */
  writeBytes(path: string, bytes: Uint8Array): void;
  /** Adds to the end of a file, which is created if need be; the text has reached the disk when this returns. */
  appendText(path: string, text: string): void;
  /** Gives a file or a folder another name; replaces a file or an empty folder of that name. */
  rename(from: string, to: string): void;
  /** Creates a folder, and the folders around it, unless they are there. */
  makeFolder(path: string): void;
  /** The names of what is in a folder, in order. */
  list(path: string): readonly string[];
  /** Removes a file, or a folder and what is in it. */
  remove(path: string): void;
}

/**
 * Puts a name after a folder's path.
 *
 * @example One slash between them.
 * ```ts
 * import { join } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(join("runs/", "a", "b"), "runs/a/b");
 * ```
 * @param path A folder.
 * @param names What to go on with.
 * @returns The path of the last name.
 */
export function join(path: string, ...names: readonly string[]): string {
  return [path.replace(/(?<=.)[\\/]+$/, ""), ...names].join("/");
}

/**
 * Replaces a file's text as a whole: at any moment there is the old text or the new one, never less.
 *
 * @example The text is written under another name first.
 * ```ts
 * import { type Files, writeAtomically } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const done: string[] = [];
 * const files = {
 *   writeText: (path: string) => done.push(`write ${path}`),
 *   rename: (from: string, to: string) => done.push(`rename ${from} to ${to}`),
 * } as Partial<Files> as Files;
 * writeAtomically(files, "a.json", "{}");
 * assertEquals(done, ["write a.json.tmp", "rename a.json.tmp to a.json"]);
 * ```
 * @param files Where to.
 * @param path The file.
 * @param text All of its new text.
 * @throws {UserError} If it cannot be written; the old text is still there then.
 */
export function writeAtomically(files: Files, path: string, text: string): void {
  replace(files, path, (unfinished) => files.writeText(unfinished, text));
}

/**
 * Replaces a file's bytes as a whole: at any moment there are the old bytes or the new ones, never less.
 *
 * @example The bytes are written under another name first.
 * ```ts
 * import { type Files, writeBytesAtomically } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const done: string[] = [];
 * const files = {
 *   writeBytes: (path: string) => done.push(`write ${path}`),
 *   rename: (from: string, to: string) => done.push(`rename ${from} to ${to}`),
 * } as Partial<Files> as Files;
 * writeBytesAtomically(files, "a.bin", new Uint8Array(8));
 * assertEquals(done, ["write a.bin.tmp", "rename a.bin.tmp to a.bin"]);
 * ```
 * @param files Where to.
 * @param path The file.
 * @param bytes All of its new bytes.
 * @throws {UserError} If it cannot be written; the old bytes are still there then.
 */
export function writeBytesAtomically(files: Files, path: string, bytes: Uint8Array): void {
  replace(files, path, (unfinished) => files.writeBytes(unfinished, bytes));
}

function replace(files: Files, path: string, write: (unfinished: string) => void): void {
  const unfinished = `${path}.tmp`;
  try {
    write(unfinished);
    files.rename(unfinished, path);
  } catch (error) {
    discard(files, unfinished); // on a full disk it would only take up room
    throw error;
  }
}

/**
 * Removes what could not be finished, if it is there and can be removed.
 *
 * @example A disk that refuses everything is no reason to forget what went wrong first.
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
 * @param files Where it may be.
 * @param path A file or a folder.
 */
export function discard(files: Files, path: string): void {
  try {
    files.remove(path);
  } catch {
    // Where nothing could be written there is nothing to remove.
  }
}

/**
 * Writes an object with a line for each of its names, and typed arrays as lists of numbers.
 *
 * @example A list stays on its line.
 * ```ts
 * import { readableJson } from "@/io/files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   readableJson({ pops: new Float64Array([0, 1]), seed: 1 }),
 *   '{\n  "pops": [0,1],\n  "seed": 1\n}\n',
 * );
 * ```
 * @param data What to write.
 * @returns Lines of JSON, the last one ended too.
 */
export function readableJson(data: object): string {
  const lines = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value, listed)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function listed(_name: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
