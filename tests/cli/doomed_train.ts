/**
 * `deno task train` on small trainings, on the real disk; while it writes there for the n-th time, some share of that
 * being written, the process kills itself as `kill -9` does.
 *
 * The arguments are n (0: never), the share, and the command line.
 */
import { createProcessHost } from "@/cli/host.ts";
import { trainCommand } from "@/cli/train.ts";
import type { JobWorker } from "@/runs/worker.ts";
import { type Doom, doomedFiles } from "./doomed_files.ts";
import { SMALL_TRAINING } from "./small_training.ts";

const [fatal, share, ...line] = Deno.args;
const writes = new SharedArrayBuffer(4);
const doom: Doom = { fatal: Number(fatal), share: Number(share), writes };
const host = createProcessHost(new URL("./doomed_worker.ts", import.meta.url));

/** A worker whose every job is doomed. */
function doomedWorker(worker: JobWorker): JobWorker {
  return {
    ...worker,
    run: (kind, job, onProgress) => worker.run(kind, { ...Object(job), doom }, onProgress),
  };
}

const code = await trainCommand(line, {
  ...host,
  files: doomedFiles(doom),
  startWorker: (stop) => doomedWorker(host.startWorker(stop)),
  drawFigure: () => Promise.resolve("<svg></svg>"),
}, [SMALL_TRAINING]);
Deno.exit(code);
