/**
 * What someone wants from `deno task train`.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Experiment, Settings } from "@/runs/run.ts";
import { integer } from "@/training/number_option.ts";
import { parseSeedRange, type SeedRange } from "@/training/seed_range.ts";
import { flagOf, optionsOf, settingsFromTexts } from "@/training/settings.ts";
import { givenOptions } from "./given_options.ts";
import { COMMAND_OPTIONS, knownFlags } from "./train_options.ts";

/** What is asked for, and how. */
export type TrainRequest =
  | { readonly kind: "help" }
  | StartRequest
  | ResumeRequest;

interface CommonRequest {
  /** Whether to end with a line of JSON. */
  readonly json: boolean;
  /** How many seeds at a time, if that was said. */
  readonly workers?: number;
}

/** To start a run, or one for each of many seeds. */
export interface StartRequest extends CommonRequest {
  readonly kind: "start";
  readonly experiment: Experiment;
  readonly settings: Settings;
  /** Many seeds, in the place of the one in `settings`. */
  readonly seeds?: SeedRange;
  /** Where to, if that was said. */
  readonly folder?: string;
}

/** To go on with a run. */
export interface ResumeRequest extends CommonRequest {
  readonly kind: "resume";
  readonly folder: string;
  /** Settings that were given although the run has its own; they must be the same. */
  readonly given: ReadonlyMap<string, string>;
}

/** Flags that say nothing about an experiment's settings. */
const NOT_SETTINGS = COMMAND_OPTIONS.map(({ flag }) => flag).filter((flag) => flag !== "--seed");
const WORKERS = integer({ default: null, minimum: 1, maximum: 256, description: "" });

/**
 * Reads a command line.
 *
 * @param words The command line, without the command.
 * @param experiments What can be trained.
 * @param defaultName The experiment that is trained if none is named.
 * @returns What is asked for.
 * @throws {UserError} If an option is unknown, has no value, or a value that it does not accept.
 */
export function readRequest(
  words: readonly string[],
  experiments: readonly Experiment[],
  defaultName: string,
): TrainRequest {
  const given = givenOptions(words, knownFlags(experiments));
  if (given.has("--help")) return { kind: "help" };
  const common = { json: given.has("--json"), workers: readWorkers(given) };
  const folder = given.get("--resume");
  if (folder !== undefined) {
    refuseTogether(given, "--resume", ["--run-folder", "--seeds"]);
    return {
      kind: "resume",
      folder,
      given: without(given, ["--resume", "--json", "--workers"]),
      ...common,
    };
  }
  const experiment = findExperiment(experiments, given.get("--experiment") ?? defaultName);
  checkBelong(experiment, given);
  const seeds = readSeeds(given);
  if (!seeds && common.workers !== undefined) throw workersAlone();
  const settings = settingsFromTexts(experiment, given);
  return {
    kind: "start",
    experiment,
    settings,
    seeds,
    folder: given.get("--run-folder"),
    ...common,
  };
}

/**
 * Finds an experiment by its name.
 *
 * @param experiments What can be trained.
 * @param name Which.
 * @returns The experiment.
 * @throws {UserError} If there is none of that name.
 */
export function findExperiment(experiments: readonly Experiment[], name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  const names = experiments.map((experiment) => experiment.name).join(", ");
  throw new UserError("read --experiment", `one of ${names}`, JSON.stringify(name));
}

/**
 * Checks that every given setting is one of an experiment.
 *
 * @param experiment Which.
 * @param given Texts by flag.
 * @throws {UserError} If one is of another experiment.
 */
export function checkBelong(experiment: Experiment, given: ReadonlyMap<string, string>): void {
  const own = Object.keys(optionsOf(experiment)).map(flagOf);
  const stranger = [...given.keys()].find((flag) =>
    !NOT_SETTINGS.includes(flag) && !own.includes(flag)
  );
  if (stranger === undefined) return;
  throw new UserError(`train ${experiment.name}`, `one of ${own.join(", ")}`, stranger);
}

function readSeeds(given: ReadonlyMap<string, string>): SeedRange | undefined {
  const text = given.get("--seeds");
  if (text === undefined) return undefined;
  refuseTogether(given, "--seeds", ["--seed"]);
  const seeds = parseSeedRange(text);
  if (seeds) return seeds;
  const wanted = "two integers in ascending order, such as 1..20";
  throw new UserError("read --seeds", wanted, JSON.stringify(text));
}

function readWorkers(given: ReadonlyMap<string, string>): number | undefined {
  const text = given.get("--workers");
  if (text === undefined) return undefined;
  const value = WORKERS.convert(text);
  if (WORKERS.accepts(value) && value !== null) return value;
  throw new UserError("read --workers", WORKERS.wanted, JSON.stringify(text));
}

/**
 * What to throw where there is one run, and yet a number of workers.
 *
 * @example They are for many seeds.
 * ```ts
 * import { workersAlone } from "@/cli/train_request.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const message = "Cannot read the options: wanted --workers for many seeds, got one run";
 * assertEquals(workersAlone().message, message);
 * ```
 * @returns The error.
 */
export function workersAlone(): UserError {
  return new UserError("read the options", "--workers for many seeds", "one run");
}

function refuseTogether(
  given: ReadonlyMap<string, string>,
  flag: string,
  others: readonly string[],
): void {
  const other = others.find((name) => given.has(name));
  if (other) throw new UserError("read the options", `${flag} or ${other}`, "both");
}

function without(
  given: ReadonlyMap<string, string>,
  flags: readonly string[],
): Map<string, string> {
  return new Map([...given].filter(([flag]) => !flags.includes(flag)));
}
