/**
 * A pool of threads on one model's buffers: the caller's own, and a worker for each other.
 *
 * All threads run the same phases, each its share of them, and wait for each other at barriers. A thread that waits polls
 * for some tens of microseconds, longer than what lies between two phases or two updates, and then sleeps.
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import type { EngineBuffers } from "./engine_buffers.ts";
import { checkBuild, type KernelBuild, loadKernels } from "./kernel_calls.ts";
import { type PhaseContext, runPhases } from "./phases.ts";
import { PLAN_FIELDS, Struct } from "./kernel_plan.ts";

/** Places of the pool's control numbers, which are shared. */
const CONTROL = {
  /** How many workers are ready. */
  ready: 0,
  /** How many calls there have been; a worker wakes when it changes. */
  calls: 1,
  /** What is called: a sum of phases, or {@linkcode CLOSE}. */
  phases: 2,
  /** Threads that have reached the barrier. */
  arrived: 3,
  /** How often all have come. */
  rounds: 4,
  /** 1 once a worker has failed, or the pool has been closed: no thread waits any longer. */
  stopped: 5,
} as const;

/** The call that ends a worker. */
const CLOSE = -1;

/** Polls before a thread that waits goes to sleep. */
const POLLS = 20_000;
/** Milliseconds after which a sleeping thread checks whether the pool has stopped. */
const SLEEP_MS = 200;
/** Milliseconds within which all workers must be ready; inside a Worker each takes about a second. */
const START_MS = 30_000;

/** How an engine works. */
export interface EngineOptions {
  /** How many threads, the caller's included; 1 if left out. The numbers do not depend on it. */
  readonly threads?: number;
  /** "relaxed" if left out: faster; "strict": the same bits on every machine. */
  readonly build?: KernelBuild;
}

/** More threads than a batch can keep busy. */
const MOST_THREADS = 256;

/** Hidden units from which on a second thread is worth its start and its barriers. */
const THREADS_PAY_FROM = 128;

/** How many threads to use for a network of so many hidden units on a machine with so many cores. */
export function threadsThatPay(hidden: number, cores: number): number {
  return hidden >= THREADS_PAY_FROM ? Math.min(cores, 4) : 1;
}

/** The options with their defaults; throws if there is no such build or number of threads. */
export function checkedOptions(
  action: string,
  { threads = 1, build = "relaxed" }: EngineOptions,
): Required<EngineOptions> {
  if (!(Number.isSafeInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new RangeError(`Cannot ${action}: wanted 1 to ${MOST_THREADS} threads, got ${threads}`);
  }
  checkBuild(action, build);
  return { threads, build };
}

/** What a worker is sent when it starts. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly build: KernelBuild;
  readonly planAt: number;
  /** The control numbers. */
  readonly control: Int32Array;
  /** Which thread it is, from 1; the caller's is 0. */
  readonly worker: number;
  /** How many threads there are. */
  readonly workers: number;
}

/** Threads that wait for calls. */
export interface WorkerPool {
  /** Runs a sum of phases on all threads, and returns when all are done. */
  run(phases: number): void;
  /** Ends the workers. */
  close(): void;
}

/**
 * Starts a pool and waits until every worker is ready: the calling thread sleeps meanwhile, so that no `await` is needed.
 *
 * @param buffers What the threads work on; `buffers.threads` says how many there are.
 * @param build Which kernels.
 * @param timeout Milliseconds within which all workers must be ready.
 * @returns The pool.
 * @throws {Error} If a worker is not ready by then, for instance since it may not read its own file.
 */
