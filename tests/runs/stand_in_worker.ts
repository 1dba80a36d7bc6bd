/** A thread that trains the stand-ins. */
import { disk } from "@/io/disk.ts";
import { trainHandlers } from "@/runs/train_job.ts";
import { serveJobs, type WorkerScope } from "@/runs/worker.ts";
import { STAND_INS } from "./stand_in.ts";

serveJobs(self as unknown as WorkerScope, trainHandlers(disk, STAND_INS));
