/**
 * The study `attention` of notebook 20: encoder–decoders without and with attention learn SVO–SOV from the same strings. Stored
 * is how each network does in the examination of `attention_exam.ts`; and one of the networks.
 *
 * `deno task statistics attention` takes about a quarter of an hour on one core; every training is stored when it is done, so
 * that a stopped study resumes.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import { mean } from "@/math/lists.ts";
import type { SeedRange } from "@/options/option.ts";
import type { LengthRange } from "@/tasks/task.ts";
import {
  defaultEncoderDecoderSettings,
  type EncoderDecoderSettings,
} from "@/training/encoder_decoder_options.ts";
import {
  encoderDecoderCommand,
  type EncoderDecoderPlan,
  encoderDecoderPlan,
} from "@/training/encoder_decoder_plan.ts";
import { STANDARD_PAIR_SETS, startEncoderDecoderRun } from "@/training/encoder_decoder_run.ts";
import { saveEncoderDecoder } from "@/weights/encoder_decoder_model.ts";
import {
  ATTENTION_EXAM,
  type AttentionExam,
  type AttentionFindings,
  examineAttention,
} from "./attention_exam.ts";
import { formatRecords, readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";

/** Path of the table, from the project's folder. */
export const ATTENTION_FILE = "notebooks/data/attention.json";
/** Path of the network with additive attention and seed 1. */
export const ATTENTION_NETWORK = "notebooks/data/svo_sov_attention.safetensors";
/** Words of the sentences that the networks learn from. */
export const ATTENTION_TRAINED: LengthRange = { shortest: 3, longest: 16 };

/** The record of a training. */
export interface AttentionRecord extends AttentionFindings {
  readonly seed: number;
  /** Strings after which the network was best in validation; that one was examined. */
  readonly strings: number;
}

/** Finished trainings by the name of the row. */
export type AttentionTable = Readonly<Record<string, readonly AttentionRecord[]>>;

/** A row of the study: a network, trained from several seeds. */
export interface AttentionRow {
  readonly name: string;
  readonly settings: EncoderDecoderSettings;
}

/** Seeds of each training. */
const SEEDS: SeedRange = { first: 1, last: 5 };
/** The row and the seed whose network is kept. */
const KEPT = { row: "additive attention", seed: 1 };

function settingsOf(changes: Partial<EncoderDecoderSettings>): EncoderDecoderSettings {
  return {
    ...defaultEncoderDecoderSettings(1),
    ...{ task: "svo-sov", lengths: `${ATTENTION_TRAINED.shortest}..${ATTENTION_TRAINED.longest}` },
    ...{ hidden: 64, strings: 128_000, batch: 32, learningRate: 0.003, build: "strict" },
    ...changes,
  };
}

/** The rows. */
export const ATTENTION_ROWS: readonly AttentionRow[] = [
  { name: "no attention", settings: settingsOf({ architecture: "encoder-decoder" }) },
  {
    name: "additive attention",
    settings: settingsOf({ architecture: "attention", attention: "additive" }),
  },
  {
    name: "dot-product attention",
    settings: settingsOf({ architecture: "attention", attention: "dot-product" }),
  },
];

/**
 * Trains the network of a row from a seed, and examines it.
 *
 * @param row The row.
 * @param seed Of its parameters, its training strings and its test sentences.
 * @param exam What it is examined on.
 * @param keep Receives the network.
 * @returns The record, the same on every machine.
 */
export function trainAttention(
  { settings }: AttentionRow,
  seed: number,
  exam: AttentionExam = ATTENTION_EXAM,
  keep: (
    plan: EncoderDecoderPlan,
    best: Readonly<{ parameters: Readonly<Record<string, Float32Array>>; strings: number }>,
  ) => void = () => {},
): AttentionRecord {
  const plan = encoderDecoderPlan({ ...settings, seed });
  const run = startEncoderDecoderRun(plan, STANDARD_PAIR_SETS);
  run.advance(run.iterations);
  const { best } = run.state();
  run.close?.();
  keep(plan, best);
  const { parameters, strings } = best;
  return { seed, strings, ...examineAttention({ plan, parameters }, seed, exam) };
}

/** The table as JSON with one training a line. */
const formatTable = (table: AttentionTable): string =>
  `${formatRecords(table, ATTENTION_ROWS.map(({ name }) => name))}\n`;

const readTable = (files: Files): AttentionTable => readStoredTable(files, ATTENTION_FILE, {});

/** Saves the network that the notebook opens. */
const saveNetwork = (files: Files): Parameters<typeof trainAttention>[3] => (plan, best) =>
  saveEncoderDecoder(files, ATTENTION_NETWORK, { ...plan, parameters: best.parameters }, [
    ["settings", JSON.stringify(plan.settings)],
    ["command", encoderDecoderCommand(plan.settings)],
    ["strings", String(best.strings)],
  ]);

/** Makes and stores a record, if it is not there. */
function makeRecord(row: AttentionRow, seed: number, files: Files): void {
  const stored = readTable(files)[row.name] ?? [];
  if (stored.some((record) => record.seed === seed)) return;
  const isKept = row.name === KEPT.row && seed === KEPT.seed;
  const record = trainAttention(row, seed, ATTENTION_EXAM, isKept ? saveNetwork(files) : undefined);
  const table = readTable(files); // of now: another process may have added to it
  const records = [...table[row.name] ?? [], record];
  writeAtomically(files, ATTENTION_FILE, formatTable({ ...table, [row.name]: records }));
}

/** The stored table for the terminal: exact match by length, as drawn, over all seeds. */
function tables(): TitledRows[] {
  const table = readTable(disk);
  const rows = Object.entries(table).map(([name, records]) => {
    const drawn = records.map(({ scores }) => scores["as drawn"]);
    const shares = drawn[0].map(({ length }, k) => {
      const exact = mean(drawn.map((scores) => scores[k].exact / ATTENTION_EXAM.answered));
      return [`${length} words`, exact.toFixed(2)];
    });
    return { network: name, seeds: `${records.length}`, ...Object.fromEntries(shares) };
  });
  return rows.length === 0 ? [] : [{ title: "Sentences right in full, mean over the seeds", rows }];
}

/** The study on the command line. */
export const ATTENTION_STUDY: Study = {
  name: "attention",
  about: `${ATTENTION_FILE} and a network beside it, for notebook 20; PART is a network`,
  takesSeeds: true,
  make(part, { terminal }, seeds) {
    const chosen = chooseRows(ATTENTION_ROWS, part);
    for (const seed of chooseSeeds(SEEDS, seeds)) {
      for (const row of chosen) {
        terminal.note(`${row.name}, seed ${seed}`);
        makeRecord(row, seed, disk);
      }
    }
  },
  tables,
};
