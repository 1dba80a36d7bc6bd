/**
 * Settings of an experiment: from texts on a command line, and from a file that was written earlier.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Experiment, OptionTable, Settings } from "@/runs/run.ts";
import { integer } from "./number_option.ts";
import type { OptionValue } from "./option.ts";
import { MAXIMUM_SEED } from "./seed_range.ts";

/** The option that every experiment has. */
export const SEED_OPTION = integer({
  default: 1,
  minimum: 0,
  maximum: MAXIMUM_SEED,
  description: "where its random numbers start",
});

/**
 * What an option is called on the command line.
 *
 * @example Hyphens for capitals.
 * ```ts
 * import { flagOf } from "@/training/settings.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flagOf("learningRate"), "--learning-rate");
 * ```
 * @param name Its name in code.
 * @returns Its flag.
 */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

/**
 * The options of an experiment and the seed, which comes last.
 *
 * @param experiment Whose options.
 * @returns Options by their names in code.
 */
export function optionsOf(experiment: Experiment): OptionTable {
  return { ...experiment.options, seed: SEED_OPTION };
}

/**
 * Settings from the command line; whatever was not given has its default.
 *
 * @param experiment Whose settings.
 * @param given Texts by flag; a flag without a value has the text "true".
 * @returns A value for every option.
 * @throws {UserError} If a text is not what its option accepts.
 */
export function settingsFromTexts(
  experiment: Experiment,
  given: ReadonlyMap<string, string>,
): Settings {
  const values = Object.entries(optionsOf(experiment)).map(([name, option]) => {
    const text = given.get(flagOf(name));
    if (text === undefined) return [name, option.default];
    const value = option.convert(text);
    if (option.accepts(value)) return [name, value];
    throw new UserError(`read ${flagOf(name)}`, option.wanted, JSON.stringify(text));
  });
  return Object.fromEntries(values);
}

/**
 * Settings from a file, which someone may have edited.
 *
 * @param experiment Whose settings.
 * @param saved What the file holds under "settings".
 * @param action What cannot be done if they are wrong, as in "Cannot <action>".
 * @returns A value for every option.
 * @throws {UserError} If one is missing, not accepted, or not an option of the experiment.
 */
export function settingsFromFile(experiment: Experiment, saved: unknown, action: string): Settings {
  const options = optionsOf(experiment);
  const found: Record<string, unknown> = { ...Object(saved) };
  const values = Object.entries(options).map(([name, option]): [string, OptionValue] => {
    const value = found[name];
    if (option.accepts(value)) return [name, value];
    throw new UserError(action, `${option.wanted} as ${name}`, JSON.stringify(value) ?? "none");
  });
  const stranger = Object.keys(found).find((name) => !(name in options));
  if (stranger !== undefined) {
    throw new UserError(action, `settings of ${experiment.name}`, `also ${stranger}`);
  }
  return Object.fromEntries(values) as Settings;
}
