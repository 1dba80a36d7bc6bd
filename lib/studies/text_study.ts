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
import { type Files, join, writeAtomically, writeBytesAtomically } from "@/io/files.ts";
import { machinePrograms } from "@/io/programs.ts";
import type { Terminal } from "@/io/terminal.ts";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import type { SeedRange } from "@/options/option.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { decodeSymbols, encodeText } from "@/text/alphabet.ts";
import { sampleSymbols } from "@/text/sampling.ts";
import { defaultTextSettings, type TextSettings } from "@/training/text_options.ts";
import { type TextPlan, textPlan } from "@/training/text_plan.ts";
import {
  resumeTextRun,
  STANDARD_VALIDATION,
  startTextRun,
  type TextRunState,
  type TextValidation,
  type ValidatedTextNetwork,
} from "@/training/text_run.ts";
import { readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";
import { trainInPyTorch } from "./text_in_pytorch.ts";

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
const RUNS = ".runs/statistics";

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

/** A run after a point. */
export interface UnfinishedText {
  readonly settings: TextSettings;
  readonly points: readonly TextPoint[];
  readonly run: TextRunState;
}

/**
 * Trains a network on a text, or resumes its training.
 *
 * @param plan What is trained, and how.
 * @param from What `onPoint` received last, of the same settings; default: a new training.
 * @param onPoint Receives the run after every validation.
 * @param validation How it is validated.
 * @returns The record of the finished run.
 * @throws {UserError} If the text is not the one that the run was started with.
 */
export function trainTextRecord(
  plan: TextPlan,
  from?: UnfinishedText,
  onPoint: (unfinished: UnfinishedText) => void = () => {},
  validation: TextValidation = STANDARD_VALIDATION,
): TextRecord {
  const { settings } = plan;
  const run = from ? resumeTextRun(plan, validation, from.run) : startTextRun(plan, validation);
  try {
    let [points, last] = [from?.points ?? [], from?.run.last ?? null];
    while (!run.finished) {
      run.advance(1);
      const { validation: bits, symbols } = run.metrics();
      if (bits === last) continue;
      last = Number(bits);
      points = [...points, [Number(symbols), Number(last.toFixed(4))]];
      onPoint({ settings, points, run: run.state() });
    }
    return recordOf(plan, points, run.state().best);
  } finally {
    run.close?.();
  }
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

/** Formats the table as JSON with one run a line. */
function formatTable(table: TextTable): string {
  const parts = ROWS.filter(({ name }) => name in table).map(({ name }) => {
    const runs = [...table[name]].sort((a, b) => a.seed - b.seed);
    const lines = runs.map((run) => `    ${JSON.stringify(run)}`).join(",\n");
    return `  ${JSON.stringify(name)}: [\n${lines}\n  ]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

const readTable = (files: Files): TextTable => readStoredTable(files, TEXT_FILE, {});
const keptPath = (name: string, seed: number) =>
  join(RUNS, `text-${name.toLowerCase()}-${seed}.safetensors`);

/** Reads a run that has been stopped; undefined if there is none or it has other settings. */
function readKept(files: Files, path: string, settings: TextSettings): UnfinishedText | undefined {
  if (files.kindOf(path) === "nothing") return undefined;
  const kept = checkpointFromBytes<UnfinishedText>(files.readBytes(path, 2 ** 30), path);
  return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept : undefined;
}

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
  const settings = textStudySettings(cell, seed), path = keptPath(name, seed);
  const plan = textPlan(settings, files);
  if (inPyTorch) {
    terminal.note(`${name}, seed ${seed}: some minutes`);
    return trainPyTorchRecord(plan, files);
  }
  return trainTextRecord(plan, readKept(files, path, settings), (unfinished) => {
    const [characters, bits] = unfinished.points.at(-1)!;
    terminal.note(`${name}, seed ${seed}: ${characters} characters, ${bits.toFixed(3)} bits`);
    files.makeFolder(RUNS);
    writeBytesAtomically(files, path, checkpointToBytes(unfinished));
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
