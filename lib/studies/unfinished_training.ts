/**
 * Trainings that are saved after a validation, so that a stopped study resumes.
 *
 * @module
 */
import { type Files, join, writeBytesAtomically } from "@/io/files.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";

/** The folder of stopped trainings. */
export const RUNS = ".runs/statistics";

/**
 * Reads a training that has been stopped.
 *
 * @param files The file system.
 * @param name The training's name.
 * @param settings Its settings.
 * @returns The training; undefined if there is none or it has other settings.
 */
export function readUnfinished<Kept extends { readonly settings: object }>(
  files: Files,
  name: string,
  settings: Kept["settings"],
): Kept | undefined {
  const path = pathOf(name);
  if (files.kindOf(path) === "nothing") return undefined;
  const kept = checkpointFromBytes<Kept>(files.readBytes(path, 2 ** 30), path);
  return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept : undefined;
}

/** Saves a training so that it can be gone on with. */
export function saveUnfinished(
  files: Files,
  name: string,
  unfinished: { readonly settings: object },
): void {
  files.makeFolder(RUNS);
  writeBytesAtomically(files, pathOf(name), checkpointToBytes(unfinished));
}

const pathOf = (name: string) => join(RUNS, `${name}.safetensors`);
