/**
 * Tables of options, and their values: read from the texts of a command line, or checked after reading them from a file.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import {
  choice,
  integer,
  MAXIMUM_SEED,
  type Option,
  type OptionValue,
  readOption,
} from "./option.ts";

/** Options by name; `learningRate` is the flag `--learning-rate` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The value of every option of a table. */
export type ValuesOf<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** Anything with options, such as an experiment. */
export interface HasOptions {
  readonly name: string;
  readonly options: OptionTable;
}

/** The values of a table of options, and the seed. */
export type Settings = Readonly<Record<string, OptionValue>> & { readonly seed: number };

/** The option that every experiment has. */
export const SEED_OPTION = integer({
  default: 1,
  minimum: 0,
  maximum: MAXIMUM_SEED,
  description: "seed of the random numbers",
});

/** The build of the engine's kernels. */
export const BUILD_OPTION = choice({
  choices: ["relaxed", "strict"],
  default: "relaxed",
  description:
    "relaxed: faster, but last bits may differ between machines; strict: the same bits everywhere",
});

/**
 * Converts the name of an option to its flag.
 *
 * @example Hyphens replace capitals.
 * ```ts
 * import { flagOf } from "@/options/settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flagOf("learningRate"), "--learning-rate");
 * ```
 * @param name The name in code.
 * @returns The flag on the command line.
 */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

/**
 * Reads a value for every option of a table.
 *
 * @example An option that is not given has its default.
 * ```ts
 * import { flag, integer } from "@/options/option.ts";
 * import { readValues } from "@/options/settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = {
 *   rounds: integer({ default: 7, minimum: 1, description: "how many rounds" }),
 *   json: flag({ description: "print JSON" }),
 * };
 * assertEquals(readValues(table, new Map([["--rounds", "3"]])), { rounds: 3, json: false });
 * ```
 * @param table The options.
 * @param texts The texts by flag; "true" for a flag without a value.
 * @returns The values, in the order of the table.
 * @throws {UserError} If an option does not accept its text.
 */
export function readValues<O extends OptionTable>(
  table: O,
  texts: ReadonlyMap<string, string>,
): ValuesOf<O> {
  const values = Object.entries(table).map(([name, option]) => {
    const flag = flagOf(name), text = texts.get(flag);
    return [name, text === undefined ? option.default : readOption(flag, option, text)];
  });
  return Object.fromEntries(values);
}

/**
 * Adds the seed to the options of an experiment.
 *
 * @param experiment The experiment.
 * @returns Its options and the seed, which is last.
 */
function optionsWithSeed({ options }: HasOptions): OptionTable {
  return { ...options, seed: SEED_OPTION };
}

/**
 * The default of each option.
 *
 * @param options The options.
 * @returns A value for each of them.
 */
export function defaultsOf<O extends OptionTable>(options: O): ValuesOf<O> {
  const entries = Object.entries(options).map(([name, option]) => [name, option.default]);
  return Object.fromEntries(entries) as ValuesOf<O>;
}

/**
 * Checks the settings in a file, which may have been edited. A flag that is missing is not set: it is younger than the file.
 *
 * @param experiment The experiment.
 * @param saved The settings in the file.
 * @param action The action that fails, as in "Cannot <action>".
 * @returns The value of every option and the seed.
 * @throws {UserError} If a setting is missing, not accepted, or unknown to the experiment.
 */
export function settingsFromFile(experiment: HasOptions, saved: unknown, action: string): Settings {
  const options = optionsWithSeed(experiment);
  const found: Record<string, unknown> = { ...Object(saved) };
  const values = Object.entries(options).map(([name, option]): [string, OptionValue] => {
    const value = name in found ? found[name] : absentValue(option);
    if (option.accepts(value)) return [name, value];
    const wanted = option.wantedOf?.(value) ?? option.wanted;
    throw new UserError(action, `${wanted} as ${name}`, JSON.stringify(value) ?? "none");
  });
  const unknown = Object.keys(found).find((name) => !(name in options));
  if (unknown !== undefined) {
    throw new UserError(action, `only settings of ${experiment.name}`, unknown);
  }
  return Object.fromEntries(values) as Settings;
}

/** The value of an option that a file does not have. */
function absentValue({ kind }: OptionTable[string]): OptionValue | undefined {
  return kind === "flag" ? false : undefined;
}

/**
 * Converts a `RangeError` of some work: settings that are valid one by one may together need more memory than there is.
 *
 * @param action What is attempted, for the error.
 * @param work The work.
 * @param wanted The settings that might work, for the error.
 * @returns Its result.
 * @throws {UserError} In place of the `RangeError`.
 */
export function asUserError<T>(
  action: string,
  work: () => T,
  wanted = "settings that can be trained with",
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(action, wanted, `settings that fail: ${error.message}`);
  }
}
