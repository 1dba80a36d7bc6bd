/**
 * One run of `deno task train`: trains it in a worker, shows its progress, and reports its result.
 *
 * @module
 */
import { join, writeAtomically } from "@/io/files.ts";
import { durationText, measureText } from "@/io/number_format.ts";
import { UserError } from "@/io/user_error.ts";
import { quoteWord } from "@/options/command_line.ts";
import { flagOf, type Settings } from "@/options/settings.ts";
import type { Outcome, ProgressLabels } from "@/runs/run.ts";
import type { RunResult } from "@/runs/run_result.ts";
import type { Ending } from "@/runs/train.ts";
import type { TrainJob, TrainProgress } from "@/runs/train_job.ts";
import { type StopFlag, withStopFlag } from "@/runs/worker.ts";
import type { CommandHost } from "./host.ts";
import { amountText, createProgressBar, doneText, runProgressContent } from "./progress.ts";
import { reportHtml } from "./report.ts";

/** The run to train, and how to show it. */
export interface TrainRequest {
  readonly kind: "start" | "resume";
  readonly job: TrainJob;
  /** A short name of the run, for display. */
  readonly label: string;
  /** Whether to print the result as a line of JSON. */
  readonly json: boolean;
}

/**
 * Trains a run until it ends or is stopped, and reports the result.
 *
 * @param request The run.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The exit code: 0 done, 1 diverged, 75 or 130 stopped.
 * @throws {UserError} If the folder cannot be used or written.
 */
export async function trainOne(request: TrainRequest, host: CommandHost): Promise<number> {
  let opened: OpenedRun | undefined;
  // Signals are caught until the report is written, so that a late Ctrl-C does not lose it.
  return await withStopFlag(host, (stop) =>
    withResumeAdvice(host, () => opened?.path, async () => {
      const ending = await trainInWorker(request, host, stop, (run) => opened = run);
      return await reportEnding(ending, opened!, request, host);
    }));
}

/** A run whose folder is there: it can be resumed from now on. */
interface OpenedRun {
  /** The run folder. */
  readonly path: string;
  readonly labels?: ProgressLabels;
}

async function trainInWorker(
  { kind, job, label }: TrainRequest,
  host: CommandHost,
  stop: StopFlag,
  onOpened: (run: OpenedRun) => void,
): Promise<Ending> {
  const { settings: { seed } } = job, worker = host.startWorker(stop);
  const bar = createProgressBar(host.terminal, label, () => host.now());
  let labels: ProgressLabels | undefined, [startedAt, first, rate] = [host.now(), 0, 0];

  function onProgress(message: TrainProgress): void {
    if (message.kind === "started") {
      const { path } = message;
      labels = message.labels;
      [startedAt, first] = [host.now(), message.iteration];
      onOpened({ path, labels });
      const from = first === 0 ? "" : ` after ${amountText(labels, first)}`;
      return host.terminal.note(`Training ${label} with seed ${seed}${from} in ${path}`);
    }
    const { progress } = message;
    // An evaluation takes time without iterations, so it must not lower the rate.
    if (progress.evaluatedShare === undefined) {
      rate = (progress.iteration - first) / (host.now() - startedAt) * 1000;
    }
    bar.show(runProgressContent(progress, labels, rate));
  }

  try {
    return await worker.run<TrainJob, TrainProgress, Ending>(kind, job, onProgress);
  } finally {
    bar.end();
    worker.close();
  }
}

/** Reports how a session ended, and returns the exit code, or that it was stopped. */
async function reportEnding(
  ending: Ending,
  { path, labels }: OpenedRun,
  { label, json }: TrainRequest,
  host: CommandHost,
): Promise<number | "stopped"> {
  if (ending.kind === "stopped") {
    const done = doneText(labels, ending.iteration, ending.iterations);
    host.terminal.note(`Stopped after ${done}; resume with: ${resumeCommand(path)}`);
    return "stopped";
  }
  if (ending.kind === "finished") await reportOutcome(ending, labels, { path, label }, host);
  else host.terminal.note(`${ending.message}; the last good state is in ${path}`);
  if (json) host.terminal.print(JSON.stringify({ ...ending.result, folder: path }));
  return ending.kind === "diverged" ? 1 : 0;
}

