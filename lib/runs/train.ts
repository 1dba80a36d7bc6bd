/**
 * The training loop: advances a run until it finishes, diverges or is stopped.
 *
 * The loop advances the run by slices of iterations that take about 50 ms. Between slices it records measurements, saves
 * checkpoints, reports progress and checks the stop flag. Measurements are taken at fixed iterations, not at fixed times,
 * so that a resumed run records the same ones as an uninterrupted run.
 *
 * Everything here is synchronous and meant for a worker thread, which is asked to stop through shared memory.
 *
 * @module
 */
import type { Checkpoint } from "./checkpoint.ts";
import { VERSION } from "./environment.ts";
import { type Metrics, type OnShareDone, type Outcome, type Run, Stopped } from "./run.ts";
import { hashOfRows, saveParameters, saveProgress } from "./run_folder.ts";
import { type RunResult, saveResult } from "./run_result.ts";
import type { Session } from "./session.ts";

/** The progress of a run. */
export interface Progress {
  readonly iteration: number;
  /** The maximum number of iterations. */
  readonly iterations: number;
  /** The share of the training that is done; also 1 for a run that has finished early. */
  readonly share: number;
  /** The last measurements. */
  readonly metrics: Metrics;
  /** During an evaluation, the share of it that is done. */
  readonly evaluatedShare?: number;
}

/** Clock, stop flag and progress callback of the training loop. */
export interface TrainHooks {
  /** A clock in milliseconds. */
  now(): number;
  /** Whether a stop has been requested. */
  stopRequested(): boolean;
  /** Receives the progress, at most twenty times a second. */
  onProgress(progress: Progress): void;
}

/** How a session ended. */
export type Ending =
  | { readonly kind: "finished"; readonly result: RunResult; readonly outcome: Outcome }
  | { readonly kind: "diverged"; readonly result: RunResult; readonly message: string }
  | { readonly kind: "stopped"; readonly iteration: number; readonly iterations: number };

/** A run whose numbers became NaN or infinite. */
class Diverged extends Error {
  override readonly name = "Diverged";
}

/**
 * Trains until the run has finished or a stop is requested, and saves the result.
 *
 * @param session The run and its folder.
 * @param hooks Clock, stop flag and progress callback.
 * @returns How it ended.
 * @throws {UserError} If the folder can no longer be written; the last checkpoint remains.
 */
export function train(session: Session, hooks: TrainHooks): Ending {
  const { run } = session, log = openRunLog(session, hooks);
  try {
    if (session.history.length === 0) log.record(measure(run));
    const stopped = trainingLoop(run, hooks, log) === "stopped";
    log.saveCheckpoint();
    log.showProgress();
    const seconds = log.seconds(); // the evaluation is not training
    const outcome = stopped ? undefined : evaluateRun(session, log);
    if (outcome) return saveFinished(session, seconds, outcome);
    return { kind: "stopped", iteration: run.iteration, iterations: run.iterations };
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    return saveDiverged(session, log.seconds(), error.message);
  } finally {
    run.close?.();
    session.folder.release();
  }
}

/** Records measurements, saves checkpoints and reports the progress of one session. */
interface RunLog {
  /** The seconds of training, earlier sessions included. */
  seconds(): number;
  record(metrics: Metrics): void;
  showProgress(evaluatedShare?: number): void;
  /** Reports the progress of an evaluation at intervals; throws {@linkcode Stopped} once a stop is requested. */
  onShareDone: OnShareDone;
  saveCheckpoint(): void;
}

/** The time between two progress reports, in milliseconds. */
const PROGRESS_INTERVAL_MS = 50;

function openRunLog(session: Session, hooks: TrainHooks): RunLog {
  const { files, folder: { path }, config, run, history, earlierSeconds } = session;
  const began = hooks.now();
  const seconds = () => earlierSeconds + (hooks.now() - began) / 1000;
  let [savedRows, shownAt] = [history.length, -Infinity];
  function showProgress(evaluatedShare?: number): void {
    shownAt = hooks.now();
    hooks.onProgress({
      iteration: run.iteration,
      iterations: run.iterations,
      share: run.finished ? 1 : run.iteration / run.iterations,
      metrics: history[history.length - 1],
      ...(evaluatedShare !== undefined && { evaluatedShare }),
    });
  }
  return {
    seconds,
    record: (metrics) => void history.push(metrics),
    showProgress,
    onShareDone(share) {
      if (hooks.stopRequested()) throw new Stopped();
      if (hooks.now() - shownAt >= PROGRESS_INTERVAL_MS) showProgress(share);
    },
    saveCheckpoint() {
      const { iteration } = run;
      // `measure` throws if the run has diverged: its state must not replace the last good one.
      if (history.at(-1)?.iteration !== iteration) measure(run);
      const rows = { rows: history.length, rowsHash: hashOfRows(history) };
      const progress = { iteration, ...rows, seconds: seconds() };
      const checkpoint: Checkpoint = { ...config, ...progress, state: run.state() };
      detectDivergence(() => {
        run.save?.(files, path);
        saveProgress(files, path, history.slice(savedRows), checkpoint);
      }, iteration);
      savedRows = history.length;
    },
  };
}

