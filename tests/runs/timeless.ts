/** Run folders without the time that a run took, and without their lock: what must be the same however often it was stopped. */
import { createHash } from "node:crypto";
import type { Files } from "@/io/files.ts";
import { CHECKPOINT_FILE, checkpointToBytes, loadCheckpoint } from "@/runs/checkpoint.ts";
import { readSafetensors } from "@/weights/safetensors.ts";

/**
 * Everything in a folder but times and the lock: texts, and of binary files a hash and those of their tensors, of a checkpoint as if it
 * had taken no time. So a difference names its tensor, and is short.
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
      return [name, hashes(checkpointToBytes({ ...loadCheckpoint(files, path), seconds: 0 }))];
    }
    if (name.endsWith(".safetensors")) return [name, hashes(files.readBytes(whole, 2 ** 20))];
    return [name, withoutTimes(files.readText(whole))];
  });
}

function hashes(bytes: Uint8Array): object {
  const { tensors, metadata } = readSafetensors(bytes, "w", { finite: false });
  const ofTensors = [...tensors].map(([name, { data }]) => [name, hashOf(data)]);
  return { ...Object.fromEntries([...metadata, ...ofTensors]), whole: hashOf(bytes) };
}

function hashOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256").update(new Uint8Array(buffer, byteOffset, byteLength)).digest("hex");
}

function withoutTimes(text: string): string {
  return text.replace(/"seconds":\s*[\d.e-]+/g, "").replace(/ in ([\d.]+ s|\d+ min \d+ s)/g, "");
}
