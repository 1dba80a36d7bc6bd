/**
 * Tables of options and their values: from texts of a command line, and from a file that was written earlier.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { integer, MAXIMUM_SEED, type Option, type OptionValue, readOption } from "./option.ts";

/** Options by their names in code; `learningRate` is `--learning-rate` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The value of every option of a table. */
export type ValuesOf<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** Whatever has options of its own, such as an experiment. */
export interface HasOptions {
  readonly name: string;
  readonly options: OptionTable;
}

/** The values of any table, and the seed. */
export type Settings = Readonly<Record<string, OptionValue>> & { readonly seed: number };

/** The option that every experiment has. */
export const SEED_OPTION = integer({
  default: 1,
  minimum: 0,
  maximum: MAXIMUM_SEED,
  description: "the seed of its random numbers",
});

/**
 * Converts the name of an option to its flag.
 *
 * @example Hyphens for capitals.
 * ```ts
 * import { flagOf } from "@/options/settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flagOf("learningRate"), "--learning-rate");
 * ```
 * @param name Its name in code.
 * @returns Its flag on the command line.
 */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

/**
 * Reads a value for every option of a table.
 *
 * @example What is not given has its default.
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
 * @param texts Texts by flag; that of a flag without a value is "true".
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
 * @param experiment Whose options.
 * @returns The options by their names in code, the seed last.
 */
export function optionsOf({ options }: HasOptions): OptionTable {
  return { ...options, seed: SEED_OPTION };
}

/**
 * Reads the settings of an experiment from the command line.
 *
 * @param experiment Whose settings.
 * @param texts Texts by flag; that of a flag without a value is "true".
 * @returns A value for every option, and the seed; the default where none was given.
 * @throws {UserError} If an option does not accept its text.
 */
export function settingsFromTexts(
  experiment: HasOptions,
  texts: ReadonlyMap<string, string>,
): Settings {
  return readValues(optionsOf(experiment), texts) as Settings;
}

/**
 * Checks settings from a file, which someone may have edited.
 *
 * @param experiment Whose settings.
 * @param saved What the file holds as settings.
 * @param action What cannot be done if they are wrong, as in "Cannot <action>".
 * @returns A value for every option, and the seed.
 * @throws {UserError} If a setting is missing, not accepted, or not an option of the experiment.
 */
export function settingsFromFile(experiment: HasOptions, saved: unknown, action: string): Settings {
  const options = optionsOf(experiment);
  const found: Record<string, unknown> = { ...Object(saved) };
  const values = Object.entries(options).map(([name, option]): [string, OptionValue] => {
    const value = found[name];
    if (option.accepts(value)) return [name, value];
    const wanted = option.wantedOf?.(value) ?? option.wanted;
    throw new UserError(action, `${wanted} as ${name}`, JSON.stringify(value) ?? "none");
  });
  const unknown = Object.keys(found).find((name) => !(name in options));
  if (unknown !== undefined) {
    throw new UserError(action, `settings of ${experiment.name}`, `also ${unknown}`);
  }
  return Object.fromEntries(values) as Settings;
}