export function startWorkers(
  buffers: EngineBuffers,
  build: KernelBuild,
  timeout = START_MS,
): WorkerPool {
  const { arena, planAt, threads } = buffers;
  const control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CONTROL).length));
  const start = { memory: arena.memory, build, planAt, control, worker: 0, workers: threads };
  const context = phaseContext(start);
  const workers: Worker[] = [];
  const close = () => {
    call(control, CLOSE);
    Atomics.store(control, CONTROL.stopped, 1);
    for (const worker of workers) worker.terminate();
  };
  closeOnFailure({ close }, () => {
    while (workers.length < threads - 1) workers.push(startWorker(start, workers.length + 1));
    awaitReady(control, workers.length, timeout);
  });
  return {
    run(phases) {
      if (Atomics.load(control, CONTROL.stopped) === 1) {
        throw new Error(
          "Cannot use the engine: wanted an open one, got one that was closed or has failed",
        );
      }
      if (workers.length > 0) call(control, phases);
      runPhases(context, phases);
    },
    close,
  };
}

function startWorker(start: WorkerStart, worker: number): Worker {
  const url = new URL("./engine_worker.ts", import.meta.url).href;
  const started = new Worker(url, { type: "module" });
  started.onerror = (event) => event.preventDefault(); // the pool has stopped, and says so when it is used
  started.postMessage({ ...start, worker });
  return started;
}

/** Sleeps until so many workers are ready; throws if they are not in time. */
function awaitReady(control: Int32Array, count: number, timeout: number): void {
  for (const end = Date.now() + timeout;;) {
    const ready = Atomics.load(control, CONTROL.ready), left = end - Date.now();
    if (ready === count) return;
    if (left <= 0) {
      const wanted = `${count} ready within ${timeout / 1000} s`;
      throw new Error(
        `Cannot start the engine's workers: wanted ${wanted}, got ${ready} ` +
          "(each must be allowed to read its own file)",
      );
    }
    Atomics.wait(control, CONTROL.ready, ready, left);
  }
}

function call(control: Int32Array, phases: number): void {
  Atomics.store(control, CONTROL.phases, phases);
  Atomics.add(control, CONTROL.calls, 1);
  Atomics.notify(control, CONTROL.calls);
}

/**
 * What a worker does: it waits for a call, runs its share of the phases, and waits again, until the pool is closed.
 *
 * @param start What it was sent.
 */
export function runWorker(start: WorkerStart): void {
  const { control } = start, context = phaseContext(start);
  let calls = Atomics.load(control, CONTROL.calls);
  Atomics.add(control, CONTROL.ready, 1);
  Atomics.notify(control, CONTROL.ready);
  for (;;) {
    waitForChange(control, CONTROL.calls, calls);
    calls = Atomics.load(control, CONTROL.calls);
    const phases = Atomics.load(control, CONTROL.phases);
    if (phases === CLOSE) return;
    try {
      runPhases(context, phases);
    } catch (error) {
      Atomics.store(control, CONTROL.stopped, 1); // or the others would wait for this one for ever
      throw error;
    }
  }
}

function phaseContext(start: WorkerStart): PhaseContext {
  const { memory, build, planAt, control, worker, workers } = start;
  const kernels = loadKernels(memory, build), plan = new Struct(PLAN_FIELDS, memory.buffer, planAt);
  const barrier = () => waitForAll(control, workers);
  return { kernels, plan, planAt, worker, workers, barrier };
}

/** Waits until a control number is no longer `known`; throws if the pool has stopped. */
function waitForChange(control: Int32Array, at: number, known: number): void {
  for (let i = 0; i < POLLS; i++) if (Atomics.load(control, at) !== known) return;
  while (Atomics.load(control, at) === known) {
    if (Atomics.load(control, CONTROL.stopped) === 1) {
      throw new Error("Cannot go on: wanted all of the engine's workers, got a stopped pool");
    }
    Atomics.wait(control, at, known, SLEEP_MS);
  }
}

/** Waits until all threads have arrived. */
function waitForAll(control: Int32Array, threads: number): void {
  if (threads === 1) return;
  const round = Atomics.load(control, CONTROL.rounds);
  if (Atomics.add(control, CONTROL.arrived, 1) < threads - 1) {
    waitForChange(control, CONTROL.rounds, round);
    return;
  }
  Atomics.store(control, CONTROL.arrived, 0);
  Atomics.add(control, CONTROL.rounds, 1);
  Atomics.notify(control, CONTROL.rounds);
}
