/**
 * The study `paper` of notebook 14: every task of the paper with every memory, the paper's own recipe, ablations,
 * other ways to learn SVO–SOV, and the other grammar of gender.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { type Files, join } from "@/io/files.ts";
import { lengthRangeText } from "@/options/option.ts";
import type { JobWorker } from "@/runs/worker.ts";
import { createTask, type TaskName } from "@/tasks/tasks.ts";
import type { Evaluation } from "@/training/evaluation.ts";
import type { EvaluateJob } from "@/training/evaluate_jobs.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { STANDARD_SETS, type ValidationSets } from "@/training/validation.ts";
import { BEST_WEIGHTS } from "@/weights/trained_model.ts";
import {
  ablationRows,
  publishedRecipeRows,
  readPublishedResults,
  taskRows,
  variantRows,
} from "./paper_rows.ts";
import { PAPER_SETUPS, type PaperSetup } from "./paper_setups.ts";
import type { Study } from "./study.ts";
import { settingsOf } from "./training_setup.ts";
import { scoresText, type SetupRun, trainingStudy } from "./training_study.ts";
import { setScores, type TrainingRun, trainingRunOf } from "./training_table.ts";

/** Path of the table, from the project's folder. */
export const PAPER_FILE = "notebooks/data/paper_statistics.json";

/** What the study is made of; tests have smaller setups and a disk in memory. */
export interface PaperStudyParts {
  readonly files: Files;
  readonly setups: readonly PaperSetup[];
  /** The test strings of setups that are tested on another task. */
  readonly sets: Pick<ValidationSets, "test">;
}

/**
 * Creates the study.
 *
 * @param parts Its setups, the disk of its table and its runs, and test strings.
 * @returns The study.
 */
export function paperStudy({ files, setups, sets }: PaperStudyParts): Study {
  return trainingStudy({
    name: "paper",
    about: "for notebook 14",
    file: PAPER_FILE,
    files,
    setups,
    async recordOf(result, run, worker) {
      const record = trainingRunOf(result, run.job.threads);
      if (!run.setup.tested || result.diverged !== undefined) return record;
      const scores = await scoreOn(run.setup.tested, sets, run, worker);
      return scores === "stopped" ? scores : { ...record, scores };
    },
    describe: scoresText,
    tables(table) {
      const published = readPublishedResults(files);
      return [
        {
          title: "Every task with every memory; coarse and fine are medians on 65 to 128 symbols",
          rows: taskRows(table, published, setups),
        },
        {
          title: "The paper's recipe beside the default one",
          rows: publishedRecipeRows(table, published, setups),
        },
        {
          title: "The default recipe without one of its parts",
          rows: ablationRows(table, setups),
        },
        {
          title: "SVO-SOV learned in other ways, and the other grammar of gender",
          rows: variantRows(table, setups),
        },
      ];
    },
  });
}

/** Scores the network of a run on the test strings of another task. */
async function scoreOn(
  name: TaskName,
  sets: PaperStudyParts["sets"],
  { setup, seed, job: { path: folder } }: SetupRun,
  worker: JobWorker,
): Promise<TrainingRun["scores"] | "stopped"> {
  const path = join(folder, BEST_WEIGHTS), task = createTask(name);
  const { lengths } = trainingPlan(settingsOf(setup, seed)), scores = [];
  for (const size of sets.test({ lengths, task })) {
    const set = { ...size, purpose: "test", seed } as const;
    const job: EvaluateJob = { path, task: name, set, build: "relaxed" };
    const found = await worker.run<EvaluateJob, unknown, Evaluation | null>(
      "evaluate",
      job,
      () => {},
    );
    if (found === null) return "stopped";
    scores.push({ ...found.strict, lengths: lengthRangeText(size.lengths) });
  }
  return setScores(scores);
}

/** The study on the command line. */
export const PAPER_STUDY: Study = paperStudy({
  files: disk,
  setups: PAPER_SETUPS,
  sets: STANDARD_SETS,
});
