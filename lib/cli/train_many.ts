/**
 * Many seeds of `deno task train`, from their folder to their success rate.
 *
 * @module
 */
import { join, writeAtomically } from "@/io/files.ts";
import type { RunResult } from "@/runs/run_folder.ts";
import {
  type PoolProgress,
  saveSeedsResult,
  type SeedJob,
  seedJobs,
  type SeedsConfig,
  type SeedsResult,
  type SeedWorker,
  trainPool,
} from "@/runs/seeds.ts";
import { openProgress, type Shown } from "./progress.ts";
import { countText } from "@/io/readable_numbers.ts";
import { reportHtml, seedsFigure, seedsTable, successRate } from "./report.ts";
import { adviseToResume, interruptible, resumeCommand, type TrainHost } from "./train_host.ts";
import { settingRows } from "./train_one.ts";

/** How to train many seeds. */
export interface ManyOptions {
  /** Whether to end with a line of JSON. */
  readonly json: boolean;
  /** How many at a time; as many as there are cores if left out. */
  readonly workers?: number;
}

/**
 * Trains every seed that has not finished yet, and tells how many succeeded.
 *
 * @param path The folder of all of them.
 * @param config What it holds.
 * @param options How.
 * @param host The world.
 * @returns The exit code: 0 done, 1 if a seed diverged, 130 stopped.
 * @throws {UserError} If a folder cannot be used.
 */
export async function trainMany(
  path: string,
  config: SeedsConfig,
  options: ManyOptions,
  host: TrainHost,
): Promise<number> {
  const jobs = seedJobs(path, config);
  const count = Math.min(options.workers ?? host.cores, jobs.length);
  const { experiment, seeds: { first, last } } = config;
  const atATime = `${countText(count)} at a time`;
  host.terminal.note(
    `Training ${experiment} with seeds ${first} to ${last}, ${atATime}, in ${path}`,
  );
  const workers = Array.from({ length: count }, () => host.startSeedWorker());
  return await interruptible(
    host,
    () => workers.forEach((worker) => worker.stop()),
    (stopped) =>
      adviseToResume(path, async () => {
        const runs = await watched(jobs, workers, host, stopped);
        if (runs === "stopped") {
          const advice = `go on with: ${resumeCommand(path)}`;
          host.terminal.note(`Stopped before the last seed was done; ${advice}`);
          return 130;
        }
        const result = saveSeedsResult(host.files, path, config, runs);
        await tell(result, path, host);
        if (options.json) host.terminal.print(JSON.stringify({ ...result, folder: path }));
        return divergedSeeds(runs).length > 0 ? 1 : 0;
      }),
  );
}

async function watched(
  jobs: readonly SeedJob[],
  workers: readonly SeedWorker[],
  host: TrainHost,
  stopRequested: () => boolean,
): Promise<RunResult[] | "stopped"> {
  const bar = openProgress(host.terminal, jobs[0].experiment, () => host.now());
  try {
    return await trainPool(jobs, workers, {
      stopRequested,
      show: (progress) => bar.show(shownOf(progress, jobs.length)),
    });
  } finally {
    bar.end();
    workers.forEach((worker) => worker.close());
  }
}

function shownOf({ share, results }: PoolProgress, total: number): Shown {
  const successes = results.filter(({ success }) => success).length;
  const details = [`${countText(results.length)} of ${countText(total)} seeds done`];
  if (results.length > 0) details.push(`${countText(successes)} succeeded`);
  return { share, details };
}

function divergedSeeds(runs: readonly RunResult[]): number[] {
  return runs.filter(({ diverged }) => diverged !== undefined).map(({ settings }) => settings.seed);
}

async function tell(result: SeedsResult, path: string, host: TrainHost): Promise<void> {
  const [table, verdict] = [seedsTable(result.runs), successRate(result)];
  for (const line of [...table, "", verdict]) host.terminal.print(line);
  const { first, last } = result.seeds;
  const report = {
    title: `${result.experiment}, seeds ${first} to ${last}`,
    verdict: `${verdict}.`,
    lines: table,
    figures: [seedsFigure(result.runs)],
    settings: settingRows(result.settings),
  };
  const html = await reportHtml(report, (figure) => host.drawFigure(figure));
  const file = join(path, "report.html");
  writeAtomically(host.files, file, html);
  host.terminal.print(`Report: ${file}`);
  const lost = divergedSeeds(result.runs);
  if (lost.length > 0) host.terminal.note(divergence(lost, result.trials, path));
}

function divergence(lost: readonly number[], trials: number, path: string): string {
  const wanted = `wanted finite numbers on all ${countText(trials)}`;
  const got = `got others on ${lost.length === 1 ? "seed" : "seeds"} ${lost.join(", ")}`;
  return `Cannot train every seed to its end: ${wanted}, ${got}; the last good states are kept in ${path}`;
}
