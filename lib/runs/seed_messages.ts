/**
 * Seeds on other threads: the messages between a command and its workers, both ends.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Experiment } from "./run.ts";
import type { Files } from "@/io/files.ts";
import type { RunResult } from "./run_folder.ts";
import { type SeedJob, type SeedWorker, trainSeed } from "./seeds.ts";

/** To the worker. */
type Order =
  | { readonly kind: "run"; readonly job: SeedJob }
  | { readonly kind: "stop" };

/** From the worker. */
type News =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "ended"; readonly result: RunResult | "stopped" }
  | { readonly kind: "refused"; readonly parts: readonly [string, string, string] }
  | { readonly kind: "failed"; readonly message: string };

/** The worker's end of a thread: its global scope. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** News of progress are sent no more often than this, in milliseconds. */
const NEWS_MS = 200;

/**
 * Makes a thread a {@linkcode SeedWorker}; called in the module that the thread starts with.
 *
 * @param scope The thread's `self`.
 * @param experiments What it can train.
 * @param files Where run folders are.
 */
export function serveSeeds(
  scope: WorkerScope,
  experiments: readonly Experiment[],
  files: Files,
): void {
  const send = (news: News) => scope.postMessage(news);
  let stop = false;

  async function run(job: SeedJob): Promise<RunResult | "stopped"> {
    const experiment = experiments.find(({ name }) => name === job.experiment);
    if (!experiment) throw new Error(`Cannot train: wanted an experiment, got ${job.experiment}`);
    let toldAt = -Infinity;
    return await trainSeed(files, experiment, job, {
      now: () => performance.now(),
      pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
      stopRequested: () => stop,
      show({ share }) {
        if (performance.now() - toldAt < NEWS_MS) return;
        toldAt = performance.now();
        send({ kind: "progress", share });
      },
    });
  }

  scope.onmessage = ({ data }: MessageEvent<Order>) => {
    if (data.kind === "stop") stop = true;
    else {run(data.job).then((result) =>
        send({ kind: "ended", result }), (error) =>
        send(newsOf(error)));}
  };
}

function newsOf(error: unknown): News {
  if (error instanceof UserError) {
    return { kind: "refused", parts: [error.action, error.wanted, error.got] };
  }
  return { kind: "failed", message: error instanceof Error ? `${error.stack}` : String(error) };
}

function newThread(url: URL): Worker {
  try {
    return new Worker(url, { type: "module" });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new UserError("start a thread", "a program that can be read", "no permission from Deno");
  }
}

/**
 * Starts a thread that trains seeds.
 *
 * @param url The module that calls {@linkcode serveSeeds}.
 * @returns The command's end of it.
 * @throws {UserError} If the module may not be read.
 */
export function startSeedThread(url: URL): SeedWorker {
  const thread = newThread(url);
  return {
    run: (job, onProgress) =>
      new Promise((resolve, reject) => {
        thread.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        thread.onmessage = ({ data }: MessageEvent<News>) => {
          if (data.kind === "progress") onProgress(data.share);
          else if (data.kind === "ended") resolve(data.result);
          else if (data.kind === "refused") reject(new UserError(...data.parts));
          else reject(new Error(data.message));
        };
        thread.postMessage({ kind: "run", job } satisfies Order);
      }),
    stop: () => thread.postMessage({ kind: "stop" } satisfies Order),
    close: () => thread.terminate(),
  };
}
