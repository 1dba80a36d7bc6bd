/**
 * A run and its folder, at the beginning of a sitting.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Checkpoint, RunConfig } from "@/training/checkpoint.ts";
import type { Experiment, Metrics, Outcome, Run } from "./run.ts";
import type { Files } from "@/io/files.ts";
import {
  createRunFolder,
  readCheckpoint,
  readHistory,
  type RunResult,
  saveProgress,
  saveResult,
} from "./run_folder.ts";
import { payAttention, type Surroundings } from "@/training/attention.ts";

/** A run that may go on, and what is known of it. */
export interface Session {
  readonly files: Files;
  /** The run folder. */
  readonly path: string;
  readonly config: RunConfig;
  readonly run: Run;
  /** Everything measured so far. */
  readonly history: Metrics[];
  /** Seconds of training in earlier sittings. */
  readonly earlierSeconds: number;
}

/**
 * Starts a run in a new folder, from where it can be resumed at once.
 *
 * @param files Where to keep it.
 * @param path The folder, which must be new or empty.
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The session at iteration 0.
 * @throws {UserError} If the settings contradict each other or the folder cannot be used.
 */
export function beginSession(
  files: Files,
  path: string,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const run = startRun(experiment, settings);
  const start = { ...config, iteration: 0, rows: 0, seconds: 0 };
  inBounds(experiment, () => createRunFolder(files, path, { ...start, state: run.state() }));
  return { files, path, config, run, history: [], earlierSeconds: 0 };
}

/**
 * Goes on where a run's last checkpoint is.
 *
 * @param files Where it is kept.
 * @param path Its folder.
 * @param experiment The experiment named in its `config.json`.
 * @param settings The settings in its `config.json`.
 * @returns The session at the checkpoint's iteration.
 * @throws {UserError} If the folder's files are damaged, edited or of something else.
 */
export function resumeSession(
  files: Files,
  path: string,
  experiment: Experiment,
  settings: RunConfig["settings"],
): Session {
  const config = { experiment: experiment.name, settings };
  const { rows, seconds, state, iteration } = readCheckpoint(files, path, config);
  const run = resumedRun(path, () => experiment.resume(settings, state));
  if (run.iteration !== iteration) {
    throw new UserError(`resume ${path}`, `a run at iteration ${iteration}`, `${run.iteration}`);
  }
  const history = readHistory(files, path, rows);
  return { files, path, config, run, history, earlierSeconds: seconds };
}

/**
 * Starts a run.
 *
 * @example A network that no machine has room for.
 * ```ts
 * import { UserError } from "@/io/user_error.ts";
 * import type { Experiment } from "@/runs/run.ts";
 * import { startRun } from "@/runs/train.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const start = () => {
 *   throw new RangeError("Cannot make room: wanted 9000 MiB, got 4096 MiB");
 * };
 * const huge = { name: "huge", summary: "", options: {}, start, resume: start } as Experiment;
 * assertThrows(() => startRun(huge, { seed: 1 }), UserError, "Cannot train huge: wanted settings");
 * ```
 * @param experiment What to train.
 * @param settings Its settings.
 * @returns The run at iteration 0.
 * @throws {UserError} If the settings contradict each other, or ask for more than there is room for.
 */
export function startRun(experiment: Experiment, settings: RunConfig["settings"]): Run {
  return inBounds(experiment, () => experiment.start(settings));
}

/** Settings of which each is accepted may together be more than a machine or a text has room for. */
function inBounds<T>({ name }: Experiment, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const wanted = "settings that can be trained with";
    throw new UserError(`train ${name}`, wanted, `some that fail: ${error.message}`);
  }
}

/** A checkpoint may be whole and yet of a version that kept other things. */
function resumedRun(path: string, resume: () => Run): Run {
  try {
    return resume();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `resume ${path}`,
      "a checkpoint of this version",
      `one that fails: ${cause}`,
    );
  }
}

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
 * import { measurementInterval } from "@/runs/train.ts";
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

/** Where a run is, for those who watch it. */
export interface Progress {
  readonly iteration: number;
  /** How many there will be at most. */
  readonly iterations: number;
  /** Share of the work that is done; 1 for a run that has finished early, too. */
  readonly share: number;
  /** The last that was measured. */
  readonly metrics: Metrics;
  /** While it is examined, and once there is nothing left to do: the share that is known of what it is worth. */
  readonly told?: number;
}

