/**
 * The study `text` of notebook 16: an RNN, a GRU and an LSTM learn to predict the next character of a novel, and so does an
 * LSTM in PyTorch, by the same settings. Stored are the bits per character of the held-out text throughout each training, and
 * what the networks trained here write.
 *
 * A run is saved after every point in `.runs/statistics/`, so that a stopped study resumes; one in PyTorch begins again.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { machinePrograms } from "@/io/programs.ts";
import type { Terminal } from "@/io/terminal.ts";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import type { SeedRange } from "@/options/option.ts";
import { decodeSymbols, encodeText } from "@/text/alphabet.ts";
import { sampleSymbols } from "@/text/sampling.ts";
import { defaultTextSettings, type TextSettings } from "@/training/text_options.ts";
import { type TextPlan, textPlan } from "@/training/text_plan.ts";
import type { TextRunState, ValidatedTextNetwork } from "@/training/text_run.ts";
import { formatRecords, readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";
import { trainInPyTorch } from "./text_in_pytorch.ts";
import { type TextLook, trainWithPoints } from "./text_points.ts";
import { readUnfinished, RUNS, saveUnfinished } from "./unfinished_training.ts";

/** A point of a training: characters learned from, and bits per character of the held-out text. */
export type TextPoint = readonly [characters: number, bits: number];

/** The record of one seed. */
export interface TextRecord {
  readonly seed: number;
  /** One for each validation. */
  readonly points: readonly TextPoint[];
  /** Bits per character of the best network. */
  readonly bits: number;
  /** What the best network writes after {@linkcode TEXT_PROMPT}, by the temperature; nothing if it is PyTorch's. */
  readonly samples: Readonly<Record<string, string>>;
}

/** Finished runs by the name of the cell, and by {@linkcode LSTM_IN_PYTORCH}. */
export type TextTable = Readonly<Record<string, readonly TextRecord[]>>;

/** Path of the table, from the project's folder. */
export const TEXT_FILE = "notebooks/data/text_models.json";

/** What the networks read before they write. */
export const TEXT_PROMPT = "Call me";
const TEMPERATURES = [0, 0.3, 0.7, 1] as const;
const SAMPLE_LENGTH = 300;

/** The name of the row of PyTorch's LSTM. */
export const LSTM_IN_PYTORCH = "LSTM in PyTorch";

/** A network of the study. */
interface TextRow {
  readonly name: string;
  readonly cell: TextSettings["cell"];
  readonly inPyTorch: boolean;
}

const ROWS: readonly TextRow[] = [
  ...(["rnn", "gru", "lstm"] as const).map((cell) => (
    { name: cell.toUpperCase(), cell, inPyTorch: false }
  )),
  { name: LSTM_IN_PYTORCH, cell: "lstm", inPyTorch: true },
];
const SEEDS: SeedRange = { first: 1, last: 3 };

/**
 * The settings of a run of the study: the text three times, in smaller batches than the command's, so that there are more
 * updates in the same time.
 */
export function textStudySettings(cell: TextSettings["cell"], seed: number): TextSettings {
  return { ...defaultTextSettings(seed), cell, batch: 8, truncate: 50, characters: 3_200_000 };
}

/**
 * Trains a network on a text, or resumes its training.
 *
 * @param plan What is trained, and how.
 * @param look What `onPoint` received last, of the same settings; who receives the training after every validation; and how
 * it is validated.
 * @returns The record of the finished run.
 * @throws {UserError} If the text is not the one that the run was started with.
 */
export function trainTextRecord(
  plan: TextPlan,
  look: Omit<TextLook<TextPoint>, "pointOf"> = {},
): TextRecord {
  const pointOf = (
    { last }: TextRunState,
    characters: number,
  ): TextPoint => [characters, Number(last!.toFixed(4))];
  const { points, run: { best } } = trainWithPoints(plan, { ...look, pointOf });
  return recordOf(plan, points, best);
}

