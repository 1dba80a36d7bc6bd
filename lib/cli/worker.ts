/**
 * The main module of the worker threads in which commands train and evaluate.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { trainHandlers } from "@/runs/train_job.ts";
import { serveJobs, type WorkerScope } from "@/runs/worker.ts";
import { evaluateHandlers } from "./evaluate.ts";
import { EXPERIMENTS } from "./experiments.ts";

serveJobs(self as unknown as WorkerScope, {
  ...trainHandlers(disk, EXPERIMENTS),
  ...evaluateHandlers(disk),
});