/** Clock, ears and eyes of a sitting. */
export interface Watch {
  /** A clock in milliseconds. */
  now(): number;
  /** Lets signals and messages in. */
  pause(): Promise<void>;
  /** Whether someone has asked for a stop. */
  stopRequested(): boolean;
  /** Shows where the run is; called about twenty times a second. */
  show(progress: Progress): void;
}

/** How a sitting ended. */
export type Ending =
  | { readonly kind: "finished"; readonly result: RunResult; readonly outcome: Outcome }
  | { readonly kind: "diverged"; readonly result: RunResult; readonly message: string }
  | { readonly kind: "stopped"; readonly iteration: number; readonly iterations: number };

/**
 * Trains until the run has finished or is asked to stop, and keeps what it has come to.
 *
 * @param session The run and its folder.
 * @param watch Clock, ears and eyes.
 * @returns How it ended.
 * @throws {UserError} If the folder can no longer be written; the last checkpoint is still there then.
 */
export async function train(session: Session, watch: Watch): Promise<Ending> {
  const { run } = session;
  const notebook = openNotebook(session, watch);
  const around = {
    now: () => watch.now(),
    pause: () => watch.pause(),
    stopRequested: () => watch.stopRequested(),
    ...notebook,
  };
  try {
    if (session.history.length === 0) notebook.record(measure(run));
    const ending = await trainingLoop(run, around);
    notebook.keep();
    notebook.show();
    const seconds = notebook.seconds();
    const outcome = ending === "finished" && await outcomeOf(session, around);
    if (outcome) return finish(session, seconds, outcome);
    return { kind: "stopped", iteration: run.iteration, iterations: run.iterations };
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    return giveUp(session, notebook.seconds(), error.message);
  }
}

/** What the loop notes down, and when it last did. */
function openNotebook(session: Session, watch: Watch) {
  const { files, path, config, run, history, earlierSeconds } = session;
  const began = watch.now();
  const seconds = () => earlierSeconds + (watch.now() - began) / 1000;
  let kept = history.length;
  return {
    seconds,
    record: (metrics: Metrics) => void history.push(metrics),
    show: (told?: number) =>
      watch.show({
        iteration: run.iteration,
        iterations: run.iterations,
        share: run.finished ? 1 : run.iteration / run.iterations,
        metrics: history[history.length - 1],
        ...(told !== undefined && { told }),
      }),
    keep() {
      const { iteration } = run;
      // A state from after a divergence must not take the place of the last good one.
      if (history.at(-1)?.iteration !== iteration) measure(run);
      const checkpoint: Checkpoint = {
        ...config,
        iteration,
        rows: history.length,
        seconds: seconds(),
        state: run.state(),
      };
      keepFinite(() => {
        run.save?.(files, path);
        saveProgress(files, path, history.slice(kept), checkpoint);
      }, iteration);
      kept = history.length;
    },
  };
}

/** A checkpoint of NaN would only take the place of the last good one; answers of NaN are worth nothing. */
function keepFinite<T>(work: () => T, iteration: number): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Diverged(`${error.message} at iteration ${iteration}`);
  }
}

/** The weights before the update that failed are better than none, unless they are what failed. */
function saveIfFinite({ run, files, path }: Session): void {
  try {
    run.save?.(files, path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function resultOf(
  session: Pick<Session, "config" | "run" | "history">,
  seconds: number,
  success: boolean,
): RunResult {
  const { config, run, history } = session;
  const metrics = history.at(-1) ?? null;
  return { ...config, success, iteration: run.iteration, seconds, metrics };
}

/** What a run has come to; nothing if someone has asked for a stop meanwhile. */
async function outcomeOf(
  { run, history }: Session,
  around: Surroundings,
): Promise<Outcome | undefined> {
  const finite = <T>(work: () => T) => keepFinite(work, run.iteration);
  if (!run.outcomeSteps) return finite(() => run.outcome(history));
  const steps = run.outcomeSteps(history), step = () => finite(() => steps.next());
  const stopAsked = payAttention(around);
  for (let next = step();; next = step()) {
    if (next.done) return next.value;
    if (await stopAsked(next.value)) return undefined;
  }
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
