/**
 * The study `reversal` of notebooks 11 and 12: training runs of string reversal over many seeds, for several network
 * sizes, ablations of the recipe, and published recipes.
 *
 * The recipe was tuned on seeds 1001 to 1040; the seeds of these studies are held out. `deno task statistics reversal`
 * takes hours; with a word after it, only the studies whose names contain the word are run. Runs are kept in
 * `.runs/statistics/` and resumed if they exist, and the table is written after each study.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { join, writeAtomically } from "@/io/files.ts";
import type { SeedRange } from "@/options/option.ts";
import type { StopCode } from "@/io/signals.ts";
import { claimNewFolder, claimRunFolder, CONFIG_FILE } from "@/runs/claimed_folder.ts";
import { createSeedsFolder, seedJobs, type SeedsConfig, trainPool } from "@/runs/seeds.ts";
import { withStopFlag } from "@/runs/worker.ts";
import { defaultSettings, type TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { RECIPE_PARTS } from "@/training/ablation.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import { readStoredTable } from "./stored_table.ts";
import { createRunRecord, type RunRecord } from "./run_record.ts";
import { chooseRows, type Study, type StudyHost } from "./study.ts";
import { countSuccesses } from "./success_rate.ts";

/** One training setup, run with several seeds. */
export interface TrainingStudy {
  readonly name: string;
  /** Changes to the default settings of `deno task train`. */
  readonly changes: Readonly<Partial<TrainingSettings>>;
  readonly seeds: SeedRange;
}

const TEN: SeedRange = { first: 1, last: 10 };
const THIRTY: SeedRange = { first: 1, last: 30 };

/** The complete recipe with the default size and three others. */
const SIZES: readonly TrainingStudy[] = [
  { name: "standard", changes: {}, seeds: { first: 1, last: 100 } },
  {
    name: "16 symbols",
    changes: { symbols: 16, hidden: 32, valueWidth: 16, embedding: 16 },
    seeds: TEN,
  },
  { name: "width 64", changes: { valueWidth: 64, embedding: 64 }, seeds: TEN },
  { name: "width 256", changes: { hidden: 256, valueWidth: 256, embedding: 64 }, seeds: TEN },
];

/** The recipe with one part removed or one setting changed. */
const ABLATIONS: readonly TrainingStudy[] = [
  ...RECIPE_PARTS.map((part) => ({
    name: `without ${part}`,
    changes: { ablate: part },
    seeds: THIRTY,
  })),
  { name: "learning rate 0.001", changes: { learningRate: 0.001 }, seeds: THIRTY },
  { name: "pop bias −1", changes: { popBias: -1 }, seeds: THIRTY },
  { name: "forget bias 1", changes: { forgetBias: 1 }, seeds: THIRTY },
];

/** Published recipes, with a network of their sizes for string reversal. */
const PUBLISHED: readonly TrainingStudy[] = [
  {
    name: "flamant-2019",
    changes: { recipe: "flamant-2019", valueWidth: 64, embedding: 64, strings: 50_000 },
    seeds: THIRTY,
  },
  {
    name: "dusell-2017",
    changes: { recipe: "dusell-2017", valueWidth: 64, embedding: 64, strings: 20_000 },
    seeds: THIRTY,
  },
];

/** All studies, in the order of the table. */
export const TRAINING_STUDIES: readonly TrainingStudy[] = [...SIZES, ...ABLATIONS, ...PUBLISHED];

/** The results of a study: its settings, and the record of each seed. */
export interface StudyTable {
  readonly changes: TrainingStudy["changes"];
  readonly seeds: readonly RunRecord[];
}

/** Results by the names of their studies. */
export type TrainingStatistics = Record<string, StudyTable>;

/** Path of the table, from the project's folder. */
export const STUDIES_FILE = "notebooks/data/reversal_studies.json";
const RUNS = ".runs/statistics";

/** Reads the stored table; empty if there is none. */
function readTrainingStatistics(): TrainingStatistics {
  return readStoredTable(disk, STUDIES_FILE, {});
}

/** Formats the table as JSON with one seed a line, so that a diff shows single seeds. */
function formatTable(statistics: TrainingStatistics): string {
  const tables = TRAINING_STUDIES.flatMap(({ name }) => {
    const table = statistics[name];
    if (!table) return [];
    const seeds = table.seeds.map((record) => `    ${JSON.stringify(record)}`).join(",\n");
    const changes = JSON.stringify(table.changes);
    return [`  ${JSON.stringify(name)}: { "changes": ${changes}, "seeds": [\n${seeds}\n  ]}`];
  });
  return `{\n${tables.join(",\n")}\n}\n`;
}

function configOf({ changes, seeds }: TrainingStudy): SeedsConfig {
  const plan = trainingPlan({ ...defaultSettings(1), ...changes });
  const { seed: _, ...settings } = plan.settings;
  return { experiment: sequenceExperiment.name, settings, seeds };
}

/** Trains or resumes the runs of a study. */
async function trainStudy(
  study: TrainingStudy,
  path: string,
  host: StudyHost,
): Promise<"done" | StopCode> {
  const config = configOf(study), jobs = seedJobs(path, config);
  const hasBegun = disk.kindOf(join(path, CONFIG_FILE)) !== "nothing";
  const folder = hasBegun ? claimRunFolder(disk, path) : claimNewFolder(disk, path);
  if (!hasBegun) createSeedsFolder(disk, folder, config);
  let reported = -1;
  return await withStopFlag(host, async (stop) => {
    const workers = Array.from({ length: host.cores }, () => host.startWorker(stop));
    try {
      const results = await trainPool(jobs, workers, stop, ({ results }) => {
        if (results.length === reported) return;
        reported = results.length;
        host.terminal.note(`${study.name}: ${reported} of ${jobs.length} seeds done`);
      });
      return results === "stopped" ? results : "done";
    } finally {
      workers.forEach((worker) => worker.close());
      folder.release();
    }
  });
}

/** Computes the records of a study's finished runs; records that exist are kept. */
function recordStudy(study: TrainingStudy, path: string, earlier?: StudyTable): StudyTable {
  const known = new Map((earlier?.seeds ?? []).map((record) => [record.seed, record]));
  const seeds = seedJobs(path, configOf(study)).flatMap((job) =>
    known.get(job.settings.seed) ?? createRunRecord(disk, job) ?? []
  );
  return { changes: study.changes, seeds };
}

async function make(part: string, host: StudyHost): Promise<StopCode | void> {
  const { terminal } = host;
  readTrainingStatistics(); // a damaged table is refused here, not after hours of training
  for (const study of chooseRows(TRAINING_STUDIES, part)) {
    const path = join(RUNS, study.name.replaceAll(" ", "-"));
    const ending = await trainStudy(study, path, host);
    if (ending !== "done") {
      terminal.note("Stopped; run the command again to resume");
      return ending;
    }
    terminal.note(`Measuring the networks of ${study.name} …`);
    const table = recordStudy(study, path, readTrainingStatistics()[study.name]);
    // Read the table again: another process may have written a study in the meantime.
    const statistics = { ...readTrainingStatistics(), [study.name]: table };
    writeAtomically(disk, STUDIES_FILE, formatTable(statistics));
    const { seeds } = table;
    terminal.print(`${countSuccesses(seeds)} of ${seeds.length}  ${study.name}`);
  }
}

/** The study on the command line. */
export const TRAINING_STUDY: Study = {
  name: "reversal",
  about: `${STUDIES_FILE}, for notebooks 11 and 12; PART is a part of a study's name`,
  make,
};
