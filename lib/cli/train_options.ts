/**
 * The options of `deno task train` that belong to the command, whatever the experiment.
 *
 * @module
 */
import type { Experiment } from "@/runs/run.ts";
import { flagOf, optionsOf } from "@/training/settings.ts";

/** An option of the command, for the help and for the reading of arguments. */
export interface CommandOption {
  readonly flag: string;
  /** What stands for its value in the help; empty if it takes none. */
  readonly placeholder: string;
  readonly description: string;
}

/** In the order of the help; the seed is among them although it is a setting. */
export const COMMAND_OPTIONS: readonly CommandOption[] = [
  { flag: "--experiment", placeholder: "NAME", description: "what to train" },
  { flag: "--seed", placeholder: "N", description: "where its random numbers start (default 1)" },
  { flag: "--seeds", placeholder: "A..B", description: "every seed from A to B, over all cores" },
  {
    flag: "--workers",
    placeholder: "N",
    description: "how many seeds at a time (default: one for each core)",
  },
  {
    flag: "--run-folder",
    placeholder: "PATH",
    description: "a new folder for the run (default: a free name in .runs)",
  },
  {
    flag: "--resume",
    placeholder: "PATH",
    description: "go on with the run in that folder, with its own settings",
  },
  { flag: "--json", placeholder: "", description: "end with the result as one line of JSON" },
  { flag: "--help", placeholder: "", description: "show this" },
];

/**
 * Every flag there is, of the command and of all experiments.
 *
 * @param experiments What can be trained.
 * @returns Whether each takes a value, by flag.
 */
export function knownFlags(experiments: readonly Experiment[]): Map<string, boolean> {
  const flags = new Map(COMMAND_OPTIONS.map(({ flag, placeholder }) => [flag, placeholder !== ""]));
  for (const experiment of experiments) {
    for (const [name, { kind }] of Object.entries(optionsOf(experiment))) {
      flags.set(flagOf(name), kind !== "flag");
    }
  }
  return flags;
}
