/** Run folders without the time that a run took, and its process: what must be the same however often it was stopped. */
import type { Files } from "@/io/files.ts";
import { CHECKPOINT_FILE, checkpointToBytes, loadCheckpoint } from "@/runs/checkpoint.ts";

/**
 * Everything in a folder but times and the lock: texts, and the bytes of binary files, a checkpoint's as if it had taken no time.
 *
 * @param files Where the folder is.
 * @param path A run folder, or one of many seeds.
 * @returns Plain data to compare.
 */
export function timeless(files: Files, path: string): unknown {
  return files.list(path).filter((name) => name !== "lock").map((name) => {
    const whole = `${path}/${name}`;
    if (files.kindOf(whole) === "folder") return [name, timeless(files, whole)];
    if (name === CHECKPOINT_FILE) {
      return [name, checkpointToBytes({ ...loadCheckpoint(files, path), seconds: 0 }).toHex()];
    }
    if (name.endsWith(".safetensors")) return [name, files.readBytes(whole, 2 ** 20).toHex()];
    return [name, withoutTimes(files.readText(whole))];
  });
}

function withoutTimes(text: string): string {
  return text.replace(/"seconds":\s*[\d.e-]+/g, "").replace(/ in ([\d.]+ s|\d+ min \d+ s)/g, "");
}
