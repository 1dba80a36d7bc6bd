/** A few small jobs, and a thread that does them. */
import { UserError } from "@/io/user_error.ts";
import { type JobContext, type JobHandlers, serveJobs, type WorkerScope } from "@/runs/worker.ts";

export const JOBS: JobHandlers = {
  count({ to }: { readonly to: number }, { report }: JobContext) {
    for (let i = 1; i <= to; i++) report(i);
    return { counted: to };
  },
  refuse(job: number) {
    throw new UserError("do the job", "a job to do", String(job));
  },
  slip() {
    throw new TypeError("slip");
  },
  /** Waits for the stop flag without giving messages a chance. */
  wait({ milliseconds }: { readonly milliseconds: number }, { stop, report }: JobContext) {
    report("waiting");
    const end = performance.now() + milliseconds;
    while (!stop.requested && performance.now() < end);
    return { stopped: stop.requested };
  },
};

// Tests import this module too, from a thread that serves nobody.
if ("WorkerGlobalScope" in globalThis) serveJobs(self as unknown as WorkerScope, JOBS);
