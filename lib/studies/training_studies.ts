/**
 * The studies behind the notebooks on string reversal: which networks are trained from which seeds, and the stored table
 * of what became of each.
 *
 * The recipe was chosen on seeds 1001 to 1040; all seeds of these studies are new to it. `deno task statistics reversal`
 * takes hours; with a name after it, only the studies whose names contain it. Runs are kept in `.runs/statistics/` and
 * resumed if they are there, and the table is written after each study.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { join, writeAtomically } from "@/io/files.ts";
import type { OptionValue, SeedRange } from "@/options/option.ts";
import { createSeedsFolder, seedJobs, type SeedsConfig, trainPool } from "@/runs/seeds.ts";
import { StopFlag } from "@/runs/worker.ts";
import { defaultSettings, type TrainingSettings } from "@/training/plan.ts";
import { RECIPE_PARTS } from "@/training/recipe.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import { recordOf, type RunRecord } from "./run_record.ts";
import type { Study, StudyHost } from "./study.ts";

/** One way to train, tried from many seeds. */
export interface TrainingStudy {
  readonly name: string;
  /** What differs from the settings of `deno task train`. */
  readonly changes: Readonly<Partial<TrainingSettings>>;
  readonly seeds: SeedRange;
}

const TEN: SeedRange = { first: 1, last: 10 };
const THIRTY: SeedRange = { first: 1, last: 30 };

/** The recipe as it is, on its own size and on three others. */
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

/** The recipe with one thing left out or set otherwise. */
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

/** Published recipes, on a network of the published string reversal's sizes. */
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

/** All of them. */
export const TRAINING_STUDIES: readonly TrainingStudy[] = [...SIZES, ...ABLATIONS, ...PUBLISHED];

/** A study's table: what was set, and what each seed came to. */
export interface StudyTable {
  readonly changes: TrainingStudy["changes"];
  readonly seeds: readonly RunRecord[];
}

/** Tables by the names of their studies. */
export type TrainingStatistics = Record<string, StudyTable>;

/** Where the table is, from the project's folder. */
export const STUDIES_FILE = "notebooks/data/reversal_studies.json";
const RUNS = ".runs/statistics";

/** The stored table; empty if there is none. */
export function readTrainingStatistics(): TrainingStatistics {
  if (disk.kindOf(STUDIES_FILE) === "nothing") return {};
  return JSON.parse(disk.readText(STUDIES_FILE));
}

/** One seed a line, so that a change shows as a line. */
function inLines(statistics: TrainingStatistics): string {
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
  const { seed: _oneOfMany, ...defaults } = defaultSettings(1);
  const settings: Record<string, OptionValue> = { ...defaults, ...changes };
  return { experiment: sequenceExperiment.name, settings, seeds };
}

/** Trains the runs of a study, or resumes them; whether they have all ended. */
async function trainStudy(study: TrainingStudy, path: string, host: StudyHost): Promise<boolean> {
  const config = configOf(study), jobs = seedJobs(path, config), stop = new StopFlag();
  if (disk.kindOf(path) === "nothing") createSeedsFolder(disk, path, config);
  const forget = host.onStopSignal(() => stop.request());
  const workers = Array.from({ length: host.cores }, () => host.startWorker(stop));
  let done = -1;
  try {
    const results = await trainPool(jobs, workers, stop, ({ results }) => {
      if (results.length === done) return;
      done = results.length;
      host.terminal.note(`${study.name}: ${done} of ${jobs.length} seeds done`);
    });
    return results !== "stopped";
  } finally {
    forget();
    workers.forEach((worker) => worker.close());
  }
}

/** Records of a study's runs; existing ones are kept. */
function recordStudy(study: TrainingStudy, path: string, earlier?: StudyTable): StudyTable {
  const known = new Map((earlier?.seeds ?? []).map((record) => [record.seed, record]));
  const seeds = seedJobs(path, configOf(study)).flatMap(({ settings: { seed }, path }) =>
    known.get(seed) ?? recordOf(disk, path) ?? []
  );
  return { changes: study.changes, seeds };
}

async function make(part: string, host: StudyHost): Promise<void> {
  const { terminal } = host;
  for (const study of TRAINING_STUDIES.filter(({ name }) => name.includes(part))) {
    const path = join(RUNS, study.name.replaceAll(" ", "-"));
    if (!await trainStudy(study, path, host)) {
      return terminal.note("Stopped; call it again to resume");
    }
    terminal.note(`Measuring the networks of ${study.name} …`);
    const table = recordStudy(study, path, readTrainingStatistics()[study.name]);
    // Read again: measuring takes long enough for another study to have been written.
    const statistics = { ...readTrainingStatistics(), [study.name]: table };
    writeAtomically(disk, STUDIES_FILE, inLines(statistics));
    const { seeds } = table, successes = seeds.filter(({ success }) => success).length;
    terminal.print(`${successes} of ${seeds.length}  ${study.name}`);
  }
}

/** The study as the command line knows it. */
export const TRAINING_STUDY: Study = {
  name: "reversal",
  about: `${STUDIES_FILE}, for notebooks 11 and 12; PART is a network or a recipe`,
  make,
};