async function reportOutcome(
  { result, outcome }: { readonly result: RunResult; readonly outcome: Outcome },
  labels: ProgressLabels | undefined,
  { path, label }: { readonly path: string; readonly label: string },
  host: CommandHost,
): Promise<void> {
  const verdict = verdictOf(result, labels);
  for (const line of [...outcome.lines, "", verdict]) host.terminal.print(line);
  const report = {
    title: `${label}, seed ${result.settings.seed}`,
    verdict,
    lines: outcome.lines,
    figures: outcome.figures,
    settings: listSettings(result.settings),
    recipe: listRecipe(outcome.summary?.recipe),
  };
  const html = await reportHtml(report, (figure) => host.drawFigure(figure));
  const file = join(path, "report.html");
  writeAtomically(host.files, file, html);
  host.terminal.print(`Report: ${file}`);
}

function verdictOf(
  { success, iteration, seconds, metrics }: RunResult,
  labels: ProgressLabels | undefined,
): string {
  const how = success ? "Succeeded" : "Did not succeed", name = labels?.error ?? "error";
  const error = metrics ? `, ${name} ${measureText(metrics.error)}` : "";
  return `${how}: ${amountText(labels, iteration)} in ${durationText(seconds)}${error}`;
}

/**
 * Lists settings for a table, by their flags.
 *
 * @param settings The settings.
 * @returns The flag and the value of each, without optional settings that were not given.
 */
export function listSettings(settings: Partial<Settings>): [name: string, value: string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[flagOf(name), String(value)]]
  );
}

/**
 * Lists the fields of a recipe for a table.
 *
 * @example A field that is null is shown as "none".
 * ```ts
 * import { listRecipe } from "@/cli/train_run.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = { batch: 4, optimizer: { rule: "adam", rate: 0.004 }, gateGain: 2, anchor: null };
 * assertEquals(listRecipe(recipe), [
 *   ["batch", "4"],
 *   ["optimizer", "rule adam, rate 0.004"],
 *   ["gate gain", "2"],
 *   ["anchor", "none"],
 * ]);
 * ```
 * @param recipe The recipe, as plain data; by default an empty one.
 * @returns The name and the value of each field.
 */
export function listRecipe(recipe: object = {}): [name: string, value: string][] {
  const labels = (name: string) => name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  const text = (value: unknown): string => {
    if (value === null) return "none";
    if (typeof value !== "object") return String(value);
    return Object.entries(Object(value)).map(([name, part]) => `${labels(name)} ${text(part)}`)
      .join(", ");
  };
  return Object.entries(recipe).map(([name, value]) => [labels(name), text(value)]);
}

/**
 * Writes the command line that resumes a run.
 *
 * @example A path with a blank in it is quoted.
 * ```ts
 * import { resumeCommand } from "@/cli/train_run.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resumeCommand(".runs/a"), "deno task train --resume .runs/a");
 * assertEquals(resumeCommand("my runs/a"), "deno task train --resume 'my runs/a'");
 * ```
 * @param path The run folder.
 * @returns A command line.
 */
export function resumeCommand(path: string): string {
  return `deno task train --resume ${quoteWord(path)}`;
}

/**
 * Does some work on a run, and adds to its error, if there is a run to resume, how to resume it.
 *
 * @param host The terminal, on which the advice is for an error that is not a sentence.
 * @param folder Returns the run folder; undefined while there is nothing to resume.
 * @param work The work.
 * @returns The result of `work`.
 * @throws {UserError} If `work` throws one; with the advice.
 */
export async function withResumeAdvice<T>(
  { terminal }: CommandHost,
  folder: () => string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const path = folder();
    if (path === undefined) throw error;
    const advice = `resume with: ${resumeCommand(path)}`;
    if (error instanceof UserError) {
      throw new UserError(error.action, error.wanted, `${error.got}; ${advice}`);
    }
    terminal.note(`The training has failed; ${advice}`);
    throw error;
  }
}
