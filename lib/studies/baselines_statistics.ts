/**
 * The baselines in the README: what an RNN and an LSTM without a stack come to, with every help
 * that was found, on the lengths that they practised and on longer ones.
 *
 * `python3 lib/studies/baselines/train_baseline.py rnn` (and `lstm`) trains one, in two to three hours, and leaves
 * its weights in `.runs/baselines/`; `deno task statistics baselines` scores them, in a minute.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type Files, readableJson, writeAtomically } from "@/io/files.ts";
import { type CurveScores, rounded, scoresOf } from "./learning_curves.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { loadTrainedModel } from "@/weights/model_file.ts";
import type { Study, StudyHost } from "./study.ts";

/** A trained network and its scores. */
export interface Baseline {
  readonly layers: number;
  readonly hidden: number;
  /** Training strings. */
  readonly strings: number;
  /** On strings of 8 to 64 characters. */
  readonly validation: CurveScores;
  /** On strings of 65 to 128. */
  readonly test: CurveScores;
  /** Places that agree, on strings of 8, 16, … 128 characters. */
  readonly byLength: readonly (readonly [characters: number, places: number])[];
}

/** Baselines by the names of their networks. */
export type BaselinesStatistics = Readonly<Record<string, Baseline>>;

/** Where the table is, from the project's folder. */
export const BASELINES_FILE = "notebooks/data/reversal_baselines.json";
/** The networks, and where their training leaves their weights. */
const WEIGHTS: Readonly<Record<string, string>> = {
  RNN: ".runs/baselines/rnn.safetensors",
  LSTM: ".runs/baselines/lstm.safetensors",
};
/** Of how many characters strings are, where each length is by itself, and how many of each. */
const LENGTHS = Array.from({ length: 16 }, (_, i) => 8 * (i + 1)), EACH = 50;

const SETS = {
  validation: { purpose: "validation", lengths: { shortest: 8, longest: 64 }, seed: 1 },
  test: { purpose: "test", lengths: { shortest: 65, longest: 128 }, seed: 1 },
} as const;

/**
 * Scores a trained network on strings of lengths that it practised, and on longer ones.
 *
 * @param files Where its weights are.
 * @param path The file.
 * @param strings How many strings of either kind.
 * @returns Its scores, and how many strings it was trained on.
 * @throws {UserError} If the file is not a whole network for string reversal, or does not say how many
 * strings it learned from.
 */
export function scoreBaseline(files: Files, path: string, strings: number): Baseline {
  const { task, shape, parameters, metadata } = loadTrainedModel(files, path);
  const network = createStepper(shape, parameters);
  const learnedFrom = metadata.get("strings") ?? "none";
  if (!/^\d+$/.test(learnedFrom)) {
    throw new UserError(
      `score ${path}`,
      "its number of training strings in its metadata",
      learnedFrom,
    );
  }
  const scoresOn = (set: keyof typeof SETS) =>
    scoresOf(evaluateNetwork(network, task, { strings, ...SETS[set] }));
  const placesAt = (length: number) => {
    const lengths = { shortest: length, longest: length };
    const set = { purpose: "test", seed: 1, strings: Math.min(strings, EACH), lengths } as const;
    return evaluateNetwork(network, task, set).published.fine;
  };
  return {
    layers: shape.layers,
    hidden: shape.hidden,
    strings: Number(learnedFrom),
    validation: scoresOn("validation"),
    test: scoresOn("test"),
    byLength: LENGTHS.map((length) => [length, placesAt(length)]),
  };
}

function make(part: string, { terminal }: StudyHost): void {
  const table: Record<string, Baseline> = disk.kindOf(BASELINES_FILE) === "nothing"
    ? {}
    : JSON.parse(disk.readText(BASELINES_FILE));
  const wanted = Object.entries(WEIGHTS)
    .filter(([name]) => name.toLowerCase().includes(part.toLowerCase()));
  if (wanted.length === 0) {
    throw new UserError("score baselines", `one of ${Object.keys(WEIGHTS).join(", ")}`, part);
  }
  for (const [name, path] of wanted) {
    if (disk.kindOf(path) === "nothing") {
      const training = `python3 lib/studies/baselines/train_baseline.py ${name.toLowerCase()}`;
      throw new UserError(`score the ${name}`, `its weights (${training})`, `no ${path}`);
    }
    table[name] = scoreBaseline(disk, path, 1000);
    const { strings, validation, test } = table[name];
    terminal.print(
      `${name}: ${strings} strings; places that agree ${
        validation.publishedFine.toFixed(3)
      } of 8 to 64 ` +
        `characters, ${test.publishedFine.toFixed(3)} of 65 to 128`,
    );
  }
  const inOrder = Object.keys(WEIGHTS).filter((name) => name in table);
  const rows = Object.fromEntries(inOrder.map((name) => [name, table[name]]));
  writeAtomically(disk, BASELINES_FILE, readableJson(JSON.parse(JSON.stringify(rows, rounded))));
}

/** The study as the command line knows it. */
export const BASELINES_STUDY: Study = {
  name: "baselines",
  about: `${BASELINES_FILE}, for the README, of trained weights; PART is a network`,
  make,
};
