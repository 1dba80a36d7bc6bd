/**
 * The jobs of workers that evaluate networks on strings.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import type { PairSet } from "@/tasks/streams.ts";
import type { TaskName } from "@/tasks/tasks.ts";
import type { SizedPairs } from "./evaluation_by_size.ts";

/** A network, and the pairs to evaluate it on. */
export interface EvaluateJob {
  /** The weights file. */
  readonly path: string;
  /** The task whose strings it answers; null for its own. */
  readonly task: TaskName | null;
  readonly set: PairSet;
  readonly build: KernelBuild;
}

/** A network, and the strings of several sizes to evaluate it on. */
export interface EvaluateEachJob {
  /** The weights file. */
  readonly path: string;
  /** The task whose strings it answers; null for its own. */
  readonly task: TaskName | null;
  readonly sets: readonly SizedPairs[];
  readonly build: KernelBuild;
}
