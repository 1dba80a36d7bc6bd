/**
 * Finding a name for a new run folder, and creating it whole.
 *
 * @module
 */
import { BadInput } from "./bad_input.ts";
import { discard, type Files, join } from "./files.ts";

/** The file that makes a folder a run folder. */
export const CONFIG_FILE = "config.json";

/**
 * The first of `base`, `base-2`, `base-3` … where there is nothing yet.
 *
 * @example Two runs are there.
 * ```ts
 * import type { Files } from "@/training/files.ts";
 * import { freePath } from "@/training/new_folder.ts";
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
 * @throws {BadInput} If it cannot be looked for.
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
 * import type { Files } from "@/training/files.ts";
 * import { BadInput } from "@/training/bad_input.ts";
 * import { checkFree } from "@/training/new_folder.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const files = {
 *   kindOf: () => "folder",
 *   list: () => ["config.json", "checkpoint.json"],
 * } as Partial<Files> as Files;
 * assertThrows(
 *   () => checkFree(files, "a"),
 *   BadInput,
 *   "Cannot start a run in a: wanted a new or empty folder, got one that already holds a run",
 * );
 * ```
 * @param files Where to look.
 * @param path The folder.
 * @throws {BadInput} If it is a file, holds a run, or holds anything else.
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
  throw new BadInput(`start a run in ${path}`, "a new or empty folder", got);
}

/**
 * Creates a folder together with what is in it: it is there with all its files, or not at all.
 *
 * @param files Where to.
 * @param path A path that {@linkcode checkFree} lets pass.
 * @param contents The text of each file by its name.
 * @throws {BadInput} If it cannot be written; nothing has been written then.
 */
export function createFolder(
  files: Files,
  path: string,
  contents: Readonly<Record<string, string>>,
): void {
  checkFree(files, path);
  const target = path.replace(/(?<=.)[\\/]+$/, "");
  const unfinished = `${target}.new-${crypto.randomUUID().slice(0, 8)}`;
  try {
    files.makeFolder(unfinished);
    for (const [name, text] of Object.entries(contents)) {
      files.writeText(join(unfinished, name), text);
    }
    files.rename(unfinished, target);
  } catch (error) {
    discard(files, unfinished);
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(`start a run in ${path}`, "a folder that can be written", error.got);
  }
}
