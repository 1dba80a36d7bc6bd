/**
 * The loop around a run: when to measure, when to keep a checkpoint, when to listen for a stop.
 *
 * What is measured depends on the iteration alone, never on the clock, so that a resumed run measures
 * what the uninterrupted one does.
 *
 * @module
 */
import { payAttention, type Surroundings } from "./attention.ts";
import type { Metrics, Run } from "./experiment.ts";

/** Longer than this, in milliseconds, no slice of iterations should take: nobody is heard meanwhile. */
const SLICE_MS = 50;
/** How much work a kill may cost, in milliseconds; more, where checkpoints are slow to write. */
const CHECKPOINT_MS = 1000;
/** So much longer than it takes to write one is the time to the next. */
const CHECKPOINT_SPACING = 20;
/** How many times a whole run is measured, at least, if it is long enough. */
const MEASUREMENTS = 200;

/** What the loop needs from outside. */
export interface LoopSurroundings extends Surroundings {
  /** Notes what was measured. */
  record(metrics: Metrics): void;
  /** Keeps a checkpoint. */
  keep(): void;
}

/** A run whose numbers went to NaN or infinity. */
export class Diverged extends Error {
  override readonly name = "Diverged";
}

/**
 * How many iterations lie between two measurements.
 *
 * @example Two hundred measurements, or one at every iteration.
 * ```ts
 * import { measurementInterval } from "@/training/training_loop.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 150, 10_000].map(measurementInterval), [1, 1, 50]);
 * ```
 * @param iterations How many there will be at most.
 * @returns A whole number of at least 1.
 */
export function measurementInterval(iterations: number): number {
  return Math.max(1, Math.floor(iterations / MEASUREMENTS));
}

/**
 * Advances a run until it has finished or is asked to stop.
 *
 * @param run Where to go on from.
 * @param around Clock, ears and notebook.
 * @returns Which of the two it was.
 * @throws {Diverged} If the error is NaN or infinite, or the run says that its numbers are.
 */
export async function trainingLoop(
  run: Run,
  around: LoopSurroundings,
): Promise<"finished" | "stopped"> {
  const every = measurementInterval(run.iterations), stopAsked = payAttention(around);
  let [slice, keptAt, apart] = [1, around.now(), CHECKPOINT_MS];
  while (!run.finished) {
    const count = Math.min(slice, every - run.iteration % every);
    const began = around.now();
    for (const told of advanceSteps(run, count)) if (await stopAsked(told)) return "stopped";
    const now = around.now();
    slice = nextSlice(slice, count, now - began);
    if (run.finished || run.iteration % every === 0) around.record(measure(run));
    if (now - keptAt >= apart) {
      around.keep();
      keptAt = around.now();
      apart = Math.max(CHECKPOINT_MS, CHECKPOINT_SPACING * (keptAt - now));
    }
    if (!run.finished && await stopAsked()) return "stopped";
  }
  return "finished";
}

/**
 * Measures a run.
 *
 * @param run What to measure.
 * @returns Its metrics as they will be read back from JSON.
 * @throws {Diverged} If the error is NaN or infinite.
 */
export function measure(run: Run): Metrics {
  const metrics = run.metrics();
  if (!Number.isFinite(metrics.error)) {
    throw new Diverged(
      `Cannot go on training: wanted a finite error, got ${metrics.error} at iteration ${run.iteration}`,
    );
  }
  return JSON.parse(JSON.stringify(metrics));
}

function* advanceSteps(run: Run, count: number): Generator<number | undefined, void> {
  const before = run.iteration;
  try {
    if (run.advanceSteps) yield* run.advanceSteps(count);
    else run.advance(count);
  } catch (error) {
    // The library's own checks meet NaN before the loop does.
    if (error instanceof RangeError) throw new Diverged(error.message);
    throw error;
  }
  if (run.iteration === before && !run.finished) {
    throw new Error(`Cannot go on training: wanted ${count} iterations more, got none`);
  }
}

/** Long enough that the clock costs nothing, short enough that a Ctrl-C is heard at once. */
function nextSlice(slice: number, count: number, elapsed: number): number {
  if (elapsed > SLICE_MS) return Math.max(1, Math.floor(slice / 2));
  return elapsed < SLICE_MS / 2 && count === slice ? slice * 2 : slice;
}
