/**
 * A team of workers on one memory: the caller's own thread, and as many more as are asked for.
 *
 * @module
 */
import { CONTROL, LEAVE } from "./barrier.ts";
import type { EngineMemory } from "./engine_memory.ts";
import type { Invitation } from "./engine_worker.ts";
import { type KernelBuild, type Kernels, loadKernels } from "./kernel_calls.ts";
import { type CallSize, runPhases, SETTING } from "./phases.ts";

/** A team at work. */
export interface Team {
  /** The kernels, on the caller's thread. */
  readonly kernels: Kernels;
  /** Of {@linkcode SETTING}: written before a step, its norm read after. */
  readonly settings: Float64Array;
  /** Runs a sum of phases on all threads, and comes back when all are done. */
  run(call: number, size: CallSize): void;
  /** Sends the workers home. */
  close(): void;
}

/** Numbers of {@linkcode SETTING}. */
const SETTINGS = Object.keys(SETTING).length;

/**
 * Gathers a team.
 *
 * @param memory What it works on; `memory.workers` says how many.
 * @param build Which kernels.
 * @returns The team, once all workers are ready.
 */
export async function gatherTeam(memory: EngineMemory, build: KernelBuild): Promise<Team> {
  const { arena, planAt, workers, controlAt, settingsAt } = memory, shared = arena.memory;
  const place = { memory: shared, build, planAt, controlAt, settingsAt, settings: SETTINGS };
  const asked = await Promise.allSettled(
    Array.from({ length: workers - 1 }, (_, i) => invite({ ...place, worker: i + 1, workers })),
  );
  const others = asked.flatMap((answer) => answer.status === "fulfilled" ? [answer.value] : []);
  for (const answer of asked) {
    if (answer.status === "fulfilled") continue;
    for (const worker of others) worker.terminate();
    throw answer.reason;
  }
  return teamOf(memory, build, others);
}

/**
 * Makes a team of the caller's thread and of workers that are ready, if there are any.
 *
 * @param memory What it works on; `memory.workers` is one more than there are others.
 * @param build Which kernels.
 * @param others The workers.
 * @returns The team.
 */
export function teamOf(
  memory: EngineMemory,
  build: KernelBuild,
  others: readonly Worker[] = [],
): Team {
  const { arena, planAt, workers, controlAt, settingsAt } = memory, shared = arena.memory;
  const control = new Int32Array(shared.buffer, controlAt, CONTROL.size);
  const settings = new Float64Array(shared.buffer, settingsAt, SETTINGS);
  const kernels = loadKernels(shared, build);
  const own = { kernels, planAt, worker: 0, workers, control, settings };
  const call = (what: number, { slots, steps, losses }: CallSize) => {
    if (others.length === 0) return;
    Atomics.store(control, CONTROL.call, what);
    Atomics.store(control, CONTROL.slots, slots);
    Atomics.store(control, CONTROL.steps, steps);
    Atomics.store(control, CONTROL.losses, losses);
    Atomics.add(control, CONTROL.calls, 1);
    Atomics.notify(control, CONTROL.calls);
  };
  return {
    kernels,
    settings,
    run(what, size) {
      if (Atomics.load(control, CONTROL.over) === 1) {
        throw new Error("Cannot use the engine: it has been closed, or a worker of it has failed");
      }
      call(what, size);
      runPhases(own, what, size);
    },
    close() {
      call(LEAVE, { slots: 0, steps: 0, losses: 0 });
      Atomics.store(control, CONTROL.over, 1);
      for (const worker of others) worker.terminate();
    },
  };
}

function invite(invitation: Invitation): Promise<Worker> {
  const worker = new Worker(new URL("./engine_worker.ts", import.meta.url).href, {
    type: "module",
  });
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot start a worker of the engine: ${event.message}`));
    };
    worker.postMessage(invitation);
  });
}
