/**
 * Many seeds of `deno task train`: trains a run for each on a worker pool, and reports how many succeeded.
 *
 * @module
 */
import { join, writeAtomically } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { readResult, type RunResult } from "@/runs/run_result.ts";
import {
  type PoolProgress,
  saveSeedsResult,
  seedJobs,
  type SeedsConfig,
  type SeedsResult,
  trainPool,
} from "@/runs/seeds.ts";
import { withStopFlag } from "@/runs/worker.ts";
import type { CommandHost } from "./host.ts";
import { createProgressBar, type ProgressContent } from "./progress.ts";
import { reportHtml, seedsFigure, seedsTable, successRateText } from "./report.ts";
import { listSettings, resumeCommand, withResumeAdvice } from "./train_run.ts";

/** Options of a training with many seeds. */
export interface TrainSeedsOptions {
  readonly kind: "start" | "resume";
  /** Whether to print the result as a line of JSON. */
  readonly json: boolean;
  /** The number of workers; null for one per core. */
  readonly workers: number | null;
}

/**
 * Trains every seed that has no result yet, and reports how many succeeded.
 *
 * @param path The folder of the seeds.
 * @param config The experiment and the seeds.
 * @param options The number of workers and the form of the output.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The exit code: 0 done, 1 if a seed diverged, 75 or 130 stopped.
 * @throws {UserError} If a folder cannot be used.
 */
export async function trainSeeds(
  path: string,
  config: SeedsConfig,
  options: TrainSeedsOptions,
  host: CommandHost,
): Promise<number> {
  const jobs = seedJobs(path, config), { experiment, seeds: { first, last } } = config;
  // A result that is not this run's is refused before a seed is trained.
  for (const job of jobs) readResult(host.files, job.path, job);
  const count = Math.min(options.workers ?? host.cores, jobs.length);
  const workerText = `${countText(count)} at a time`;
  host.terminal.note(
    `Training ${experiment} with seeds ${first} to ${last}, ${workerText}, in ${path}`,
  );
  let hasTrained = options.kind === "start";
  return await withStopFlag(
    host,
    (stop) =>
      withResumeAdvice(host, () => hasTrained ? path : undefined, async () => {
        const workers = Array.from({ length: count }, () => host.startWorker(stop));
        const bar = createProgressBar(host.terminal, experiment, () => host.now());
        const show = (progress: PoolProgress) => {
          hasTrained = true;
          bar.show(shownOf(progress, jobs.length));
        };
        const runs = await trainPool(jobs, workers, stop, show).finally(() => {
          bar.end();
          workers.forEach((worker) => worker.close());
        });
        if (runs === "stopped") {
          const advice = `resume with: ${resumeCommand(path)}`;
          host.terminal.note(`Stopped before the last seed was done; ${advice}`);
          return "stopped";
        }
        const result = saveSeedsResult(host.files, path, config, runs);
        await report(result, path, host);
        if (options.json) host.terminal.print(JSON.stringify({ ...result, folder: path }));
        return divergedSeeds(runs).length > 0 ? 1 : 0;
      }),
  );
}

function shownOf({ share, results }: PoolProgress, total: number): ProgressContent {
  const successes = results.filter(({ success }) => success).length;
  const details = [`${countText(results.length)} of ${countText(total)} seeds done`];
  if (results.length > 0) details.push(`${countText(successes)} succeeded`);
  return { share, details };
}

function divergedSeeds(runs: readonly RunResult[]): number[] {
  return runs.filter(({ diverged }) => diverged !== undefined).map(({ settings }) => settings.seed);
}

async function report(result: SeedsResult, path: string, host: CommandHost): Promise<void> {
  const [table, verdict] = [seedsTable(result.runs), successRateText(result)];
  for (const line of [...table, "", verdict]) host.terminal.print(line);
  const { first, last } = result.seeds;
  const html = await reportHtml({
    title: `${result.experiment}, seeds ${first} to ${last}`,
    verdict: `${verdict}.`,
    lines: table,
    figures: [seedsFigure(result.runs)],
    settings: listSettings(result.settings),
  }, (figure) => host.drawFigure(figure));
  const file = join(path, "report.html");
  writeAtomically(host.files, file, html);
  host.terminal.print(`Report: ${file}`);
  const diverged = divergedSeeds(result.runs);
  if (diverged.length > 0) host.terminal.note(divergenceText(diverged, result.trials, path));
}

function divergenceText(seeds: readonly number[], trials: number, path: string): string {
  const wanted = `wanted finite numbers for all ${countText(trials)}`;
  const got = `got NaN or infinity for ${seeds.length === 1 ? "seed" : "seeds"} ${
    seeds.join(", ")
  }`;
  return `Cannot train every seed to its end: ${wanted}, ${got}; the last good states are in ${path}`;
}
