/**
 * `deno task train`: starts a run, or one for each of many seeds, or resumes the run or the seeds in a folder.
 *
 * This file defines the options and decides what to do; `train_run.ts` and `train_seeds.ts` do it.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { enterCallerFolder, projectPath } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { type Command, EXIT_CODES, type RunLine } from "@/options/command.ts";
import { flag, integer, isSeedRange, parseSeedRange, seedRange, text } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { flagOf, SEED_OPTION, type Settings, settingsFromFile } from "@/options/settings.ts";
import { refuseFirstFormat } from "@/runs/checkpoint.ts";
import type { Experiment } from "@/runs/run.ts";
import {
  type ClaimedFolder,
  claimNewFolder,
  claimRunFolder,
  claimUnusedFolder,
} from "@/runs/claimed_folder.ts";
import { readConfig } from "@/runs/run_folder.ts";
import { createSeedsFolder } from "@/runs/seeds.ts";
import { startRun } from "@/runs/session.ts";
import { experimentOfArchitecture, experimentOfTask, EXPERIMENTS } from "./experiments.ts";
import { type CommandHost, createProcessHost } from "./host.ts";
import { trainSeeds } from "./train_seeds.ts";
import { trainOne } from "./train_run.ts";

/** The folder in which run folders are created by default. */
const RUNS_FOLDER = ".runs";

const OPTIONS = {
  experiment: text({
    default: EXPERIMENTS[0].name,
    placeholder: "NAME",
    description: "the experiment to train",
  }),
  seed: SEED_OPTION,
  seeds: seedRange({
    default: null,
    defaultText: "",
    description: "train one run for each seed from A to B, in parallel",
  }),
  workers: integer({
    default: null,
    defaultText: "one for each core",
    minimum: 1,
    maximum: 256,
    description: "how many seeds to train at a time",
  }),
  threads: integer({
    default: null,
    defaultText: "by the size of the model",
    minimum: 1,
    maximum: 64,
    description: "number of threads of a run; the result does not depend on it",
  }),
  runFolder: text({
    default: null,
    defaultText: `an unused name in ${RUNS_FOLDER}`,
    placeholder: "PATH",
    description: "new folder for the run",
  }),
  resume: text({
    default: null,
    defaultText: "",
    placeholder: "PATH",
    description: "resume the run in this folder, with the settings that it was started with",
  }),
  json: flag({ description: "print the result as one line of JSON at the end" }),
};

type TrainLine = RunLine<typeof OPTIONS>;

/** Other spellings of options, most of them from earlier versions. */
const ALIASES = {
  "--optimiser": "--optimizer",
  "--stack-width": "--value-width",
  "--without": "--ablate",
  "--model": {
    "lstm+stack": { "--cell": "lstm", "--memory": "stack" },
    "lstm": { "--cell": "lstm", "--memory": "none" },
    "rnn": { "--cell": "rnn", "--memory": "none" },
  },
};

/** The current names of experiments by their former ones. */
const FORMER_NAMES: Readonly<Record<string, string>> = { "string-reversal": "sequence" };

function commandFor(experiments: readonly Experiment[]): Command<typeof OPTIONS> {
  const [{ options, name }] = experiments;
  const known = new Set(experiments.flatMap(({ options }) => Object.keys(options).map(flagOf)));
  const aliases = Object.entries(ALIASES).filter(([, meaning]) =>
    (typeof meaning === "string" ? [meaning] : Object.keys(meaning.lstm)).every((flag) =>
      known.has(flag)
    )
  );
  return {
    action: "train",
    summary: "Trains an experiment, shows its progress, and saves everything in a run folder.",
    usage: [
      options.task ? "deno task train [--task NAME] [--memory NAME] [options]" : "deno task train",
      ...known.has("--corpus")
        ? ["deno task train --task text [--corpus NAME|FILE] [options]"]
        : [],
      ...known.has("--architecture")
        ? ["deno task train --architecture encoder-decoder|attention [--task NAME] [options]"]
        : [],
      ...known.has("--images") ? ["deno task train --task captions [options]"] : [],
      "deno task train --experiment NAME [options]",
      "deno task train --resume PATH",
    ],
    options: { ...OPTIONS, experiment: { ...OPTIONS.experiment, default: name } },
    groups: {
      commonTitle: "Options of all experiments",
      chosenBy: "experiment",
      groups: experiments,
    },
    exclusive: [
      ["resume", "runFolder"],
      ["resume", "seeds"],
      ["seeds", "seed"],
      ["seeds", "threads"],
    ],
    aliases: Object.fromEntries(aliases),
    notes: [
      "The scores of a run on a task: coarse is the share of answers that are entirely right, fine is the",
      "mean share of symbols before the first error.",
      "",
      "A run folder contains config.json, metrics.jsonl (one line of JSON per measurement),",
      "checkpoint.safetensors, result.json, report.html, and the trained parameters: parameters.json",
      "or, for a sequence, a text, an encoder-decoder or a captions run, best.safetensors and",
      "last.safetensors. With --seeds, each seed has a run folder. deno task sample writes text with a text",
      "run, deno task caption says what is in an image with a captions run.",
      "",
      "Ctrl-C, SIGTERM, SIGHUP and SIGUSR2 save a checkpoint; a full disk leaves the last one intact. The",
      "command then prints how to resume. --resume also works after kill -9. A resumed run ends bit for",
      "bit like one that was never stopped.",
    ],
    exitCodes: { 1: "a run diverged", 75: EXIT_CODES[75], 130: EXIT_CODES[130] },
  };
}

/** The command. */
export const COMMAND: Command<typeof OPTIONS> = commandFor(EXPERIMENTS);

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal, clock, signals and workers to use.
 * @param experiments The experiments that can be trained; the first is the default.
 * @returns The exit code, see {@linkcode EXIT_CODES}; 1 if a run diverged.
 */