function recordOf(
  plan: TextPlan,
  points: readonly TextPoint[],
  { bits, parameters }: ValidatedTextNetwork,
): TextRecord {
  const { settings: { seed, build }, text: { alphabet } } = plan;
  const network = createStepper(plan.shape, parameters, { build });
  const prompt = encodeText(alphabet, TEXT_PROMPT, "read the prompt");
  const write = (temperature: number) => {
    const random = seededRandom(`sample, seed ${seed}`), length = SAMPLE_LENGTH;
    const request = { prompt, length, rule: { temperature }, random };
    return decodeSymbols(alphabet, sampleSymbols(network, request));
  };
  const samples = TEMPERATURES.map((temperature) => [temperature, write(temperature)]);
  return { seed, points, bits: Number(bits.toFixed(4)), samples: Object.fromEntries(samples) };
}

/** The table as JSON with one training a line. */
const formatTable = (table: TextTable): string =>
  `${formatRecords(table, ROWS.map(({ name }) => name))}\n`;

const readTable = (files: Files): TextTable => readStoredTable(files, TEXT_FILE, {});

/** Trains a network in PyTorch, which has random numbers of its own. */
async function trainPyTorchRecord(plan: TextPlan, files: Files): Promise<TextRecord> {
  const { settings: { seed } } = plan, request = join(RUNS, `text-in-pytorch-${seed}.json`);
  files.makeFolder(RUNS);
  const trained = await trainInPyTorch(plan, { files, programs: machinePrograms, request });
  const points = trained.map(([symbols, bits]): TextPoint => [symbols, Number(bits.toFixed(4))]);
  return { seed, points, bits: Math.min(...points.map(([, bits]) => bits)), samples: {} };
}

function trainRow(
  { name, cell, inPyTorch }: TextRow,
  seed: number,
  files: Files,
  terminal: Terminal,
): TextRecord | Promise<TextRecord> {
  const settings = textStudySettings(cell, seed), plan = textPlan(settings, files);
  if (inPyTorch) {
    terminal.note(`${name}, seed ${seed}: some minutes`);
    return trainPyTorchRecord(plan, files);
  }
  const kept = `text-${name.toLowerCase()}-${seed}`;
  return trainTextRecord(plan, {
    from: readUnfinished(files, kept, settings),
    onPoint(unfinished) {
      const [characters, bits] = unfinished.points.at(-1)!;
      terminal.note(`${name}, seed ${seed}: ${characters} characters, ${bits.toFixed(3)} bits`);
      saveUnfinished(files, kept, unfinished);
    },
  });
}

function storeRecord(files: Files, name: string, record: TextRecord): void {
  const table = readTable(files), others = table[name] ?? [];
  writeAtomically(files, TEXT_FILE, formatTable({ ...table, [name]: [...others, record] }));
}

/** The stored table for the terminal. */
function tables(): TitledRows[] {
  const table = readTable(disk);
  const rows = Object.entries(table).map(([cell, runs]) => {
    const bits = runs.map(({ bits }) => bits);
    const seeds = String(runs.length), planned = String(SEEDS.last);
    return { cell, seeds, planned, "mean bits per character": mean(bits).toFixed(3) };
  });
  return rows.length === 0 ? [] : [{ title: "Bits per character of the held-out text", rows }];
}

/**
 * The study on the command line. Every cell is trained from the first seed before any from the second; PyTorch, which may be
 * missing, comes last.
 */
export const TEXT_STUDY: Study = {
  name: "text",
  about: `${TEXT_FILE}, for notebook 16; PART is a cell, or pytorch`,
  takesSeeds: true,
  async make(part, { terminal }, seeds) {
    const chosen = chooseRows(ROWS, part);
    const runs = chooseSeeds(SEEDS, seeds).flatMap((seed) => chosen.map((row) => ({ row, seed })));
    runs.sort((a, b) => Number(a.row.inPyTorch) - Number(b.row.inPyTorch));
    for (const { row, seed } of runs) {
      const stored = readTable(disk)[row.name] ?? [];
      if (stored.some((record) => record.seed === seed)) continue;
      storeRecord(disk, row.name, await trainRow(row, seed, disk, terminal));
    }
  },
  tables,
};
