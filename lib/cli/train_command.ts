/**
 * `deno task train`, whatever the world around it.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { freePath } from "@/runs/run_folder.ts";
import { createSeedsFolder } from "@/runs/seeds.ts";
import { beginSession, startRun } from "@/runs/train.ts";
import { trainHelp } from "./train_help.ts";
import type { TrainHost } from "./train_host.ts";
import { trainMany } from "./train_many.ts";
import { trainOne } from "./train_one.ts";
import { readRequest, type StartRequest } from "./train_request.ts";
import { resumeTraining } from "./train_resume.ts";

/** Where runs are kept unless another folder is named. */
const RUNS = ".runs";

/**
 * Does what a command line asks for.
 *
 * @param words The command line, without the command.
 * @param host The world; the first of its experiments is the default.
 * @returns The exit code: 0 done, 1 if a run diverged, 2 wrong input, 130 stopped by Ctrl-C.
 */
export async function trainCommand(words: readonly string[], host: TrainHost): Promise<number> {
  const { experiments, terminal } = host;
  try {
    const request = readRequest(words, experiments, experiments[0].name);
    if (request.kind === "start") return await start(request, host);
    if (request.kind === "resume") return await resumeTraining(request, host);
    trainHelp(experiments, experiments[0].name).forEach((line) => terminal.print(line));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(error.message);
    return 2;
  }
}

async function start(request: StartRequest, host: TrainHost): Promise<number> {
  const { experiment, settings, seeds } = request;
  const name = seeds ? `seeds${seeds.first}-${seeds.last}` : `seed${settings.seed}`;
  const path = request.folder ?? freePath(host.files, `${RUNS}/${experiment.name}-${name}`);
  if (!seeds) {
    return await trainOne(beginSession(host.files, path, experiment, settings), request.json, host);
  }
  const { seed: _oneOfMany, ...shared } = settings;
  // Settings that contradict each other are refused here, before there is a folder.
  startRun(experiment, { ...shared, seed: seeds.first });
  const config = { experiment: experiment.name, settings: shared, seeds };
  createSeedsFolder(host.files, path, config);
  return await trainMany(path, config, request, host);
}
