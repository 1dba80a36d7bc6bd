/**
 * An evaluation in a worker thread: both ends of its progress, and its stop.
 *
 * @module
 */
import type { StopCode } from "@/io/signals.ts";
import { Stopped } from "@/runs/run.ts";
import { type JobHandler, withStopFlag } from "@/runs/worker.ts";
import type { CommandHost } from "./host.ts";
import { createProgressBar } from "./progress.ts";

/** How far an evaluation has come: the share of the work that is done, from 0 to 1, and more. */
export interface EvaluationShare {
  readonly share: number;
}

/** An evaluation. */
export interface EvaluationJob<P extends EvaluationShare> {
  /** The kind of the job, which selects the handler. */
  readonly kind: string;
  readonly job: { readonly path: string };
  /** Says how far it has come, as in "3 of 10 strings"; undefined before the first progress. */
  position(progress: P | undefined): string;
}

/**
 * Evaluates in a worker.
 *
 * @param evaluation The job.
 * @param host The terminal, clock, signals and workers to use.
 * @returns What the handler returned, or the exit code if a stop was requested.
 */
export async function evaluateInWorker<P extends EvaluationShare, R>(
  { kind, job, position }: EvaluationJob<P>,
  host: CommandHost,
): Promise<R | StopCode> {
  return await withStopFlag<R>(host, async (stop) => {
    const worker = host.startWorker(stop);
    const progress = createProgressBar(host.terminal, "Evaluating", host.now);
    let last: P | undefined;
    host.terminal.note(`Evaluating ${job.path}`);
    const show = (now: P) => {
      last = now;
      progress.show({ share: now.share, details: [position(now)] });
    };
    try {
      const result = await worker.run<unknown, P, R | null>(kind, job, show);
      if (result !== null) return result;
    } finally {
      progress.end();
      worker.close();
    }
    host.terminal.note(`Stopped after ${position(last)}; no scores`);
    return "stopped";
  });
}

/** The time between two progress messages, in milliseconds. */
const REPORT_INTERVAL_MS = 50;

/**
 * Creates the handler of an evaluation.
 *
 * @param evaluate The work; it reports its progress, which throws if a stop is requested.
 * @param now A clock in milliseconds.
 * @returns The handler; it returns what `evaluate` returned, or null if a stop is requested.
 */
export function evaluationHandler<Job, P extends EvaluationShare, R>(
  evaluate: (job: Job, onProgress: (progress: P) => void) => R,
  now: () => number,
): JobHandler {
  return (job, { stop, report }) => {
    let reportedAt = -Infinity;
    const onProgress = (progress: P) => {
      if (stop.requested) throw new Stopped();
      const time = now();
      if (time - reportedAt < REPORT_INTERVAL_MS && progress.share < 1) return;
      reportedAt = time;
      report(progress);
    };
    try {
      return evaluate(job, onProgress);
    } catch (error) {
      if (error instanceof Stopped) return null;
      throw error;
    }
  };
}
