/**
 * Going on with a run of `deno task train`: of one seed or of many.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Experiment, Settings } from "@/runs/run.ts";
import { readConfig } from "@/runs/run_folder.ts";
import { isSeedRange } from "@/training/seed_range.ts";
import { resumeSession } from "@/runs/train.ts";
import { flagOf, settingsFromFile, settingsFromTexts } from "@/training/settings.ts";
import type { TrainHost } from "./train_host.ts";
import { trainMany } from "./train_many.ts";
import { trainOne } from "./train_one.ts";
import { checkBelong, type ResumeRequest, workersAlone } from "./train_request.ts";

/**
 * Goes on with what a folder holds; what has finished is told again.
 *
 * @param request Which folder, and settings that were named again.
 * @param host The world.
 * @returns The exit code: 0 done, 1 if a run diverged, 130 stopped.
 * @throws {UserError} If the folder holds no run, a damaged one, or one of other settings.
 */
export async function resumeTraining(request: ResumeRequest, host: TrainHost): Promise<number> {
  const { folder, json } = request;
  const action = `resume ${folder}`;
  const { experiment: name, settings: saved, seeds } = readConfig(host.files, folder);
  const experiment = experimentOf(host, name, action);
  if (seeds === undefined) {
    if (request.workers !== undefined) throw workersAlone();
    const settings = settingsFromFile(experiment, saved, action);
    checkSame(request, experiment, settings);
    const session = resumeSession(host.files, folder, experiment, settings);
    return await trainOne(session, json, host);
  }
  if (!isSeedRange(seeds)) throw new UserError(action, "a range of seeds", JSON.stringify(seeds));
  const settings = settingsFromFile(experiment, { ...Object(saved), seed: seeds.first }, action);
  const { seed: _oneOfMany, ...shared } = settings;
  checkSame(request, experiment, shared);
  const config = { experiment: experiment.name, settings: shared, seeds };
  return await trainMany(folder, config, request, host);
}

function experimentOf({ experiments }: TrainHost, name: unknown, action: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name).join(", ");
  throw new UserError(action, `a run of one of ${names}`, JSON.stringify(name) ?? "none");
}

/** A run keeps its settings; naming them again is harmless only if they are the same. */
function checkSame(
  { folder, given }: ResumeRequest,
  experiment: Experiment,
  settings: Partial<Settings>,
): void {
  const named = given.get("--experiment") ?? experiment.name;
  if (named !== experiment.name) {
    throw new UserError(
      `resume ${folder}`,
      `--experiment ${experiment.name}, which it holds`,
      named,
    );
  }
  checkBelong(experiment, given);
  const asked = settingsFromTexts(experiment, given);
  const changed = Object.keys(asked).find((name) =>
    given.has(flagOf(name)) && String(asked[name]) !== String(settings[name])
  );
  if (changed === undefined) return;
  const wanted = `${flagOf(changed)} as it was started with (${settings[changed] ?? "none"})`;
  throw new UserError(`resume ${folder}`, wanted, String(asked[changed]));
}
