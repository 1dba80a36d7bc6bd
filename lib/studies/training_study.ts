/**
 * Studies that train setups with many seeds.
 *
 * Such a study takes hours. It trains as many runs at a time as there are cores, each on one thread, keeps them in a folder
 * of `.runs/statistics`, and writes the table after each run. If it is stopped, it resumes the runs in progress from their
 * last checkpoints. A setup whose recipe has changed since is trained anew.
 *
 * @module
 */
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";
import type { SeedRange } from "@/options/option.ts";
import { workInPool } from "@/runs/pool.ts";
import type { RunResult } from "@/runs/run_result.ts";
import type { Ending } from "@/runs/train.ts";
import type { TrainJob, TrainProgress } from "@/runs/train_job.ts";
import { type JobWorker, withStopFlag } from "@/runs/worker.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import { chooseRows, type Study, type StudyHost, type TitledRows } from "./study.ts";
import {
  folderNameOf,
  orderRuns,
  settingsOf,
  type SetupSeed,
  type TrainingSetup,
} from "./training_setup.ts";
import {
  addRun,
  currentRuns,
  formatTrainingTable,
  outdatedSetups,
  readTrainingTable,
  type TrainingRun,
  type TrainingTable,
} from "./training_table.ts";

/** What a study of trainings is made of. */
export interface TrainingStudyParts<Run extends TrainingRun> {
  /** Its name on the command line, and of the folder of its runs. */
  readonly name: string;
  /** What is said of it where the studies are listed. */
  readonly about: string;
  /** Path of its table, from the project's folder. */
  readonly file: string;
  /** The disk of the table and the runs. */
  readonly files: Files;
  readonly setups: readonly TrainingSetup[];
  /** Makes a row of the table from a run that has ended, with the worker that trained it; "stopped" if it obeyed the flag. */
  recordOf(result: RunResult, run: SetupRun, worker: JobWorker): Promise<Run | "stopped">;
  /** Says what a row of the table shows, in a line. */
  describe(run: Run): string;
  /** The stored table for the terminal. */
  tables(table: TrainingTable<Run>): readonly TitledRows[];
}

/** A run to train, and its setup. */
export interface SetupRun extends SetupSeed {
  readonly job: TrainJob;
}

/** Lists the runs that the table lacks. */
function missingRuns<Run extends TrainingRun>(
  { name, file, files }: TrainingStudyParts<Run>,
  chosen: readonly TrainingSetup[],
  seeds?: SeedRange,
): SetupRun[] {
  const runs = orderRuns(chosen, seeds);
  if (runs.length === 0) {
    const last = Math.max(...chosen.map(({ seeds }) => seeds.last));
    const got = `${seeds?.first}..${seeds?.last}`;
    throw new UserError("make statistics", `some of the seeds 1..${last} for --seeds`, got);
  }
  const table = readTrainingTable(files, file);
  const byName = new Map(chosen.map((setup) => {
    const folder = join(".runs/statistics", name, folderNameOf(setup));
    return [setup.name, { folder, stored: currentRuns(table, setup) }];
  }));
  return runs.flatMap(({ setup, seed }) => {
    const { folder, stored } = byName.get(setup.name)!;
    if (stored.some((run) => run.seed === seed)) return [];
    const settings = settingsOf(setup, seed), path = join(folder, `seed-${seed}`);
    return {
      setup,
      seed,
      job: { experiment: sequenceExperiment.name, settings, path, threads: 1 },
    };
  });
}

/**
 * Says how many strings were right in full, shorter ones first.
 *
 * @param scores The scores of a run by the lengths of the strings.
 * @returns One line.
 */
export function scoresText({ scores }: TrainingRun): string {
  const longest = (lengths: string) => Number(lengths.split("..").at(-1));
  return Object.keys(scores).sort((a, b) => longest(a) - longest(b)).map((lengths) => {
    const [strings, exact] = scores[lengths];
    return `${countText(exact)} of ${countText(strings)} at ${lengths}`;
  }).join(", ") || "diverged";
}

/** Trains the runs, and writes the table after each. */
async function trainRuns<Run extends TrainingRun>(
  { files, file, setups, recordOf, describe }: TrainingStudyParts<Run>,
  runs: readonly SetupRun[],
  host: StudyHost,
): Promise<"done" | StopCode> {
  let recorded = 0;
  function store({ setup, seed }: SetupRun, run: Run): void {
    // Read again: another process may have written other setups in the meantime.
    const table = addRun(readTrainingTable<Run>(files, file), setup, run);
    writeAtomically(files, file, formatTrainingTable(table, setups));
    host.terminal.note(
      `${++recorded} of ${runs.length}: ${setup.name}, seed ${seed}: ${describe(run)}; ` +
        `${countText(run.strings)} strings, ${run.seconds} s`,
    );
  }
  async function trainAndStore(run: SetupRun, worker: JobWorker): Promise<"done" | "stopped"> {
    const ending = await worker.run<TrainJob, TrainProgress, Ending>("seed", run.job, () => {});
    if (ending.kind === "stopped") return "stopped";
    const record = await recordOf(ending.result, run, worker);
    if (record === "stopped") return "stopped";
    store(run, record);
    return "done";
  }
  return await withStopFlag(host, async (stop) => {
    const count = Math.min(host.cores, runs.length);
    const workers = Array.from({ length: count }, () => host.startWorker(stop));
    try {
      const done = await workInPool(runs, workers, stop, trainAndStore);
      return done === "stopped" ? done : "done";
    } finally {
      workers.forEach((worker) => worker.close());
    }
  });
}

/** Says which stored runs are of another recipe, and what becomes of them. */
function noteOutdated<Run extends TrainingRun>(
  { files, file, setups }: TrainingStudyParts<Run>,
  chosen: readonly TrainingSetup[],
  { terminal }: StudyHost,
): void {
  for (const setup of outdatedSetups(readTrainingTable(files, file), setups)) {
    const consequence = chosen.includes(setup)
      ? "they are dropped, and the chosen seeds trained anew"
      : "they do not count";
    terminal.note(`${setup.name}: the stored runs are of another recipe; ${consequence}`);
  }
}

/**
 * Creates a study of trainings.
 *
 * @param parts What it is made of.
 * @returns The study.
 */
export function trainingStudy<Run extends TrainingRun>(parts: TrainingStudyParts<Run>): Study {
  const { name, about, file, files, setups } = parts;
  return {
    name,
    about: `${file}, ${about}; PART is a part of a setup's name, such as ${setups[0].name}`,
    takesSeeds: true,
    async make(part, host, seeds) {
      const chosen = chooseRows(setups, part), runs = missingRuns(parts, chosen, seeds);
      noteOutdated(parts, chosen, host);
      if (runs.length === 0) return;
      const ending = await trainRuns(parts, runs, host);
      if (ending === "done") return;
      host.terminal.note("Stopped; run the command again to resume");
      return ending;
    },
    tables: () =>
      parts.tables(readTrainingTable<Run>(files, file)).filter(({ rows }) => rows.length > 0),
  };
}
