/**
 * The study `paper` of notebook 14: every task of the paper with every memory, the paper's own recipe, and ablations.
 *
 * `deno task statistics paper` takes hours. It trains as many runs at a time as there are cores, each on one thread, keeps them
 * in `.runs/statistics/paper/`, and writes the table after each run. If it is stopped, it resumes the runs in progress from
 * their last checkpoints. A setup whose recipe has changed since is trained anew.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";
import type { SeedRange } from "@/options/option.ts";
import type { RunResult } from "@/runs/run_result.ts";
import { trainPool } from "@/runs/seeds.ts";
import type { TrainJob } from "@/runs/train_job.ts";
import { withStopFlag } from "@/runs/worker.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import {
  folderNameOf,
  orderRuns,
  PAPER_SETUPS,
  type PaperSetup,
  settingsOf,
  type SetupSeed,
} from "./paper_setups.ts";
import {
  addRun,
  currentRuns,
  formatPaperTable,
  outdatedSetups,
  PAPER_FILE,
  type PaperRun,
  paperRunOf,
  readPaperTable,
} from "./paper_table.ts";
import { ablationRows, publishedRecipeRows, readPublishedResults, taskRows } from "./paper_rows.ts";
import { chooseRows, type Study, type StudyHost } from "./study.ts";

const RUNS = ".runs/statistics/paper";

/** What the study is made of; tests have smaller setups and a disk in memory. */
export interface PaperStudyParts {
  readonly files: Files;
  readonly setups: readonly PaperSetup[];
}

/** A run to train, and its setup. */
interface PaperJob extends SetupSeed {
  readonly job: TrainJob;
}

/** Lists the runs that the table lacks. */
function missingJobs(files: Files, chosen: readonly PaperSetup[], seeds?: SeedRange): PaperJob[] {
  const runs = orderRuns(chosen, seeds);
  if (runs.length === 0) {
    const last = Math.max(...chosen.map(({ seeds }) => seeds.last));
    const got = `${seeds?.first}..${seeds?.last}`;
    throw new UserError("make statistics", `some of the seeds 1..${last} for --seeds`, got);
  }
  const table = readPaperTable(files);
  const byName = new Map(chosen.map((setup) => {
    const folder = join(RUNS, folderNameOf(setup)), stored = currentRuns(table, setup);
    return [setup.name, { folder, stored }];
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

/** Says how many test strings were right in full, shorter ones first. */
function scoresText({ scores }: PaperRun): string {
  const longest = (lengths: string) => Number(lengths.split("..").at(-1));
  return Object.keys(scores).sort((a, b) => longest(a) - longest(b)).map((lengths) => {
    const [strings, exact] = scores[lengths];
    return `${countText(exact)} of ${countText(strings)} at ${lengths}`;
  }).join(", ") || "diverged";
}

/** Trains the runs, and writes the table after each. */
async function trainJobs(
  { files, setups }: PaperStudyParts,
  jobs: readonly PaperJob[],
  host: StudyHost,
): Promise<"done" | StopCode> {
  const bySettings = new Map(jobs.map((each) => [JSON.stringify(each.job.settings), each]));
  let recorded = 0;
  function record(result: RunResult): void {
    const { setup, seed, job } = bySettings.get(JSON.stringify(result.settings))!;
    const run = paperRunOf(result, job.threads);
    // Read again: another process may have written other setups in the meantime.
    const table = addRun(readPaperTable(files), setup, run);
    writeAtomically(files, PAPER_FILE, formatPaperTable(table, setups));
    host.terminal.note(
      `${++recorded} of ${jobs.length}: ${setup.name}, seed ${seed}: ${scoresText(run)}; ` +
        `${countText(run.strings)} strings, ${run.seconds} s`,
    );
  }
  return await withStopFlag(host, async (stop) => {
    const count = Math.min(host.cores, jobs.length);
    const workers = Array.from({ length: count }, () => host.startWorker(stop));
    try {
      const results = await trainPool(
        jobs.map(({ job }) => job),
        workers,
        stop,
        ({ results }) => results.slice(recorded).forEach(record),
      );
      return results === "stopped" ? results : "done";
    } finally {
      workers.forEach((worker) => worker.close());
    }
  });
}

/** Says which stored runs are of another recipe, and what becomes of them. */
function noteOutdated(parts: PaperStudyParts, chosen: readonly PaperSetup[], host: StudyHost) {
  for (const setup of outdatedSetups(readPaperTable(parts.files), parts.setups)) {
    const consequence = chosen.includes(setup)
      ? "they are dropped, and the chosen seeds trained anew"
      : "they do not count";
    host.terminal.note(`${setup.name}: the stored runs are of another recipe; ${consequence}`);
  }
}

/**
 * Creates the study.
 *
 * @param parts Its setups, and the disk of its table and its runs.
 * @returns The study.
 */
export function paperStudy(parts: PaperStudyParts): Study {
  return {
    name: "paper",
    about: `${PAPER_FILE}, for notebook 14; PART is a part of a setup's name, such as copy/queue`,
    takesSeeds: true,
    async make(part, host, seeds) {
      const chosen = chooseRows(parts.setups, part);
      const jobs = missingJobs(parts.files, chosen, seeds);
      noteOutdated(parts, chosen, host);
      if (jobs.length === 0) return;
      const ending = await trainJobs(parts, jobs, host);
      if (ending === "done") return;
      host.terminal.note("Stopped; run the command again to resume");
      return ending;
    },
    tables() {
      const table = readPaperTable(parts.files), published = readPublishedResults(parts.files);
      const tables = [
        {
          title: "Every task with every memory; coarse and fine are medians on 65 to 128 symbols",
          rows: taskRows(table, published, parts.setups),
        },
        {
          title: "The paper's recipe beside the default one",
          rows: publishedRecipeRows(table, published, parts.setups),
        },
        {
          title: "The default recipe without one of its parts",
          rows: ablationRows(table, parts.setups),
        },
      ];
      return tables.filter(({ rows }) => rows.length > 0);
    },
  };
}

/** The study on the command line. */
export const PAPER_STUDY: Study = paperStudy({ files: disk, setups: PAPER_SETUPS });
