import { handlerOf, type JobHandlers, type JobWorker, type StopFlag } from "@/runs/worker.ts";

/**
 * Creates a worker that runs its jobs on the caller's thread.
 *
 * @param handlers The handler of each kind of job.
 * @param stop The stop flag of its jobs.
 * @returns The worker.
 */
export function localWorker(handlers: JobHandlers, stop: StopFlag): JobWorker {
  return {
    run: (kind, job, onProgress) =>
      new Promise((resolve) => {
        const context = { stop, report: (progress: unknown) => onProgress(progress as never) };
        resolve(handlerOf(handlers, kind)(job, context) as never);
      }),
    close() {},
  };
}
