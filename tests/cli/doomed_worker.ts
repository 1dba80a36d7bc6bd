/** The thread of a small training that may kill its process in the middle of a write. */
import { trainHandlers, type TrainJob } from "@/runs/train_job.ts";
import { type JobContext, serveJobs, type WorkerScope } from "@/runs/worker.ts";
import { type Doom, doomedFiles } from "./doomed_files.ts";
import { SMALL_TRAINING } from "./small_training.ts";

/** A training, and when its process dies. */
export interface DoomedJob extends TrainJob {
  readonly doom: Doom;
}

// Time goes by ten times as fast, so that there are checkpoints to be killed in.
const now = () => 10 * performance.now();

const handler = (kind: string) => ({ doom, ...job }: DoomedJob, context: JobContext) =>
  trainHandlers(doomedFiles(doom), [SMALL_TRAINING], now)[kind](job, context);

serveJobs(self as unknown as WorkerScope, { start: handler("start"), resume: handler("resume") });
