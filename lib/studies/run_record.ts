/**
 * The record that a study keeps of one finished training run: its success, its course, and measurements of its best
 * network.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { copyAsFloat64 } from "@/models/sequence_parameters.ts";
import { sparseMemoryNamed } from "@/memory/memories.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { LengthRange } from "@/tasks/task.ts";
import { memoryPorts } from "@/models/sequence_shape.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import type { RunConfig } from "@/runs/checkpoint.ts";
import type { Metrics } from "@/runs/run.ts";
import { type Files, join } from "@/io/files.ts";
import { nearestMeanAccuracy } from "./nearest_mean.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { readHistory } from "@/runs/run_folder.ts";
import { readResult } from "@/runs/run_result.ts";
import { BEST_WEIGHTS, loadTrainedModel, type TrainedModel } from "@/weights/trained_model.ts";

/** The exact match (coarse) and prefix accuracy (fine) of one set of strings. */
export type Scores = readonly [coarse: number, fine: number];

/** The record of one seed. A measurement is `null` if the run diverged or the network has no stack. */
export interface RunRecord {
  readonly seed: number;
  readonly success: boolean;
  /** Number of training strings. */
  readonly strings: number;
  /** Training time; only its order of magnitude is meaningful, since other work shared the machine. */
  readonly seconds: number;
  /** Training strings after which the running loss was below 0.7 ln K, the end of the plateau; null if never. */
  readonly left: number | null;
  /** Scores by the lengths of the strings; the longest are measured only after a success. */
  readonly scores: Readonly<Record<string, Scores>>;
  /** Median distance of pushes and pops from their ideal 0 or 1 on one string of 1,000 characters. */
  readonly softness: number | null;
  /** Nearest-mean accuracy of the pushed values, labelled with their symbols. */
  readonly valuesRecovered: number | null;
  /** The end of the training: its running loss, and mean push and pop while reading. */
  readonly end: { readonly loss: number; readonly push: number; readonly pop: number } | null;
}

/** The sizes of a record's measurements. */
export interface RecordSets {
  /** Characters of the string on which softness is measured. */
  readonly soft: number;
  /** Characters of the one longest test string; 0 for none. */
  readonly longest: number;
  /** Number of strings whose pushed values are classified. */
  readonly values: number;
}

const DEFAULT_SETS: RecordSets = { soft: 1000, longest: 100_000, values: 12 };

/**
 * Computes the record of a finished run.
 *
 * @param files Files of the run.
 * @param run Its folder, experiment and settings.
 * @param sets Sizes of the measurements.
 * @returns The record, or undefined if the run has not finished.
 * @throws {UserError} If a file of the run is missing, damaged, or that of another run.
 */
export function createRunRecord(
  files: Files,
  { path: folder, experiment, settings }: RunConfig & { readonly path: string },
  sets: RecordSets = DEFAULT_SETS,
): RunRecord | undefined {
  const result = readResult(files, folder, { experiment, settings });
  if (!result) return undefined;
  const { success, seconds, summary } = result, { seed } = settings;
  const model = loadTrainedModel(files, join(folder, BEST_WEIGHTS), { checksum: "required" });
  const rows = files.readText(join(folder, "metrics.jsonl")).trimEnd().split("\n").length;
  const history = readHistory(files, folder, { rows });
  const scores: Record<string, Scores> = {};
  for (const { lengths, coarse, fine } of summary?.scores ?? []) {
    scores[lengths] = [coarse, roundTo4(fine)];
  }
  // Only networks that are right on shorter strings are tested on the longest.
  if (success && sets.longest > 0) scores[sets.longest] = scoreLongest(model, seed, sets.longest);
  const hasMemory = memoryPorts(model.shape) > 0 && summary !== undefined;
  return {
    seed,
    success,
    strings: summary?.strings ?? Number(history.at(-1)?.strings ?? 0),
    seconds: roundTo4(seconds),
    left: findPlateauEnd(history, model.shape.symbols),
    scores,
    softness: hasMemory ? measureSoftness(model, seed, sets.soft) : null,
    valuesRecovered: hasMemory ? roundTo4(classifyValues(model, seed, sets.values)) : null,
    end: hasMemory ? readEnd(history) : null,
  };
}

