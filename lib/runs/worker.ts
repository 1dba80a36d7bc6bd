/**
 * Jobs on another thread: both ends of the messages between a command and its workers, and the flag that stops them.
 *
 * A job runs synchronously in its worker and looks at the flag, which lies in shared memory; so a stop takes effect
 * although the worker reads no messages meanwhile.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";

/** A request to stop, shared by all threads. */
export class StopFlag {
  readonly #value: Int32Array;

  /** @param buffer Of a flag on another thread; a new flag if left out. */
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

/** What a job can use while it runs. */
export interface JobContext {
  readonly stop: StopFlag;
  /** Reports progress; anything that can be cloned. */
  report(progress: unknown): void;
}

/** Does a job of one kind. */
// deno-lint-ignore no-explicit-any
export type JobHandler = (job: any, context: JobContext) => unknown;

/** The handler of each kind of job. */
export type JobHandlers = Readonly<Record<string, JobHandler>>;

/** A thread that does one job at a time. */
export interface JobWorker {
  /**
   * Does a job.
   *
   * @param kind Which handler.
   * @param job What to do; anything that can be cloned.
   * @param onProgress Receives what the handler reports.
   * @returns What the handler returns.
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

/** To the worker. */
interface Order {
  readonly kind: string;
  readonly job: unknown;
  readonly stop: SharedArrayBuffer;
}

/** From the worker. */
type Reply =
  | { readonly kind: "progress"; readonly progress: unknown }
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "user error"; readonly parts: readonly [string, string, string] }
  | { readonly kind: "failed"; readonly message: string };

/** The worker's end of a thread: its global scope. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/**
 * Makes a thread do jobs; called in the module that the thread starts with.
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

function handlerOf(handlers: JobHandlers, kind: string): JobHandler {
  if (Object.hasOwn(handlers, kind)) return handlers[kind];
  throw new Error(`Cannot do a job: wanted ${Object.keys(handlers).join(" or ")}, got ${kind}`);
}

function failureReply(error: unknown): Reply {
  if (error instanceof UserError) {
    return { kind: "user error", parts: [error.action, error.wanted, error.got] };
  }
  return { kind: "failed", message: error instanceof Error ? `${error.stack}` : String(error) };
}

/**
 * Starts a thread that does jobs.
 *
 * @param url The module that calls {@linkcode serveJobs}.
 * @param stop The flag that its jobs look at.
 * @returns The command's end of it.
 * @throws {UserError} If the module may not be read.
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

/**
 * Does jobs on the caller's own thread, for tests and studies.
 *
 * @param handlers The handler of each kind of job.
 * @param stop The flag that its jobs look at.
 * @returns Something that can stand in for a worker.
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
