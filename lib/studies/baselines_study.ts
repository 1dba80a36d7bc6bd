/**
 * The study `baselines` of the README: scores of an RNN and an LSTM without a stack, trained with every training aid that
 * does not add a memory, on strings of their training lengths and on longer ones.
 *
 * `python3 lib/studies/baselines/train_baseline.py rnn` (or `lstm`) trains a baseline in two to three hours and saves its
 * weights in `.runs/baselines/`; `deno task statistics baselines` scores the saved weights in a minute.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type Files, readableJson, writeAtomically } from "@/io/files.ts";
import { readStoredTable } from "./stored_table.ts";
import { type CurveScores, rounded, selectScores } from "./learning_curves_study.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { loadTrainedModel } from "@/weights/trained_model.ts";
import { chooseRows, type Study, type StudyHost } from "./study.ts";

/** A trained baseline and its scores. */
export interface Baseline {
  readonly layers: number;
  readonly hidden: number;
  /** Number of training strings. */
  readonly strings: number;
  /** Scores on strings of 8 to 64 characters, the training lengths. */
  readonly validation: CurveScores;
  /** Scores on strings of 65 to 128 characters. */
  readonly test: CurveScores;
  /** Share of matching positions on strings of 8, 16, … 128 characters. */
  readonly byLength: readonly (readonly [characters: number, matching: number])[];
}

/** Baselines by the names of their cells. */
export type BaselinesStatistics = Readonly<Record<string, Baseline>>;

/** Path of the table, from the project's folder. */
export const BASELINES_FILE = "notebooks/data/reversal_baselines.json";
/** The paths of the trained weights, by the names of the cells. */
const WEIGHTS: Readonly<Record<string, string>> = {
  RNN: ".runs/baselines/rnn.safetensors",
  LSTM: ".runs/baselines/lstm.safetensors",
};
/** Lengths that are scored by themselves, in characters. */
const LENGTHS = Array.from({ length: 16 }, (_, i) => 8 * (i + 1));
/** Maximum number of strings of each of these lengths. */
const STRINGS_PER_LENGTH = 50;

const SETS = {
  validation: { purpose: "validation", lengths: { shortest: 8, longest: 64 }, seed: 1 },
  test: { purpose: "test", lengths: { shortest: 65, longest: 128 }, seed: 1 },
} as const;

/**
 * Scores a trained network on strings of its training lengths and on longer ones.
 *
 * @param files Files that contain the weights.
 * @param path Path of the weights.
 * @param strings Number of strings in each of the two sets.
 * @returns Its scores and its number of training strings.
 * @throws {UserError} If the file is not a complete network for string reversal, or its metadata does not contain the
 * number of training strings.
 */
export function scoreBaseline(files: Files, path: string, strings: number): Baseline {
  const model = loadTrainedModel(files, path, { checksum: "required" });
  const { task, shape, parameters, metadata } = model;
  const network = createStepper(shape, parameters);
  const trainingStrings = metadata.get("strings") ?? "none";
  if (!/^\d+$/.test(trainingStrings)) {
    throw new UserError(
      `score ${path}`,
      "the number of training strings in its metadata",
      trainingStrings,
    );
  }
  const scoreOn = (set: keyof typeof SETS) =>
    selectScores(evaluateNetwork(network, task, { strings, ...SETS[set] }));
  const matchingAt = (length: number) => {
    const lengths = { shortest: length, longest: length };
    const set = {
      purpose: "test",
      seed: 1,
      strings: Math.min(strings, STRINGS_PER_LENGTH),
      lengths,
    } as const;
    return evaluateNetwork(network, task, set).published.fine;
  };
  return {
    layers: shape.layers,
    hidden: shape.hidden,
    strings: Number(trainingStrings),
    validation: scoreOn("validation"),
    test: scoreOn("test"),
    byLength: LENGTHS.map((length) => [length, matchingAt(length)]),
  };
}

function make(part: string, { terminal }: StudyHost): void {
  const table: Record<string, Baseline> = readStoredTable(disk, BASELINES_FILE, {});
  const networks = Object.entries(WEIGHTS).map(([name, path]) => ({ name, path }));
  for (const { name, path } of chooseRows(networks, part)) {
    if (disk.kindOf(path) === "nothing") {
      const training = `python3 lib/studies/baselines/train_baseline.py ${name.toLowerCase()}`;
      throw new UserError(`score the ${name}`, `its weights (${training})`, `no ${path}`);
    }
    table[name] = scoreBaseline(disk, path, 1000);
    const { strings, validation, test } = table[name];
    terminal.print(
      `${name}: ${strings} strings; matching positions ${
        validation.publishedFine.toFixed(3)
      } of 8 to 64 ` +
        `characters, ${test.publishedFine.toFixed(3)} of 65 to 128`,
    );
  }
  const inOrder = Object.keys(WEIGHTS).filter((name) => name in table);
  const rows = Object.fromEntries(inOrder.map((name) => [name, table[name]]));
  writeAtomically(disk, BASELINES_FILE, readableJson(JSON.parse(JSON.stringify(rows, rounded))));
}

/** The study on the command line. */
export const BASELINES_STUDY: Study = {
  name: "baselines",
  about: `${BASELINES_FILE}, for the README, from trained weights; PART is rnn or lstm`,
  make,
};
