/**
 * What a study of string reversal keeps of one finished run: whether it succeeded, how it got there, and what its
 * network has become.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { sparseStackMemory } from "@/memory/sparse_stack.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { LengthRange } from "@/tasks/task.ts";
import { memoryPorts } from "@/models/sequence_shape.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import type { Metrics } from "@/runs/run.ts";
import { type Files, join } from "@/io/files.ts";
import { nearestMeanAccuracy } from "./nearest_mean.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { readHistory, readResult } from "@/runs/run_folder.ts";
import { BEST_WEIGHTS, loadTrainedModel, type TrainedModel } from "@/weights/model_file.ts";

/** Of one set of strings. */
export type Scores = readonly [coarse: number, fine: number];

/** One seed of a study; `null` where a run diverged and there is nothing to measure. */
export interface RunRecord {
  readonly seed: number;
  readonly success: boolean;
  /** Training strings. */
  readonly strings: number;
  /** Of training, on whatever else the machine did: an order of magnitude. */
  readonly seconds: number;
  /** Strings by which the running loss had fallen below 0.7 ln K: the plateau was left; null if never. */
  readonly left: number | null;
  /** By the lengths of the strings; those of the longest only after a success. */
  readonly scores: Readonly<Record<string, Scores>>;
  /** How far pushes and pops are from 0 and 1, on one string of 1,000 characters: the median and the worst. */
  readonly softness: readonly [median: number, worst: number] | null;
  /** How often a pushed value is nearest to the mean of its own symbol's other values. */
  readonly valuesTold: number | null;
  /** Some 20 moments of the training: strings, loss, mean push and pop while reading, and while writing. */
  readonly path: readonly (readonly number[])[];
}

/** On how many strings a record's measurements are made; what is not named is as it is here. */
export interface RecordSets {
  /** Characters of the string on which softness is measured. */
  readonly soft: number;
  /** Characters of the single longest test string; 0 for none. */
  readonly longest: number;
  /** Strings of which values are taken. */
  readonly values: number;
}

const SETS: RecordSets = { soft: 1000, longest: 100_000, values: 12 };

/**
 * Makes a record of a finished run.
 *
 * @param files Where it is kept.
 * @param folder Its run folder.
 * @param sets On how many strings.
 * @returns The record, or nothing if the run has not finished.
 * @throws {UserError} If a file of the run is missing or damaged.
 */
export function recordOf(
  files: Files,
  folder: string,
  sets: RecordSets = SETS,
): RunRecord | undefined {
  const result = readResult(files, folder);
  if (!result) return undefined;
  const { success, seconds, summary, settings: { seed } } = result;
  const model = loadTrainedModel(files, join(folder, BEST_WEIGHTS));
  const rows = files.readText(join(folder, "metrics.jsonl")).trimEnd().split("\n").length;
  const history = readHistory(files, folder, rows);
  const scores: Record<string, Scores> = {};
  for (const { lengths, coarse, fine } of summary?.scores ?? []) {
    scores[lengths] = [coarse, rounded(fine)];
  }
  // A network that is wrong on shorter ones is not asked.
  if (success && sets.longest > 0) scores[sets.longest] = longestScores(model, seed, sets.longest);
  const stack = memoryPorts(model.shape) > 0 && summary !== undefined;
  return {
    seed,
    success,
    strings: summary?.strings ?? Number(history.at(-1)?.strings ?? 0),
    seconds: rounded(seconds),
    left: plateauLeft(history, model.shape.symbols),
    scores,
    softness: stack ? softness(model, seed, sets.soft) : null,
    valuesTold: stack ? rounded(valuesTold(model, seed, sets.values)) : null,
    path: stack ? pathOf(history) : [],
  };
}

const exactly = (length: number): LengthRange => ({ shortest: length, longest: length });
const rounded = (x: number) => Number(x.toPrecision(4));

function longestScores(
  { task, shape, parameters }: TrainedModel,
  seed: number,
  length: number,
): Scores {
  const set = { strings: 1, lengths: exactly(length), purpose: "test", seed } as const;
  const { coarse, fine } = evaluateNetwork(createStepper(shape, parameters), task, set).strict;
  return [coarse, rounded(fine)];
}

function plateauLeft(history: readonly Metrics[], symbols: number): number | null {
  const row = history.find(({ error }) => error < 0.7 * Math.log(symbols));
  return row ? Number(row.strings) : null;
}

/** Steps 1 … k read: push 1, pop 0. Steps k + 1 … 2k write: push 0, pop 1. */
function softness(
  { task, shape, parameters }: TrainedModel,
  seed: number,
  k: number,
): readonly [number, number] {
  const set = { strings: 1, seed, purpose: "longer validation", lengths: exactly(k) } as const;
  const [pair] = firstPairs(task, set);
  const { pushes, pops } = traceDecoding(createStepper(shape, parameters), task, pair);
  const distances: number[] = [];
  for (let t = 1; t <= 2 * k && t < pushes.length; t++) {
    const [d, u] = [pushes[t], pops[t]];
    distances.push(t <= k ? Math.max(1 - d, u) : Math.max(d, 1 - u));
  }
  distances.sort((a, b) => a - b);
  const [median, worst] = [distances[distances.length >> 1], distances[distances.length - 1]];
  return [Number(median.toPrecision(2)), Number(worst.toPrecision(2))];
}

/** Of the values that the literal reference pushes while it reads. */
function valuesTold(
  { task, shape, parameters }: TrainedModel,
  seed: number,
  count: number,
): number {
  const set = { strings: count, seed, purpose: "longer validation", lengths: exactly(64) } as const;
  const numbers = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, Float64Array.from(tensor)]),
  );
  const [values, labels]: [number[][], number[]] = [[], []];
  for (const pair of firstPairs(task, set)) {
    const whole = task.layOut(pair), read = pair.source.length + 1;
    const [inputs, targets] = [whole.inputs, whole.targets].map((list) => list.slice(0, read));
    const trace = runSequence(shape, numbers, { inputs, targets }, sparseStackMemory);
    for (let t = 1; t < read; t++) {
      values.push([...trace.values[t]]);
      labels.push(pair.source[t - 1]);
    }
  }
  return nearestMeanAccuracy(values, labels);
}

const MOMENTS = 20;

function pathOf(history: readonly Metrics[]): number[][] {
  const rows = history.filter(({ readPush }) => readPush !== undefined);
  const step = Math.max(1, (rows.length - 1) / (MOMENTS - 1));
  const moments = new Set(
    Array.from({ length: Math.min(MOMENTS, rows.length) }, (_, i) => Math.round(i * step)),
  );
  return [...moments].map((i) =>
    ["strings", "error", "readPush", "readPop", "writePush", "writePop"].map((name) =>
      Number(Number(rows[i][name]).toPrecision(3))
    )
  );
}
