/**
 * One sitting of training: from wherever a run is to its end, or to a stop.
 *
 * @module
 */
import { payAttention, type Surroundings } from "./attention.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Metrics, Outcome } from "./experiment.ts";
import { type RunResult, saveProgress, saveResult } from "./run_folder.ts";
import type { Session } from "./session.ts";
import { Diverged, measure, trainingLoop } from "./training_loop.ts";

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
 * @throws {BadInput} If the folder can no longer be written; the last checkpoint is still there then.
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
