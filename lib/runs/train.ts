/**
 * Training a run from wherever it is to its end or to a stop: when to measure, when to save a checkpoint.
 *
 * Everything here is synchronous; it belongs into a worker, which others can ask to stop through shared memory. What is
 * measured depends on the iteration alone, never on the clock, so that a resumed run measures what the uninterrupted one
 * does.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import type { Checkpoint, RunConfig } from "./checkpoint.ts";
import {
  type Experiment,
  type Metrics,
  type OnShare,
  type Outcome,
  type Resources,
  type Run,
  Stopped,
} from "./run.ts";
import {
  createRunFolder,
  readCheckpoint,
  readHistory,
  type RunResult,
  saveProgress,
  saveResult,
} from "./run_folder.ts";

/** A run and its folder. */
export interface Session {
  readonly files: Files;
  /** The run folder. */
  readonly path: string;
  readonly config: RunConfig;
  readonly run: Run;
  /** Everything measured so far. */
  readonly history: Metrics[];
  /** Seconds of training in earlier sessions. */
  readonly earlierSeconds: number;
}

/** Where a session is kept, and what it may use. */
export interface SessionPlace {
  readonly files: Files;
  /** The run folder. */
  readonly path: string;
  readonly resources?: Resources;
}

/**
 * Starts a run in a new folder, from where it can be resumed at once.
 *
 * @param place The folder, which must be new or empty.
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The session at iteration 0.
 * @throws {UserError} If the settings contradict each other or the folder cannot be used.
 */
export function beginSession(
  { files, path, resources }: SessionPlace,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const run = startRun(experiment, settings, resources);
  const start = { ...config, iteration: 0, rows: 0, seconds: 0 };
  asUserError(experiment, () => createRunFolder(files, path, { ...start, state: run.state() }));
  return { files, path, config, run, history: [], earlierSeconds: 0 };
}

/**
 * Resumes a run from its last checkpoint.
 *
 * @param place Its folder.
 * @param experiment The experiment named in its `config.json`.
 * @param settings The settings in its `config.json`.
 * @returns The session at the checkpoint's iteration.
 * @throws {UserError} If the folder's files are damaged, edited or of something else.
 */
export function resumeSession(
  { files, path, resources }: SessionPlace,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const { rows, seconds, state, iteration } = readCheckpoint(files, path, config);
  const run = resumedRun(path, () => experiment.resume(settings, state, resources));
  if (run.iteration !== iteration) {
    throw new UserError(`resume ${path}`, `a run at iteration ${iteration}`, `${run.iteration}`);
  }
  const history = readHistory(files, path, rows);
  return { files, path, config, run, history, earlierSeconds: seconds };
}

/**
 * Starts a run.
 *
 * @example A network for which no machine has the memory.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import type { Experiment } from "@/runs/run.ts";
 * import { startRun } from "@/runs/train.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const start = () => {
 *   throw new RangeError("Cannot allocate: wanted 9000 MiB, got 4096 MiB");
 * };
 * const huge = { name: "huge", summary: "", options: {}, start, resume: start } as Experiment;
 * assertThrows(() => startRun(huge, { seed: 1 }), UserError, "Cannot train huge: wanted settings");
 * ```
 * @param experiment What to train.
 * @param settings Its settings.
 * @param resources What it may use; one thread if left out.
 * @returns The run at iteration 0.
 * @throws {UserError} If the settings contradict each other, or ask for more memory than there is.
 */
export function startRun(
  experiment: Experiment,
  settings: RunConfig["settings"],
  resources?: Resources,
): Run {
  return asUserError(experiment, () => experiment.start(settings, resources));
}

/** Settings of which each is accepted may together be more than there is memory for. */
function asUserError<T>({ name }: Experiment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const wanted = "settings that can be trained with";
    throw new UserError(`train ${name}`, wanted, `some that fail: ${error.message}`);
  }
}

/** A checkpoint may be undamaged and yet of a version that saved other things. */
function resumedRun(path: string, resume: () => Run): Run {
  try {
    return resume();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const got = `one that fails: ${cause}`;
    throw new UserError(`resume ${path}`, "a checkpoint of this version", got);
  }
}

/** How far a run is. */
export interface Progress {
  readonly iteration: number;
  /** The most iterations that there will be. */
  readonly iterations: number;
  /** Share of the training that is done; 1 for a run that has finished early, too. */
  readonly share: number;
  /** The last that was measured. */
  readonly metrics: Metrics;
  /** During an evaluation: the share of it that is done. */
  readonly evaluatedShare?: number;
}

