/**
 * The study `hidden-states` of notebook 18: LSTMs learn to predict the next character of wrapped text and of code. Stored are
 * the bits per character throughout each training, and how well the best unit tells a label; and the networks that the
 * notebook opens.
 *
 * A training is saved after every point in `.runs/statistics/`, so that a stopped study resumes.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import type { Terminal } from "@/io/terminal.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { decodeSymbols } from "@/text/alphabet.ts";
import { readHiddenStates } from "@/text/hidden_states.ts";
import { insideStrings, positionsInLine } from "@/text/labels.ts";
import { lineFit, scoreUnits, separation, type UnitScore } from "@/text/unit_scores.ts";
import { defaultTextSettings, type TextSettings } from "@/training/text_options.ts";
import { type TextPlan, textPlan } from "@/training/text_plan.ts";
import { saveTrainedText, type TextValidation } from "@/training/text_run.ts";
import { readStoredTable } from "./stored_table.ts";
import { chooseRows, type Study, type TitledRows } from "./study.ts";
import { trainWithPoints } from "./text_points.ts";
import { readUnfinished, saveUnfinished } from "./unfinished_training.ts";

/** A point of a training: characters learned from, bits per held-out character, and the score of the best unit. */
export type UnitPoint = readonly [characters: number, bits: number, score: number];

/** The record of a training. */
export interface UnitRecord {
  /** The score of the best unit before the first update. */
  readonly untrained: number;
  /** One for each validation. */
  readonly points: readonly UnitPoint[];
}

/** Finished trainings by name. */
export type UnitTable = Readonly<Record<string, UnitRecord>>;

/** Path of the table, from the project's folder. */
export const HIDDEN_STATES_FILE = "notebooks/data/hidden_states.json";

/** A training of the study. */
export interface HiddenStatesRow {
  readonly name: string;
  readonly settings: TextSettings;
  /** Labels the characters of its text. */
  readonly label: (text: string) => Float64Array;
  readonly score: UnitScore;
  /** The file of the network, from the project's folder; left out, it is not kept. */
  readonly network?: string;
}

/**
 * The settings of each training: batches smaller than the command's, so that there are more updates in the same time, forget
 * gates that begin wide open, and the same bits on every machine.
 */
function settingsOf(changes: Partial<TextSettings>): TextSettings {
  return { ...defaultTextSettings(1), batch: 8, forgetBias: 2, build: "strict", ...changes };
}

function wrapped(wrap: number, characters: number): Omit<HiddenStatesRow, "network"> {
  const settings = settingsOf({ wrap, hidden: 64, characters });
  return { name: `${wrap} columns`, settings, label: positionsInLine, score: lineFit };
}

/** The trainings. */
export const HIDDEN_STATES_ROWS: readonly HiddenStatesRow[] = [
  { ...wrapped(16, 4_000_000), network: "notebooks/data/moby_dick_16_columns.safetensors" },
  {
    name: "TypeScript",
    settings: settingsOf({ corpus: "typescript", hidden: 96, characters: 8_000_000 }),
    label: insideStrings,
    score: separation,
    network: "notebooks/data/typescript.safetensors",
  },
  { ...wrapped(24, 8_000_000), network: "notebooks/data/moby_dick_24_columns.safetensors" },
  wrapped(40, 8_000_000),
];

/** Characters of the held-out text over which units are scored: half of them to choose one, the others to score it. */
export const SCORED_CHARACTERS = 20_000;

/** Returns the score of the best unit of networks of a plan, by their parameters. */
function unitScorer({ text: { alphabet, training, validation }, shape, settings }: TextPlan, {
  label,
  score,
}: Pick<HiddenStatesRow, "label" | "score">) {
  const read = validation.subarray(0, SCORED_CHARACTERS);
  const whole = decodeSymbols(alphabet, training) + decodeSymbols(alphabet, validation);
  const labels = label(whole).subarray(training.length, training.length + read.length);
  return (parameters: Readonly<Record<string, ArrayLike<number>>>) => {
    const network = createStepper(shape, parameters, { build: settings.build });
    return Number(scoreUnits(readHiddenStates(network, read), labels, score)[0].held.toFixed(4));
  };
}

/**
 * Trains the network of a row, or goes on with it.
 *
 * @param row The row.
 * @param files Where its text is, unfinished trainings are kept, and the network is saved.
 * @param note Receives a line after every validation.
 * @param validation How it is validated; default: as by the command.
 * @returns The record.
 * @throws {UserError} If a file cannot be read or written.
 */
export function trainHiddenStates(
  row: HiddenStatesRow,
  files: Files,
  note: (line: string) => void,
  validation?: TextValidation,
): UnitRecord {
  const { name, settings, network } = row, plan = textPlan(settings, files);
  const scoreOf = unitScorer(plan, row), kept = `hidden-states-${name.replaceAll(" ", "-")}`;
  const { points, run } = trainWithPoints<UnitPoint>(plan, {
    validation,
    from: readUnfinished(files, kept, settings),
    pointOf: (
      { last, trainer },
      characters,
    ) => [characters, Number(last!.toFixed(4)), scoreOf(trainer.parameters)],
    onPoint(unfinished) {
      const [characters, bits, score] = unfinished.points.at(-1)!;
      note(`${name}: ${characters} characters, ${bits.toFixed(3)} bits, best unit ${score}`);
      saveUnfinished(files, kept, unfinished);
    },
  });
  if (network) saveTrainedText(files, network, plan, run.best);
  const { forgetBias } = plan, random = seededRandom(`parameters, seed ${settings.seed}`);
  return { untrained: scoreOf(initialParameters(plan.shape, random, { forgetBias })), points };
}

/** Formats the table as JSON with one training a line. */
function formatTable(table: UnitTable): string {
  const lines = HIDDEN_STATES_ROWS.filter(({ name }) => name in table)
    .map(({ name }) => `  ${JSON.stringify(name)}: ${JSON.stringify(table[name])}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

const readTable = (files: Files): UnitTable => readStoredTable(files, HIDDEN_STATES_FILE, {});

function makeRow(row: HiddenStatesRow, files: Files, terminal: Terminal): void {
  const record = trainHiddenStates(row, files, (line) => terminal.note(line));
  const table = { ...readTable(files), [row.name]: record };
  writeAtomically(files, HIDDEN_STATES_FILE, formatTable(table));
}

/** The stored table for the terminal. */
function tables(): TitledRows[] {
  const rows = Object.entries(readTable(disk)).map(([text, { untrained, points }]) => {
    const [characters, bits, score] = points.at(-1)!;
    const [trained, before] = [score, untrained].map((score) => score.toFixed(2));
    return { text, characters: `${characters}`, bits: bits.toFixed(3), trained, untrained: before };
  });
  return rows.length === 0 ? [] : [{ title: "The best unit's score", rows }];
}

/** The study on the command line. */
export const HIDDEN_STATES_STUDY: Study = {
  name: "hidden-states",
  about: `${HIDDEN_STATES_FILE} and the networks beside it, for notebook 18; PART is a text`,
  make(part, { terminal }) {
    for (const row of chooseRows(HIDDEN_STATES_ROWS, part)) {
      if (!(row.name in readTable(disk))) makeRow(row, disk, terminal);
    }
  },
  tables,
};
