/**
 * One run of `deno task train`, from its session to its summary.
 *
 * @module
 */
import type { Outcome, ProgressWords, Settings } from "@/runs/run.ts";
import { join, writeAtomically } from "@/io/files.ts";
import type { RunResult } from "@/runs/run_folder.ts";
import { flagOf } from "@/training/settings.ts";
import { type Ending, type Session, train } from "@/runs/train.ts";
import { amountText, openProgress, placeText, shownProgress } from "./progress.ts";
import { countText, durationText, measureText } from "@/io/readable_numbers.ts";
import { reportHtml } from "./report.ts";
import { adviseToResume, interruptible, resumeCommand, type TrainHost } from "./train_host.ts";

/**
 * Trains a run to its end or to a Ctrl-C, and tells what it has come to.
 *
 * @param session The run and its folder.
 * @param json Whether to end with a line of JSON.
 * @param host The world.
 * @returns The exit code: 0 done, 1 diverged, 130 stopped.
 * @throws {UserError} If the folder can no longer be written.
 */
export async function trainOne(session: Session, json: boolean, host: TrainHost): Promise<number> {
  const { path, config, run } = session;
  const from = run.iteration === 0 ? "" : ` from ${placeText(run.words, run.iteration)}`;
  host.terminal.note(
    `Training ${config.experiment} with seed ${config.settings.seed}${from} in ${path}`,
  );
  // Until the report is there: a Ctrl-C in the last moment must not end it without a word.
  return await interruptible(host, () => {}, (stopRequested) =>
    adviseToResume(path, async () => {
      const ending = await watched(session, host, stopRequested);
      return await told(ending, session, json, host);
    }));
}

async function watched(
  session: Session,
  host: TrainHost,
  stopRequested: () => boolean,
): Promise<Ending> {
  const bar = openProgress(host.terminal, session.config.experiment, () => host.now());
  const [began, first] = [host.now(), session.run.iteration];
  let rate = 0;
  try {
    return await train(session, {
      now: () => host.now(),
      pause: () => host.pause(),
      stopRequested,
      show(progress) {
        const trained = progress.told === undefined; // being examined is not learning slowly
        if (trained) rate = (progress.iteration - first) / (host.now() - began) * 1000;
        bar.show(shownProgress(progress, session.run.words, rate));
      },
    });
  } finally {
    bar.end();
  }
}

/** Tells how a sitting ended; the exit code. */
async function told(
  ending: Ending,
  { path, run: { words } }: Session,
  json: boolean,
  host: TrainHost,
): Promise<number> {
  if (ending.kind === "stopped") {
    const { iteration, iterations } = ending;
    const all = words ? amountText(words, iterations) : countText(iterations);
    const where = `${placeText(words, iteration)} of ${all}`;
    host.terminal.note(`Stopped at ${where}; go on with: ${resumeCommand(path)}`);
    return 130;
  }
  if (ending.kind === "finished") await tell(ending, words, path, host);
  else host.terminal.note(`${ending.message}; the last good state is kept in ${path}`);
  if (json) host.terminal.print(JSON.stringify({ ...ending.result, folder: path }));
  return ending.kind === "diverged" ? 1 : 0;
}

async function tell(
  { result, outcome }: { readonly result: RunResult; readonly outcome: Outcome },
  words: ProgressWords | undefined,
  path: string,
  host: TrainHost,
): Promise<void> {
  const verdict = verdictOf(result, words);
  for (const line of [...outcome.lines, "", verdict]) host.terminal.print(line);
  const report = {
    title: `${result.experiment}, seed ${result.settings.seed}`,
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
 *   ["control gain", "2"],
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