/** A range of a single length. */
const only = (length: number): LengthRange => ({ shortest: length, longest: length });
/** Rounds to four significant digits. */
const roundTo4 = (x: number) => Number(x.toPrecision(4));

/** Scores a network on one test string. */
function scoreLongest(
  { task, shape, parameters }: TrainedModel,
  seed: number,
  length: number,
): Scores {
  const set = { strings: 1, lengths: only(length), purpose: "test", seed } as const;
  const { coarse, fine } = evaluateNetwork(createStepper(shape, parameters), task, set).strict;
  return [coarse, roundTo4(fine)];
}

function findPlateauEnd(history: readonly Metrics[], symbols: number): number | null {
  const row = history.find(({ error }) => error < 0.7 * Math.log(symbols));
  return row ? Number(row.strings) : null;
}

/**
 * Measures the median distance of pushes and pops from their ideals: push 1 and pop 0 at steps 1 … k, which read, push 0 and pop
 * 1 at steps k + 1 … 2k, which write.
 */
function measureSoftness(
  { task, shape, parameters }: TrainedModel,
  seed: number,
  k: number,
): number {
  const set = { strings: 1, seed, purpose: "longer validation", lengths: only(k) } as const;
  const [pair] = firstPairs(task, set);
  const { ports } = traceDecoding(createStepper(shape, parameters), task, pair);
  const [{ pushes, pops }] = ports;
  const distances: number[] = [];
  for (let t = 1; t <= 2 * k && t < pushes.length; t++) {
    const [d, u] = [pushes[t], pops[t]];
    distances.push(t <= k ? Math.max(1 - d, u) : Math.max(d, 1 - u));
  }
  distances.sort((a, b) => a - b);
  return Number(distances[distances.length >> 1].toPrecision(2));
}

/**
 * Measures how well the pushed values tell symbols apart: the nearest-mean accuracy of the values that the reference model
 * pushes while it reads strings of 64 characters, labelled with the symbols just read.
 *
 * @example With every weight 0 all values are the same, and say nothing.
 * ```ts
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { classifyValues } from "@/studies/run_record.ts";
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { trainingPlan } from "@/training/training_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { symbols: 2, hidden: 4, valueWidth: 2, embedding: 2 };
 * const { task, shape } = trainingPlan({ ...defaultSettings(1), ...small });
 * assertEquals(classifyValues({ task, shape, parameters: zeroParameters(shape) }, 1, 2), 0);
 * ```
 * @param model A network with a stack, and its task.
 * @param seed Of the strings.
 * @param count Number of strings.
 * @returns The share of the values that are nearest to the mean of their own symbol's other values, from 0 to 1.
 */
export function classifyValues(
  { task, shape, parameters }: Pick<TrainedModel, "task" | "shape"> & {
    readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  },
  seed: number,
  count: number,
): number {
  const set = { strings: count, seed, purpose: "longer validation", lengths: only(64) } as const;
  const numbers = copyAsFloat64(parameters);
  const [values, labels]: [number[][], number[]] = [[], []];
  for (const pair of firstPairs(task, set)) {
    const whole = task.layOut(pair), read = pair.source.length + 1;
    const [inputs, targets] = [whole.inputs, whole.targets].map((list) => list.slice(0, read));
    const memory = sparseMemoryNamed(shape.memory, shape.memoryCells);
    const trace = runSequence(shape, numbers, { inputs, targets }, memory);
    for (let t = 1; t < read; t++) {
      values.push([...trace.ports[0].values[t]]); // a deque's at the top
      labels.push(pair.source[t - 1]);
    }
  }
  return nearestMeanAccuracy(values, labels);
}

/** Reads the last row with push and pop; rows of a diverged run have none. */
function readEnd(history: readonly Metrics[]): RunRecord["end"] {
  const row = history.findLast(({ readPush }) => readPush !== undefined);
  const [loss, push, pop] = ["error", "readPush", "readPop"].map((name) =>
    Number(Number(row?.[name]).toPrecision(3))
  );
  return row ? { loss, push, pop } : null;
}