/** The polling interval of the stop flag and the clock: the longest slice of iterations, in milliseconds. */
const SLICE_MS = 50;
/** The shortest interval between checkpoints, in milliseconds: the training that a crash may lose. */
const CHECKPOINT_INTERVAL_MS = 1000;
/** The interval between checkpoints is at least this many times the time that writing one takes. */
const CHECKPOINT_SPACING = 20;
/** The number of measurements of a whole run, at least, if it has that many iterations. */
const MEASUREMENTS = 200;

/**
 * Computes the number of iterations between two measurements.
 *
 * @example At least two hundred measurements, or one at every iteration.
 * ```ts
 * import { measurementInterval } from "@/runs/train.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 150, 10_000].map(measurementInterval), [1, 1, 50]);
 * ```
 * @param iterations The maximum number of iterations.
 * @returns The interval in iterations, at least 1.
 */
export function measurementInterval(iterations: number): number {
  return Math.max(1, Math.floor(iterations / MEASUREMENTS));
}

/** The training loop: advances the run until it has finished or a stop is requested. */
function trainingLoop(run: Run, hooks: TrainHooks, log: RunLog): "finished" | "stopped" {
  const every = measurementInterval(run.iterations);
  let [slice, savedAt, interval] = [1, hooks.now(), CHECKPOINT_INTERVAL_MS];
  while (!run.finished) {
    const count = Math.min(slice, every - run.iteration % every), began = hooks.now();
    if (advance(run, count, log.onShareDone) === "stopped") return "stopped";
    const now = hooks.now();
    slice = nextSlice(slice, count, now - began);
    if (run.finished || run.iteration % every === 0) log.record(measure(run));
    if (now - savedAt >= interval) {
      log.saveCheckpoint();
      savedAt = hooks.now();
      interval = Math.max(CHECKPOINT_INTERVAL_MS, CHECKPOINT_SPACING * (savedAt - now));
    }
    log.showProgress();
    if (!run.finished && hooks.stopRequested()) return "stopped";
  }
  return "finished";
}

function advance(run: Run, count: number, onShareDone: OnShareDone): "advanced" | "stopped" {
  const before = run.iteration;
  try {
    run.advance(count, onShareDone);
  } catch (error) {
    if (error instanceof Stopped) return "stopped";
    // The library's checks for NaN throw RangeError.
    if (error instanceof RangeError) throw new Diverged(error.message);
    throw error;
  }
  if (run.iteration === before && !run.finished) {
    throw new Error(`Cannot train: wanted ${count} more iterations, got none`);
  }
  return "advanced";
}

/** Adapts the slice: long enough that reading the clock costs nothing, short enough that a stop takes effect at once. */
function nextSlice(slice: number, count: number, elapsed: number): number {
  if (elapsed > SLICE_MS) return Math.max(1, Math.floor(slice / 2));
  return elapsed < SLICE_MS / 2 && count === slice ? slice * 2 : slice;
}

/** Measures a run; the metrics are as they will be read back from JSON. */
function measure(run: Run): Metrics {
  const metrics = run.metrics();
  if (!Number.isFinite(metrics.error)) {
    const got = `${metrics.error} at iteration ${run.iteration}`;
    throw new Diverged(`Cannot train: wanted a finite error, got ${got}`);
  }
  return JSON.parse(JSON.stringify(metrics));
}

/** Treats a `RangeError` as a divergence: checkpoints and evaluations throw one when they meet NaN. */
function detectDivergence<T>(work: () => T, iteration: number): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Diverged(`${error.message} at iteration ${iteration}`);
  }
}

/** Evaluates a run; returns undefined if a stop is requested meanwhile. */
function evaluateRun({ run, history }: Session, { onShareDone }: RunLog): Outcome | undefined {
  try {
    return detectDivergence(() => run.outcome(history, onShareDone), run.iteration);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

function resultOf({ config, run, history }: Session, seconds: number, success: boolean): RunResult {
  const metrics = history.at(-1) ?? null;
  return { version: VERSION, ...config, success, iteration: run.iteration, seconds, metrics };
}

function saveFinished(session: Session, seconds: number, outcome: Outcome): Ending {
  const { files, folder: { path } } = session, { summary, measures, parameters } = outcome;
  const scores = { ...(summary && { summary }), ...(measures && { measures }) };
  const result = { ...resultOf(session, seconds, outcome.success), ...scores };
  if (parameters) saveParameters(files, path, parameters);
  saveResult(files, path, result);
  return { kind: "finished", result, outcome };
}

function saveDiverged(session: Session, seconds: number, message: string): Ending {
  saveIfFinite(session);
  const result = { ...resultOf(session, seconds, false), diverged: message };
  saveResult(session.files, session.folder.path, result);
  return { kind: "diverged", result, message };
}

/** Saves the weights from before the failed update, unless they are not finite themselves. */
function saveIfFinite({ run, files, folder: { path } }: Session): void {
  try {
    run.save?.(files, path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
