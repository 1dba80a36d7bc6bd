/** A training small enough to be done again and again, as the command does it. */
import { trainCommand } from "@/cli/train.ts";
import type { Experiment } from "@/runs/run.ts";
import { sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import type { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_SETS } from "../training/tiny_training.ts";
import { type Circumstances, type MemoryHost, memoryHost } from "./memory_host.ts";

export const SMALL_TRAINING = sequenceExperimentOn(TINY_SETS) as unknown as Experiment;

/** A command line for a second of it, and less. */
export const SMALL_LINE: readonly string[] = [
  ..."--hidden 6 --value-width 3 --embedding 3 --symbols 2 --lengths 1..4 --seed 5".split(" "),
];

/** Trains it in memory. */
export async function trainSmall(
  line: readonly string[],
  files: MemoryDisk,
  circumstances: Circumstances = {},
): Promise<{ readonly code: number; readonly host: MemoryHost }> {
  const experiments = [SMALL_TRAINING], host = memoryHost({ ...circumstances, files, experiments });
  return { code: await trainCommand(line, host, experiments), host };
}
