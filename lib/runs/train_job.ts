/**
 * Training as a job for a worker: starts a run, resumes one, or does whichever one of many seeds needs.
 *
 * @module
 */
import { createAwakeClock } from "@/io/awake_clock.ts";
import { type Files, join } from "@/io/files.ts";
import type { RunConfig } from "./checkpoint.ts";
import type { Experiment, ProgressLabels } from "./run.ts";
import { CONFIG_FILE } from "./claimed_folder.ts";
import { readResult } from "./run_result.ts";
import { resumeSession, startSession } from "./session.ts";
import { type Ending, type Progress, train } from "./train.ts";
import type { JobContext, JobHandlers } from "./worker.ts";

/** A run to train, and its folder. */
export interface TrainJob extends RunConfig {
  /** The run folder. */
  readonly path: string;
  /** Whether a new run takes the folder `path-2`, `path-3` … if the path is in use. */
  readonly numberIfTaken?: boolean;
  readonly threads: number;
}

/** A message from a training job. */
export type TrainProgress =
  | {
    readonly kind: "started";
    /** The run folder. */
    readonly path: string;
    readonly iteration: number;
    readonly labels?: ProgressLabels;
  }
  | { readonly kind: "progress"; readonly progress: Progress };

/** The time between two progress messages, in milliseconds. */
const REPORT_INTERVAL_MS = 100;

/**
 * Creates the handlers of training jobs.
 *
 * @param files The file system with the run folders.
 * @param experiments The experiments that can be trained.
 * @param now A clock in milliseconds; by default one that leaves out the time in which the process is suspended.
 * @returns `start` and `resume`, which train one run; and `seed`, which starts or resumes a run, or returns its stored
 * result if it has ended.
 */
export function trainHandlers(
  files: Files,
  experiments: readonly Experiment[],
  now: () => number = createAwakeClock(),
): JobHandlers {
  function trainRun(open: typeof startSession, job: TrainJob, context: JobContext): Ending {
    const { experiment: name, settings, path, numberIfTaken, threads } = job;
    const experiment = experiments.find((experiment) => experiment.name === name);
    if (!experiment) throw new Error(`Cannot train: wanted an experiment, got ${name}`);
    const session = open(
      { files, path, numberIfTaken, resources: { threads } },
      experiment,
      settings,
    );
    const { folder, run } = session;
    const report = (progress: TrainProgress) => context.report(progress);
    report({ kind: "started", path: folder.path, iteration: run.iteration, labels: run.labels });
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
    const { experiment, settings, path } = job;
    const hasBegun = files.kindOf(join(path, CONFIG_FILE)) !== "nothing";
    const result = hasBegun ? readResult(files, path, { experiment, settings }) : undefined;
    const outcome = { lines: [], success: result?.success ?? false, figures: [] };
    if (result) return { kind: "finished", result, outcome };
    const ending = trainRun(hasBegun ? resumeSession : startSession, job, context);
    return ending.kind === "finished" ? { ...ending, outcome } : ending; // drops the figures
  }

  return {
    start: (job: TrainJob, context) => trainRun(startSession, job, context),
    resume: (job: TrainJob, context) => trainRun(resumeSession, job, context),
    seed: runSeed,
  };
}