/** Clock, stop flag and progress callback. */
export interface TrainHooks {
  /** A clock in milliseconds. */
  now(): number;
  /** Whether a stop has been requested. */
  stopRequested(): boolean;
  /** Receives the progress, some twenty times a second. */
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
 * @throws {UserError} If the folder can no longer be written; the last checkpoint is still there then.
 */
export function train(session: Session, hooks: TrainHooks): Ending {
  const { run } = session, log = openRunLog(session, hooks);
  try {
    if (session.history.length === 0) log.record(measure(run));
    const stopped = trainingLoop(run, hooks, log) === "stopped";
    log.saveCheckpoint();
    log.showProgress();
    const outcome = stopped ? undefined : evaluateRun(session, log);
    if (outcome) return finish(session, log.seconds(), outcome);
    return { kind: "stopped", iteration: run.iteration, iterations: run.iterations };
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    return giveUp(session, log.seconds(), error.message);
  } finally {
    run.close?.();
  }
}

/** Measurements, checkpoints and progress of one session. */
interface RunLog {
  /** Seconds of training, earlier sessions included. */
  seconds(): number;
  record(metrics: Metrics): void;
  showProgress(evaluatedShare?: number): void;
  /** Shows the progress of an evaluation now and then; throws {@linkcode Stopped} once a stop is requested. */
  onShare: OnShare;
  saveCheckpoint(): void;
}

/** The time between two progress reports, in milliseconds. */
const PROGRESS_INTERVAL_MS = 50;

function openRunLog(session: Session, hooks: TrainHooks): RunLog {
  const { files, path, config, run, history, earlierSeconds } = session;
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
    onShare(share) {
      if (hooks.stopRequested()) throw new Stopped();
      if (hooks.now() - shownAt >= PROGRESS_INTERVAL_MS) showProgress(share);
    },
    saveCheckpoint() {
      const { iteration } = run;
      // A state after a divergence must not replace the last good one.
      if (history.at(-1)?.iteration !== iteration) measure(run);
      const place = { iteration, rows: history.length, seconds: seconds() };
      const checkpoint: Checkpoint = { ...config, ...place, state: run.state() };
      divergedIfNotFinite(() => {
        run.save?.(files, path);
        saveProgress(files, path, history.slice(savedRows), checkpoint);
      }, iteration);
      savedRows = history.length;
    },
  };
}

/** The longest slice of iterations between two looks at the stop flag and the clock, in milliseconds. */
const SLICE_MS = 50;
/** How much training a crash may lose, in milliseconds; more, where checkpoints are slow to write. */
const CHECKPOINT_INTERVAL_MS = 1000;
/** The interval between checkpoints is at least so many times as long as writing one takes. */
const CHECKPOINT_SPACING = 20;
/** How often a whole run is measured, at least, if it is long enough. */
const MEASUREMENTS = 200;

/**
 * How many iterations lie between two measurements.
 *
 * @example Two hundred measurements, or one at every iteration.
 * ```ts
 * import { measurementInterval } from "@/runs/train.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 150, 10_000].map(measurementInterval), [1, 1, 50]);
 * ```
 * @param iterations The most iterations that there will be.
 * @returns A whole number of at least 1.
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
    if (advance(run, count, log.onShare) === "stopped") return "stopped";
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

function advance(run: Run, count: number, onShare: OnShare): "advanced" | "stopped" {
  const before = run.iteration;
  try {
    run.advance(count, onShare);
  } catch (error) {
    if (error instanceof Stopped) return "stopped";
    // The library's own checks see NaN before the loop does.
    if (error instanceof RangeError) throw new Diverged(error.message);
    throw error;
  }
  if (run.iteration === before && !run.finished) {
    throw new Error(`Cannot go on training: wanted ${count} iterations more, got none`);
  }
  return "advanced";
}

/** Long enough that the clock costs nothing, short enough that a stop takes effect at once. */
function nextSlice(slice: number, count: number, elapsed: number): number {
  if (elapsed > SLICE_MS) return Math.max(1, Math.floor(slice / 2));
  return elapsed < SLICE_MS / 2 && count === slice ? slice * 2 : slice;
}

/** The metrics of a run as they will be read back from JSON. */
function measure(run: Run): Metrics {
  const metrics = run.metrics();
  if (!Number.isFinite(metrics.error)) {
    const got = `${metrics.error} at iteration ${run.iteration}`;
    throw new Diverged(`Cannot go on training: wanted a finite error, got ${got}`);
  }
  return JSON.parse(JSON.stringify(metrics));
}

/** A checkpoint of NaN would only replace the last good one; answers of NaN have no scores. */
function divergedIfNotFinite<T>(work: () => T, iteration: number): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Diverged(`${error.message} at iteration ${iteration}`);
  }
}

/** The outcome of a run; nothing if a stop was requested meanwhile. */
function evaluateRun({ run, history }: Session, { onShare }: RunLog): Outcome | undefined {
  try {
    return divergedIfNotFinite(() => run.outcome(history, onShare), run.iteration);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

function resultOf(
  { config, run, history }: Pick<Session, "config" | "run" | "history">,
  seconds: number,
  success: boolean,
): RunResult {
  const metrics = history.at(-1) ?? null;
  return { ...config, success, iteration: run.iteration, seconds, metrics };
}

function finish({ files, path, ...session }: Session, seconds: number, outcome: Outcome): Ending {
  const { summary } = outcome;
  const result = { ...resultOf(session, seconds, outcome.success), ...(summary && { summary }) };
  saveResult(files, path, result, outcome.parameters);
  return { kind: "finished", result, outcome };
}

function giveUp(session: Session, seconds: number, message: string): Ending {
  saveIfFinite(session);
  const result = { ...resultOf(session, seconds, false), diverged: message };
  saveResult(session.files, session.path, result);
  return { kind: "diverged", result, message };
}

/** The weights before the update that failed are better than none, unless they are what failed. */
function saveIfFinite({ run, files, path }: Session): void {
  try {
    run.save?.(files, path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
