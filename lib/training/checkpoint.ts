/**
 * A checkpoint as text: all that a run needs to go on, under a checksum.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fromExactJson, toExactJson } from "./exact_json.ts";
import type { Settings } from "@/runs/run.ts";

/** Which experiment a run is of, and under which settings. */
export interface RunConfig {
  readonly experiment: string;
  readonly settings: Settings;
}

/** Where a run is. */
export interface Checkpoint extends RunConfig {
  /** Iterations done. */
  readonly iteration: number;
  /** Lines of `metrics.jsonl` written up to here; any more are of a future that was lost. */
  readonly rows: number;
  /** Seconds of training so far, all sittings together. */
  readonly seconds: number;
  /** What the run remembers. */
  readonly state: object;
}

const LAYOUT = /^\{"sha256":"([0-9a-f]{64})","checkpoint":(.*)\}\n$/s;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Writes a checkpoint.
 *
 * @example There and back.
 * ```ts
 * import { checkpointFromText, checkpointToText } from "@/training/checkpoint.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const checkpoint = {
 *   experiment: "halving",
 *   settings: { seed: 1 },
 *   iteration: 3,
 *   rows: 1,
 *   seconds: 0.5,
 *   state: { x: 0.125 },
 * };
 * assertEquals(checkpointFromText(checkpointToText(checkpoint)), checkpoint);
 * ```
 * @param checkpoint What to write.
 * @returns The text of `checkpoint.json`.
 * @throws {RangeError} If a number in the state is NaN, or the state is too large for a text.
 * @throws {TypeError} If the state is not plain data.
 */
export function checkpointToText(checkpoint: Checkpoint): string {
  const body = bodyOf(checkpoint);
  return `{"sha256":"${sha256(body)}","checkpoint":${body}}\n`;
}

function bodyOf(checkpoint: Checkpoint): string {
  try {
    return toExactJson(checkpoint);
  } catch (error) {
    if (!(error instanceof RangeError && /string length/.test(error.message))) throw error;
    throw new RangeError("Cannot write a state: wanted one of at most 512 MiB as text, got more");
  }
}

/**
 * Reads a checkpoint, if its text is as it was written, to the letter.
 *
 * @example A single changed digit is noticed.
 * ```ts
 * import { checkpointFromText, checkpointToText } from "@/training/checkpoint.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = checkpointToText({
 *   experiment: "halving",
 *   settings: { seed: 1 },
 *   iteration: 3,
 *   rows: 1,
 *   seconds: 0.5,
 *   state: { x: 0.125 },
 * });
 * assertEquals(checkpointFromText(text.replace("0.125", "0.126")), undefined);
 * ```
 * @param text The text of `checkpoint.json`.
 * @returns The checkpoint, or nothing if the text has been damaged or edited.
 */
export function checkpointFromText(text: string): Checkpoint | undefined {
  const [, sum, body] = LAYOUT.exec(text) ?? [];
  if (body === undefined || sha256(body) !== sum) return undefined;
  return fromExactJson(body) as Checkpoint;
}