export function trainCommand(
  words: readonly string[],
  host: CommandHost,
  experiments: readonly Experiment[] = EXPERIMENTS,
): Promise<number> {
  return runCommand(
    commandFor(experiments),
    words,
    host.terminal,
    (line) =>
      line.values.resume === null
        ? start(line, host, experiments)
        : resume(line, host, experiments),
    ({ resume, experiment }, texts) => {
      if (resume !== null) return findExperiment(host.files, resume, experiments).name;
      if (texts.has("--experiment")) return currentName(experiment);
      const task = texts.get("--task");
      const found = texts.has("--architecture") && experimentOfArchitecture(task, experiments);
      if (found) return found.name;
      return task === undefined ? currentName(experiment) : experimentOfTask(task, experiments);
    },
  );
}

function currentName(name: string | null): string {
  return FORMER_NAMES[name ?? ""] ?? name ?? "";
}

async function start(
  { values, groupValues, group, given: flags }: TrainLine,
  host: CommandHost,
  experiments: readonly Experiment[],
): Promise<number> {
  const experiment = experiments.find(({ name }) => name === group)!; // readCommandLine found it
  const given: Settings = { ...groupValues, seed: values.seed };
  const settings = experiment.resolve?.(given) ?? given;
  const seeds = values.seeds === null ? undefined : parseSeedRange(values.seeds);
  checkWorkers(flags, seeds !== undefined);
  const run = seeds ? `seeds${seeds.first}-${seeds.last}` : `seed${settings.seed}`;
  const label = experiment.label?.(settings) ?? experiment.name;
  const numberIfTaken = values.runFolder === null;
  const path = values.runFolder ?? projectPath(`${RUNS_FOLDER}/${label}-${run}`);
  if (!seeds) {
    const threads = values.threads ?? experiment.threadsFor?.(settings, host.cores) ?? 1;
    const job = { experiment: experiment.name, settings, path, numberIfTaken, threads };
    return await trainOne({ kind: "start", job, label, json: values.json }, host);
  }
  const { seed: _, ...shared } = settings;
  // Starts a run to refuse settings that contradict each other before a folder is created.
  startRun(experiment, { ...shared, seed: seeds.first }).close?.();
  const config = { experiment: experiment.name, settings: shared, seeds };
  const claim = numberIfTaken ? claimUnusedFolder : claimNewFolder,
    folder = claim(host.files, path);
  createSeedsFolder(host.files, folder, config);
  return await releasing(
    folder,
    () => trainSeeds(folder.path, config, { ...values, kind: "start" }, host),
  );
}

async function releasing<T>(folder: ClaimedFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    folder.release();
  }
}

async function resume(
  line: TrainLine,
  host: CommandHost,
  experiments: readonly Experiment[],
): Promise<number> {
  const { values } = line, folder = values.resume!, action = `resume ${folder}`;
  const { settings: saved, seeds } = readConfig(host.files, folder);
  const experiment = findExperiment(host.files, folder, experiments);
  const isOther = line.given.has("experiment") &&
    currentName(values.experiment) !== experiment.name;
  if (isOther) {
    const wanted = `--experiment ${experiment.name}, which it holds`;
    throw new UserError(action, wanted, String(values.experiment));
  }
  checkWorkers(line.given, seeds !== undefined);
  if (seeds === undefined) {
    const settings = settingsFromFile(experiment, saved, action);
    checkUnchanged(line, action, settings);
    const threads = values.threads ?? experiment.threadsFor?.(settings, host.cores) ?? 1;
    const label = experiment.label?.(settings) ?? experiment.name;
    const job = { experiment: experiment.name, settings, path: folder, threads };
    return await trainOne({ kind: "resume", job, label, json: values.json }, host);
  }
  if (!isSeedRange(seeds)) throw new UserError(action, "a range of seeds", JSON.stringify(seeds));
  const settings = settingsFromFile(experiment, { ...Object(saved), seed: seeds.first }, action);
  const { seed: _, ...shared } = settings;
  checkUnchanged(line, action, shared);
  const config = { experiment: experiment.name, settings: shared, seeds };
  const train = () => trainSeeds(folder, config, { ...values, kind: "resume" }, host);
  return await releasing(claimRunFolder(host.files, folder), train);
}

/** Finds the experiment of the run in a folder. */
function findExperiment(
  files: Files,
  folder: string,
  experiments: readonly Experiment[],
): Experiment {
  const { experiment: name } = readConfig(files, folder);
  refuseFirstFormat(files, folder);
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name).join(", ");
  throw new UserError(
    `resume ${folder}`,
    `a run of one of ${names}`,
    JSON.stringify(name) ?? "none",
  );
}

/** Refuses `--workers` without many seeds. */
function checkWorkers(given: ReadonlySet<string>, hasSeeds: boolean): void {
  if (!given.has("workers") || hasSeeds) return;
  throw new UserError("read the options", "--seeds with --workers", "--workers alone");
}

/** Refuses options that differ from the settings of the run, which cannot change. */
function checkUnchanged(
  { values, groupValues, given }: TrainLine,
  action: string,
  settings: Partial<Settings>,
): void {
  const requested: Record<string, unknown> = { ...groupValues, seed: values.seed };
  const changed = [...given].find((name) =>
    name in requested && String(requested[name]) !== String(settings[name])
  );
  if (changed === undefined) return;
  const wanted = `${flagOf(changed)} as it was started with (${settings[changed] ?? "none"})`;
  throw new UserError(action, wanted, String(requested[changed]));
}

if (import.meta.main) {
  enterCallerFolder();
  Deno.exit(await trainCommand(Deno.args, createProcessHost()));
}
