/**
 * Worker threads that run jobs: both ends of the messages between a command and its workers, and the stop flag.
 *
 * A job runs synchronously, so its worker receives no messages meanwhile. The stop flag is therefore in shared memory,
 * where the job polls it.
 *
 * @module
 */
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";

/** A request to stop, in memory that all threads share. */
export class StopFlag {
  readonly #value: Int32Array;

  /** @param buffer The buffer of a flag on another thread; by default a new flag is created. */
  constructor(readonly buffer = new SharedArrayBuffer(4)) {
    this.#value = new Int32Array(buffer);
  }

  /** Requests a stop. */
  request(): void {
    Atomics.store(this.#value, 0, 1);
  }

  /** Whether a stop has been requested. */
  get requested(): boolean {
    return Atomics.load(this.#value, 0) === 1;
  }
}

/** The source of the requests to stop. */
export interface StopSignals {
  /** Calls `listener` at the first request, until the function that it returns is called. */
  onStopSignal(listener: (code: StopCode) => void): () => void;
}

/**
 * Does some work that a request can stop.
 *
 * @param host The source of the requests.
 * @param work The work; it receives the flag that a request sets, and returns "stopped" if it has obeyed.
 * @returns The result of `work`, or the exit code of the stop.
 */
export async function withStopFlag<T>(
  host: StopSignals,
  work: (stop: StopFlag) => Promise<T | "stopped">,
): Promise<T | StopCode> {
  const stop = new StopFlag();
  let stopCode: StopCode = 130;
  const removeListener = host.onStopSignal((code) => {
    stopCode = code;
    stop.request();
  });
  try {
    const result = await work(stop);
    return result === "stopped" ? stopCode : result;
  } finally {
    removeListener();
  }
}

/** The stop flag and the progress callback of a running job. */
export interface JobContext {
  readonly stop: StopFlag;
  /** Reports progress, as any value that can be cloned. */
  report(progress: unknown): void;
}

/** Runs a job of one kind and returns its result, which can be cloned. */
// deno-lint-ignore no-explicit-any
export type JobHandler = (job: any, context: JobContext) => unknown;

/** The handler of each kind of job. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;

/** A thread that runs one job at a time. */
export interface JobWorker {
  /**
   * Runs a job.
   *
   * @param kind The kind of the job, which selects the handler.
   * @param job The job, as any value that can be cloned.
   * @param onProgress Receives the progress that the handler reports.
   * @returns The result of the handler.
   * @throws {UserError} If the handler throws one.
   */
  run<Job, Progress, Result>(
    kind: string,
    job: Job,
    onProgress: (progress: Progress) => void,
  ): Promise<Result>;
  /** Ends the thread. */
  close(): void;
}

/** A message to a worker. */
interface Order {
  readonly kind: string;
  readonly job: unknown;
  readonly stop: SharedArrayBuffer;
}

/** A message from a worker. */
type Reply =
  | { readonly kind: "progress"; readonly progress: unknown }
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "user error"; readonly parts: readonly [string, string, string] }
  | { readonly kind: "failed"; readonly message: string };

/** The global scope of a worker thread, as far as it is used here. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/**
 * Makes a worker thread run the jobs that it receives; called in the thread's main module.
 *
 * @param scope The thread's `self`.
 * @param handlers The handler of each kind of job.
 */
export function serveJobs(scope: WorkerScope, handlers: JobHandlers): void {
  const send = (reply: Reply) => scope.postMessage(reply);
  scope.onmessage = ({ data }: MessageEvent<Order>) => {
    const context: JobContext = {
      stop: new StopFlag(data.stop),
      report: (progress) => send({ kind: "progress", progress }),
    };
    try {
      send({ kind: "done", result: handlerOf(handlers, data.kind)(data.job, context) });
    } catch (error) {
      send(failureReply(error));
    }
  };
}

/** The handler of a kind of job. */
export function handlerOf(handlers: JobHandlers, kind: string): JobHandler {
  if (Object.hasOwn(handlers, kind)) return handlers[kind];
  throw new Error(`Cannot run a job: wanted ${Object.keys(handlers).join(" or ")}, got ${kind}`);
}

function failureReply(error: unknown): Reply {
  if (error instanceof UserError) {
    return { kind: "user error", parts: [error.action, error.wanted, error.got] };
  }
  return { kind: "failed", message: error instanceof Error ? `${error.stack}` : String(error) };
}

/**
 * Starts a worker thread that runs jobs.
 *
 * @param url The thread's main module, which calls {@linkcode serveJobs}.
 * @param stop The stop flag of its jobs.
 * @returns The worker.
 * @throws {UserError} If Deno has no permission to read the module.
 */
export function startWorker(url: URL, stop: StopFlag): JobWorker {
  const thread = newThread(url);
  return {
    run: (kind, job, onProgress) =>
      new Promise((resolve, reject) => {
        thread.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        thread.onmessage = ({ data }: MessageEvent<Reply>) => {
          if (data.kind === "progress") onProgress(data.progress as never);
          else if (data.kind === "done") resolve(data.result as never);
          else if (data.kind === "user error") reject(new UserError(...data.parts));
          else reject(new Error(data.message));
        };
        thread.postMessage({ kind, job, stop: stop.buffer } satisfies Order);
      }),
    close: () => thread.terminate(),
  };
}

function newThread(url: URL): Worker {
  try {
    return new Worker(url, { type: "module" });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new UserError("start a thread", "a program that can be read", "no permission from Deno");
  }
}
