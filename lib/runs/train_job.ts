/**
 * Training as a job for a worker: one run, new or resumed; or one of many seeds, whichever of the two it needs.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import type { RunConfig } from "./checkpoint.ts";
import type { Experiment, ProgressWords } from "./run.ts";
import { readResult } from "./run_folder.ts";
import { beginSession, type Ending, type Progress, resumeSession, train } from "./train.ts";
import type { JobContext, JobHandlers } from "./worker.ts";

/** What to train, and where to keep it. */
export interface TrainJob extends RunConfig {
  /** The run folder: resumed if it is there, else created. */
  readonly path: string;
  readonly threads: number;
}

/** What a training reports. */
export type TrainProgress =
  | { readonly kind: "started"; readonly iteration: number; readonly words?: ProgressWords }
  | { readonly kind: "progress"; readonly progress: Progress };

/** The time between two reports of a training, in milliseconds. */
const REPORT_INTERVAL_MS = 100;

/**
 * The handlers of trainings.
 *
 * @param files Where run folders are.
 * @param experiments What can be trained.
 * @param now A clock in milliseconds.
 * @returns `start` and `resume` one run; `seed` starts or resumes one, or returns the result that it has already.
 */
export function trainHandlers(
  files: Files,
  experiments: readonly Experiment[],
  now: () => number = () => performance.now(),
): JobHandlers {
  function run(open: typeof beginSession, job: TrainJob, context: JobContext): Ending {
    const { experiment: name, settings, path, threads } = job;
    const experiment = experiments.find((experiment) => experiment.name === name);
    if (!experiment) throw new Error(`Cannot train: wanted an experiment, got ${name}`);
    const session = open({ files, path, resources: { threads } }, experiment, settings);
    const report = (progress: TrainProgress) => context.report(progress);
    report({ kind: "started", iteration: session.run.iteration, words: session.run.words });
    let reportedAt = -Infinity, last: Progress | undefined;
    const ending = train(session, {
      now,
      stopRequested: () => context.stop.requested,
      onProgress(progress) {
        last = progress;
        if (now() - reportedAt < REPORT_INTERVAL_MS) return;
        reportedAt = now();
        report({ kind: "progress", progress });
      },
    });
    if (last) report({ kind: "progress", progress: last });
    return ending;
  }

  function runSeed(job: TrainJob, context: JobContext): Ending {
    const begun = files.kindOf(job.path) !== "nothing";
    const result = begun ? readResult(files, job.path) : undefined;
    const outcome = { lines: [], success: result?.success ?? false, figures: [] };
    if (result) return { kind: "finished", result, outcome };
    const ending = run(begun ? resumeSession : beginSession, job, context);
    return ending.kind === "finished" ? { ...ending, outcome } : ending; // figures are not wanted
  }

  return {
    start: (job: TrainJob, context) => run(beginSession, job, context),
    resume: (job: TrainJob, context) => run(resumeSession, job, context),
    seed: runSeed,
  };
}
