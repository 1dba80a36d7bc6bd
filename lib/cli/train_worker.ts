/**
 * The thread on which `deno task train --seeds` trains one seed at a time.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { serveSeeds, type WorkerScope } from "@/runs/seed_messages.ts";
import { EXPERIMENTS } from "./experiments.ts";

serveSeeds(self as unknown as WorkerScope, EXPERIMENTS, disk);
