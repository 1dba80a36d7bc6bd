/**
 * The table behind notebooks 11 and 12: every study of `reversal_studies.ts`, seed by seed.
 *
 * `deno task statistics reversal` takes hours; with a name behind it, it does only the studies whose names contain it.
 * Runs are kept in `.runs/statistics/` and gone on with if they are there, and the table is written after each study.
 *
 * @module
 */
import { disk } from "@/training/disk.ts";
import { join, writeAtomically } from "@/training/files.ts";
import type { OptionValue } from "@/training/option.ts";
import { recordOf, type ReversalRecord } from "@/training/reversal_record.ts";
import { REVERSAL_STUDIES, type ReversalStudy } from "@/training/reversal_studies.ts";
import { createSeedsFolder, seedJobs, type SeedsConfig } from "@/training/seeds_folder.ts";
import { stringReversal } from "@/training/experiments/string_reversal.ts";
import type { Study } from "./statistics_command.ts";
import type { Terminal } from "./terminal.ts";
import { processHost } from "./process_host.ts";
import { EXPERIMENTS } from "./experiments.ts";
import type { TrainHost } from "./train_host.ts";
import { trainMany } from "./train_many.ts";

/** A study's table: what was set, and what each seed came to. */
export interface StudyTable {
  readonly changes: ReversalStudy["changes"];
  readonly seeds: readonly ReversalRecord[];
}

/** Tables by the names of their studies. */
export type ReversalStatistics = Record<string, StudyTable>;

/** Where the table is, from the project's folder. */
export const REVERSAL_FILE = "notebooks/data/reversal_studies.json";
const RUNS = ".runs/statistics";

/** The table so far; empty if there is none. */
export function readReversalStatistics(): ReversalStatistics {
  if (disk.kindOf(REVERSAL_FILE) === "nothing") return {};
  return JSON.parse(disk.readText(REVERSAL_FILE));
}

/** One seed a line, so that a change shows as a line. */
function inLines(statistics: ReversalStatistics): string {
  const tables = REVERSAL_STUDIES.flatMap(({ name }) => {
    const table = statistics[name];
    if (!table) return [];
    const seeds = table.seeds.map((record) => `    ${JSON.stringify(record)}`).join(",\n");
    const changes = JSON.stringify(table.changes);
    return [`  ${JSON.stringify(name)}: { "changes": ${changes}, "seeds": [\n${seeds}\n  ]}`];
  });
  return `{\n${tables.join(",\n")}\n}\n`;
}

function configOf({ changes, seeds }: ReversalStudy): SeedsConfig {
  const defaults = Object.entries(stringReversal.options).map(([name, option]) => [
    name,
    option.default,
  ]);
  const settings: Record<string, OptionValue> = { ...Object.fromEntries(defaults), ...changes };
  return { experiment: stringReversal.name, settings, seeds };
}

/** The runs of a study, begun or gone on with; whether they have all ended. */
async function train(study: ReversalStudy, path: string, host: TrainHost): Promise<boolean> {
  const config = configOf(study);
  if (disk.kindOf(path) === "nothing") createSeedsFolder(disk, path, config);
  return await trainMany(path, config, { json: false }, host) === 0;
}

/** Records of a study's runs; those that there are already are kept. */
function recorded(study: ReversalStudy, path: string, earlier?: StudyTable): StudyTable {
  const known = new Map((earlier?.seeds ?? []).map((record) => [record.seed, record]));
  const seeds = seedJobs(path, configOf(study)).flatMap(({ settings: { seed }, path }) =>
    known.get(seed) ?? recordOf(disk, path) ?? []
  );
  return { changes: study.changes, seeds };
}

async function make(part: string, terminal: Terminal): Promise<void> {
  const host = processHost(EXPERIMENTS, new URL("./train_worker.ts", import.meta.url));
  for (const study of REVERSAL_STUDIES.filter(({ name }) => name.includes(part))) {
    const path = join(RUNS, study.name.replaceAll(" ", "-"));
    if (!await train(study, path, host)) return;
    terminal.note(`Measuring the networks of ${study.name} …`);
    const table = recorded(study, path, readReversalStatistics()[study.name]);
    // Read again: measuring takes long enough for another study to have been written.
    const statistics = { ...readReversalStatistics(), [study.name]: table };
    writeAtomically(disk, REVERSAL_FILE, inLines(statistics));
    const { seeds } = table;
    const successes = seeds.filter(({ success }) => success).length;
    terminal.print(`${successes} of ${seeds.length}  ${study.name}`);
  }
}

/** The study as the command line knows it. */
export const REVERSAL_STUDY: Study = {
  name: "reversal",
  about: `${REVERSAL_FILE}, for notebooks 11 and 12; PART is a network or a recipe`,
  make,
};
