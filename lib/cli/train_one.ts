/**
 * One run of `deno task train`: trained by a worker, shown while it goes on, reported at its end.
 *
 * @module
 */
import { join, writeAtomically } from "@/io/files.ts";
import { countText, durationText, measureText } from "@/io/readable_numbers.ts";
import { UserError } from "@/io/user_error.ts";
import { flagOf, type Settings } from "@/options/settings.ts";
import type { Outcome, ProgressWords } from "@/runs/run.ts";
import { CONFIG_FILE, type RunResult } from "@/runs/run_folder.ts";
import type { Ending } from "@/runs/train.ts";
import type { TrainJob, TrainProgress } from "@/runs/train_job.ts";
import type { StopFlag } from "@/runs/worker.ts";
import { type CommandHost, stoppable } from "./host.ts";
import { amountText, openProgress, placeText, shownProgress } from "./progress.ts";
import { reportHtml } from "./report.ts";

/** Which run, and how it is shown. */
export interface TrainRequest {
  readonly kind: "start" | "resume";
  readonly job: TrainJob;
  /** A short name for the run. */
  readonly label: string;
  /** Whether to end with a line of JSON. */
  readonly json: boolean;
}

/**
 * Trains a run to its end or to a stop, and reports its outcome.
 *
 * @param request Which run.
 * @param host The world.
 * @returns The exit code: 0 done, 1 diverged, 130 stopped.
 * @throws {UserError} If the folder cannot be used or written.
 */
export async function trainOne(request: TrainRequest, host: CommandHost): Promise<number> {
  const { job: { path }, json } = request;
  // Until the report is there: a Ctrl-C in the last moment must not end it without a word.
  return await stoppable(host, async (stop) => {
    const { ending, words } = await trainInWorker(request, host, stop);
    return await adviseToResume(
      host,
      path,
      () => reportEnding(ending, words, { ...request, json }, host),
    );
  });
}

async function trainInWorker(
  { kind, job, label }: TrainRequest,
  host: CommandHost,
  stop: StopFlag,
): Promise<{ readonly ending: Ending; readonly words: ProgressWords | undefined }> {
  const { path, settings: { seed } } = job, worker = host.startWorker(stop);
  const bar = openProgress(host.terminal, label, () => host.now());
  let words: ProgressWords | undefined, [began, first, rate] = [host.now(), 0, 0];

  function onProgress(news: TrainProgress): void {
    if (news.kind === "started") {
      words = news.words;
      [began, first] = [host.now(), news.iteration];
      const from = first === 0 ? "" : ` from ${placeText(words, first)}`;
      return host.terminal.note(`Training ${label} with seed ${seed}${from} in ${path}`);
    }
    const { progress } = news;
    // The time of an evaluation does not count as slow training.
    if (progress.evaluatedShare === undefined) {
      rate = (progress.iteration - first) / (host.now() - began) * 1000;
    }
    bar.show(shownProgress(progress, words, rate));
  }

  try {
    const train = () => worker.run<TrainJob, TrainProgress, Ending>(kind, job, onProgress);
    return { ending: await adviseToResume(host, path, train), words };
  } finally {
    bar.end();
    worker.close();
  }
}

/** Reports how a run ended; the exit code. */
async function reportEnding(
  ending: Ending,
  words: ProgressWords | undefined,
  { job: { path }, label, json }: TrainRequest,
  host: CommandHost,
): Promise<number> {
  if (ending.kind === "stopped") {
    const { iteration, iterations } = ending;
    const all = words ? amountText(words, iterations) : countText(iterations);
    const where = `${placeText(words, iteration)} of ${all}`;
    host.terminal.note(`Stopped at ${where}; resume with: ${resumeCommand(path)}`);
    return 130;
  }
  if (ending.kind === "finished") await reportOutcome(ending, words, { path, label }, host);
  else host.terminal.note(`${ending.message}; the last good state is kept in ${path}`);
  if (json) host.terminal.print(JSON.stringify({ ...ending.result, folder: path }));
  return ending.kind === "diverged" ? 1 : 0;
}

async function reportOutcome(
  { result, outcome }: { readonly result: RunResult; readonly outcome: Outcome },
  words: ProgressWords | undefined,
  { path, label }: { readonly path: string; readonly label: string },
  host: CommandHost,
): Promise<void> {
  const verdict = verdictOf(result, words);
  for (const line of [...outcome.lines, "", verdict]) host.terminal.print(line);
  const report = {
    title: `${label}, seed ${result.settings.seed}`,
    verdict,
    lines: outcome.lines,
    figures: outcome.figures,
    settings: settingRows(result.settings),
    recipe: recipeRows(outcome.summary?.recipe),
  };
  const html = await reportHtml(report, (figure) => host.drawFigure(figure));
  const file = join(path, "report.html");
  writeAtomically(host.files, file, html);
  host.terminal.print(`Report: ${file}`);
}

function verdictOf(
  { success, iteration, seconds, metrics }: RunResult,
  words: ProgressWords | undefined,
): string {
  const how = success ? "Succeeded" : "Did not succeed", name = words?.error ?? "error";
  const error = metrics ? `, ${name} ${measureText(metrics.error)}` : "";
  return `${how}: ${amountText(words, iteration)} in ${durationText(seconds)}${error}`;
}

/** Settings by their flags, as a table shows them; an optional one that was not given is left out. */
export function settingRows(settings: Partial<Settings>): [name: string, value: string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[flagOf(name), String(value)]]
  );
}

/**
 * A recipe as a table shows it.
 *
 * @example What is left out is none.
 * ```ts
 * import { recipeRows } from "@/cli/train_one.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = { batch: 4, optimiser: { rule: "adam", rate: 0.004 }, gateGain: 2, anchor: null };
 * assertEquals(recipeRows(recipe), [
 *   ["batch", "4"],
 *   ["optimiser", "rule adam, rate 0.004"],
 *   ["gate gain", "2"],
 *   ["anchor", "none"],
 * ]);
 * ```
 * @param recipe Plain data; none if left out.
 * @returns Names and values.
 */
export function recipeRows(recipe: object = {}): [name: string, value: string][] {
  const words = (name: string) => name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  const text = (value: unknown): string => {
    if (value === null) return "none";
    if (typeof value !== "object") return String(value);
    return Object.entries(Object(value)).map(([name, part]) => `${words(name)} ${text(part)}`)
      .join(", ");
  };
  return Object.entries(recipe).map(([name, value]) => [words(name), text(value)]);
}

/**
 * The command line that resumes a run.
 *
 * @example A path with a blank in it is quoted.
 * ```ts
 * import { resumeCommand } from "@/cli/train_one.ts";
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
 * Does something with a run whose folder may become unusable meanwhile, as when a disk fills up: an error then says how to
 * resume, if there is a run to resume.
 *
 * @param host The world.
 * @param path The run folder.
 * @param work What to do.
 * @returns What `work` returns.
 * @throws {UserError} If `work` throws one: the same, with the advice if something could not be written.
 */
export async function adviseToResume<T>(
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
