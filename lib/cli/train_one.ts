/**
 * One run of `deno task train`, from its session to its summary.
 *
 * @module
 */
import type { Outcome, Settings } from "@/training/experiment.ts";
import { join, writeAtomically } from "@/training/files.ts";
import type { RunResult } from "@/training/run_folder.ts";
import { flagOf } from "@/training/settings.ts";
import type { Session } from "@/training/session.ts";
import { type Ending, type Progress, train } from "@/training/sitting.ts";
import { openProgress, type Shown } from "./progress_display.ts";
import { countText, durationText, measureText } from "./readable_numbers.ts";
import { reportHtml } from "./report.ts";
import { interruptible, resumeCommand, type TrainHost } from "./train_host.ts";

/**
 * Trains a run to its end or to a Ctrl-C, and tells what it has come to.
 *
 * @param session The run and its folder.
 * @param json Whether to end with a line of JSON.
 * @param host The world.
 * @returns The exit code: 0 done, 1 diverged, 130 stopped.
 * @throws {BadInput} If the folder can no longer be written.
 */
export async function trainOne(session: Session, json: boolean, host: TrainHost): Promise<number> {
  const { path, config, run } = session;
  const from = run.iteration === 0 ? "" : ` from iteration ${countText(run.iteration)}`;
  host.terminal.note(
    `Training ${config.experiment} with seed ${config.settings.seed}${from} in ${path}`,
  );
  const ending = await watched(session, host);
  if (ending.kind === "stopped") {
    const { iteration, iterations } = ending;
    const where = `iteration ${countText(iteration)} of ${countText(iterations)}`;
    host.terminal.note(`Stopped at ${where}; go on with: ${resumeCommand(path)}`);
    return 130;
  }
  if (ending.kind === "finished") await tell(ending.result, ending.outcome, path, host);
  else host.terminal.note(`${ending.message}; the last good state is kept in ${path}`);
  if (json) host.terminal.print(JSON.stringify({ ...ending.result, folder: path }));
  return ending.kind === "diverged" ? 1 : 0;
}

async function watched(session: Session, host: TrainHost): Promise<Ending> {
  const bar = openProgress(host.terminal, session.config.experiment, () => host.now());
  const [began, first] = [host.now(), session.run.iteration];
  try {
    return await interruptible(host, () => {}, (stopRequested) =>
      train(session, {
        now: () => host.now(),
        pause: () => host.pause(),
        stopRequested,
        show(progress) {
          const rate = (progress.iteration - first) / (host.now() - began) * 1000;
          bar.show(shownOf(progress, rate));
        },
      }));
  } finally {
    bar.end();
  }
}

/** Everything that was measured as a single number is shown, if there is room. */
function shownOf({ iteration, iterations, share, metrics }: Progress, rate: number): Shown {
  const others = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === "number" && name !== "iteration" && name !== "error"
      ? [`${name} ${measureText(value)}`]
      : []
  );
  return {
    share,
    details: [
      `${countText(iteration)} of ${countText(iterations)} iterations`,
      `error ${measureText(metrics.error)}`,
    ],
    extras: [...(rate > 0 && Number.isFinite(rate) ? [`${countText(rate)}/s`] : []), ...others],
  };
}

async function tell(
  result: RunResult,
  outcome: Outcome,
  path: string,
  host: TrainHost,
): Promise<void> {
  const verdict = verdictOf(result);
  for (const line of [...outcome.lines, "", verdict]) host.terminal.print(line);
  const report = {
    title: `${result.experiment}, seed ${result.settings.seed}`,
    verdict,
    lines: outcome.lines,
    figures: outcome.figures,
    settings: settingRows(result.settings),
  };
  const html = await reportHtml(report, (figure) => host.drawFigure(figure));
  const file = join(path, "report.html");
  writeAtomically(host.files, file, html);
  host.terminal.print(`Report: ${file}`);
}

function verdictOf({ success, iteration, seconds, metrics }: RunResult): string {
  const how = success ? "Succeeded" : "Did not succeed";
  const error = metrics ? `, error ${measureText(metrics.error)}` : "";
  return `${how}: ${countText(iteration)} iterations in ${durationText(seconds)}${error}`;
}

/** Settings by their flags, as a table shows them; an optional one that was not given is left out. */
export function settingRows(settings: Partial<Settings>): [name: string, value: string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[flagOf(name), String(value)]]
  );
}
