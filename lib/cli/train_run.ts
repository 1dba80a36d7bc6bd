/**
 * One run of `deno task train`: trains it in a worker, shows its progress, and reports its result.
 *
 * @module
 */
import { join, writeAtomically } from "@/io/files.ts";
import { durationText, measureText } from "@/io/number_format.ts";
import { UserError } from "@/io/user_error.ts";
import { flagOf, type Settings } from "@/options/settings.ts";
import type { Outcome, ProgressLabels } from "@/runs/run.ts";
import { CONFIG_FILE, type RunResult } from "@/runs/run_folder.ts";
import type { Ending } from "@/runs/train.ts";
import type { TrainJob, TrainProgress } from "@/runs/train_job.ts";
import type { StopFlag } from "@/runs/worker.ts";
import { type CommandHost, withStopFlag } from "./host.ts";
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
 * @returns The exit code: 0 done, 1 diverged, 130 stopped.
 * @throws {UserError} If the folder cannot be used or written.
 */
export async function trainOne(request: TrainRequest, host: CommandHost): Promise<number> {
  const { job: { path }, json } = request;
  // Signals are caught until the report is written, so that a late Ctrl-C does not lose it.
  return await withStopFlag(host, async (stop) => {
    const { ending, labels } = await trainInWorker(request, host, stop);
    return await withResumeAdvice(
      host,
      path,
      () => reportEnding(ending, labels, { ...request, json }, host),
    );
  });
}

async function trainInWorker(
  { kind, job, label }: TrainRequest,
  host: CommandHost,
  stop: StopFlag,
): Promise<{ readonly ending: Ending; readonly labels: ProgressLabels | undefined }> {
  const { path, settings: { seed } } = job, worker = host.startWorker(stop);
  const bar = createProgressBar(host.terminal, label, () => host.now());
  let labels: ProgressLabels | undefined, [startedAt, first, rate] = [host.now(), 0, 0];

  function onProgress(message: TrainProgress): void {
    if (message.kind === "started") {
      labels = message.labels;
      [startedAt, first] = [host.now(), message.iteration];
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
    const train = () => worker.run<TrainJob, TrainProgress, Ending>(kind, job, onProgress);
    return { ending: await withResumeAdvice(host, path, train), labels };
  } finally {
    bar.end();
    worker.close();
  }
}

/** Reports how a session ended, and returns the exit code. */
async function reportEnding(
  ending: Ending,
  labels: ProgressLabels | undefined,
  { job: { path }, label, json }: TrainRequest,
  host: CommandHost,
): Promise<number> {
  if (ending.kind === "stopped") {
    const done = doneText(labels, ending.iteration, ending.iterations);
    host.terminal.note(`Stopped after ${done}; resume with: ${resumeCommand(path)}`);
    return 130;
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
  const word = /^[\w./\\:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `deno task train --resume ${word}`;
}

/** Something of the run, or the folder of one of its seeds, could not be written. */
const UNWRITABLE = /^Cannot (write |start a run in .+: wanted a folder that can be written)/;

/**
 * Does some work on a run, and adds to the error of a failed write, as on a full disk, how to resume the run.
 *
 * @param host The files to use.
 * @param path The run folder.
 * @param work The work.
 * @returns The result of `work`.
 * @throws {UserError} If `work` throws one; with the advice if a file could not be written and there is a run to resume.
 */
export async function withResumeAdvice<T>(
  { files }: CommandHost,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A damaged run cannot be resumed; one that could not be written can, once there is room.
    if (!(error instanceof UserError) || !UNWRITABLE.test(error.message)) throw error;
    if (files.kindOf(join(path, CONFIG_FILE)) === "nothing") throw error;
    const { action, wanted, got } = error;
    throw new UserError(action, wanted, `${got}; resume with: ${resumeCommand(path)}`);
  }
}
