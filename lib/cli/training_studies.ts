/**
 * The studies behind the notebooks on string reversal: which networks are trained, from which seeds.
 *
 * The recipe was chosen on seeds 1001 to 1040, so that all of these are new to it.
 *
 * @module
 */
import type { TrainingSettings } from "@/training/plan.ts";
import { RECIPE_PARTS } from "@/training/recipe.ts";
import type { OptionValue, SeedRange } from "@/options/option.ts";
import { disk } from "@/io/disk.ts";
import { join, writeAtomically } from "@/io/files.ts";
import { recordOf, type RunRecord } from "@/studies/run_record.ts";
import { createSeedsFolder, seedJobs, type SeedsConfig } from "@/runs/seeds.ts";
import { stringReversal } from "@/training/sequence_experiment.ts";
import type { Study } from "@/studies/study.ts";
import type { Terminal } from "@/io/terminal.ts";
import { processHost } from "./process_host.ts";
import { EXPERIMENTS } from "./experiments.ts";
import type { TrainHost } from "./train_host.ts";
import { trainMany } from "./train_many.ts";

/** One way to train, tried from many seeds. */
export interface ReversalStudy {
  readonly name: string;
  /** What differs from the settings of `deno task train`. */
  readonly changes: Readonly<Partial<TrainingSettings>>;
  readonly seeds: SeedRange;
}

const TEN: SeedRange = { first: 1, last: 10 };
const THIRTY: SeedRange = { first: 1, last: 30 };

/** The recipe as it is, on its own size and on three others. */
const SIZES: readonly ReversalStudy[] = [
  { name: "standard", changes: {}, seeds: { first: 1, last: 100 } },
  {
    name: "16 symbols",
    changes: { symbols: 16, hidden: 32, stackWidth: 16, embedding: 16 },
    seeds: TEN,
  },
  { name: "width 64", changes: { stackWidth: 64, embedding: 64 }, seeds: TEN },
  { name: "width 256", changes: { hidden: 256, stackWidth: 256, embedding: 64 }, seeds: TEN },
];

/** The recipe with one thing left out or set otherwise. */
const ABLATIONS: readonly ReversalStudy[] = [
  ...RECIPE_PARTS.map((without) => ({
    name: `without ${without}`,
    changes: { without },
    seeds: THIRTY,
  })),
  { name: "learning rate 0.001", changes: { learningRate: 0.001 }, seeds: THIRTY },
  { name: "pop bias −1", changes: { popBias: -1 }, seeds: THIRTY },
  { name: "forget bias 1", changes: { forgetBias: 1 }, seeds: THIRTY },
];

/** Published recipes, on a network of the published string reversal's sizes. */
const PUBLISHED: readonly ReversalStudy[] = [
  {
    name: "flamant-2019",
    changes: { recipe: "flamant-2019", stackWidth: 64, embedding: 64, strings: 50_000 },
    seeds: THIRTY,
  },
  {
    name: "dusell-2017",
    changes: { recipe: "dusell-2017", stackWidth: 64, embedding: 64, strings: 20_000 },
    seeds: THIRTY,
  },
];

/** All of them. */
export const REVERSAL_STUDIES: readonly ReversalStudy[] = [...SIZES, ...ABLATIONS, ...PUBLISHED];

/** A study's table: what was set, and what each seed came to. */
export interface StudyTable {
  readonly changes: ReversalStudy["changes"];
  readonly seeds: readonly RunRecord[];
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
