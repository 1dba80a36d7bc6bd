/**
 * Training as a job for a worker: starts a run, resumes one, or does whichever one of many seeds needs.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import type { RunConfig } from "./checkpoint.ts";
import type { Experiment, ProgressLabels } from "./run.ts";
import { readResult } from "./run_folder.ts";
import { type Ending, type Progress, resumeSession, startSession, train } from "./train.ts";
import type { JobContext, JobHandlers } from "./worker.ts";

/** A run to train, and its folder. */
export interface TrainJob extends RunConfig {
  /** The run folder. */
  readonly path: string;
  readonly threads: number;
}

/** A message from a training job. */
export type TrainProgress =
  | { readonly kind: "started"; readonly iteration: number; readonly labels?: ProgressLabels }
  | { readonly kind: "progress"; readonly progress: Progress };

/** The time between two progress messages, in milliseconds. */
const REPORT_INTERVAL_MS = 100;

/**
 * Creates the handlers of training jobs.
 *
 * @param files The file system with the run folders.
 * @param experiments The experiments that can be trained.
 * @param now A clock in milliseconds.
 * @returns `start` and `resume`, which train one run; and `seed`, which starts or resumes a run, or returns its stored
 * result if it has ended.
 */
export function trainHandlers(
  files: Files,
  experiments: readonly Experiment[],
  now: () => number = () => performance.now(),
): JobHandlers {
  function run(open: typeof startSession, job: TrainJob, context: JobContext): Ending {
    const { experiment: name, settings, path, threads } = job;
    const experiment = experiments.find((experiment) => experiment.name === name);
    if (!experiment) throw new Error(`Cannot train: wanted an experiment, got ${name}`);
    const session = open({ files, path, resources: { threads } }, experiment, settings);
    const report = (progress: TrainProgress) => context.report(progress);
    report({ kind: "started", iteration: session.run.iteration, labels: session.run.labels });
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
    const hasFolder = files.kindOf(job.path) !== "nothing";
    const result = hasFolder ? readResult(files, job.path) : undefined;
    const outcome = { lines: [], success: result?.success ?? false, figures: [] };
    if (result) return { kind: "finished", result, outcome };
    const ending = run(hasFolder ? resumeSession : startSession, job, context);
    return ending.kind === "finished" ? { ...ending, outcome } : ending; // drops the figures
  }

  return {
    start: (job: TrainJob, context) => run(startSession, job, context),
    resume: (job: TrainJob, context) => run(resumeSession, job, context),
    seed: runSeed,
  };
}
