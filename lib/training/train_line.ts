/**
 * The command line that trains with given settings.
 *
 * @module
 */
import { quoteWord } from "@/options/command_line.ts";
import { flagOf, type OptionTable, type Settings } from "@/options/settings.ts";

/**
 * Writes the command line that trains with these settings.
 *
 * @example What is not the default, what is always named, and the seed.
 * ```ts
 * import { flag, integer } from "@/options/option.ts";
 * import { trainLine } from "@/training/train_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const size = integer({ default: 4, description: "a size" });
 * const options = { hidden: size, batch: size, resetState: flag({ description: "whether" }) };
 * const defaults = { hidden: 4, batch: 4, resetState: false, seed: 1 };
 * assertEquals(
 *   trainLine(options, { ...defaults, batch: 8, resetState: true }, defaults, ["hidden"]),
 *   "deno task train --hidden 4 --batch 8 --reset-state --seed 1",
 * );
 * ```
 * @param options The options, in their order.
 * @param settings A value for each, and the seed.
 * @param defaults What they are if they are not given.
 * @param named Names of options that are written even so.
 * @returns The command.
 */
export function trainLine(
  options: OptionTable,
  settings: Settings,
  defaults: Settings,
  named: readonly string[],
): string {
  const always = [...named, "seed"], names = [...Object.keys(options), "seed"];
  const words = names.filter((name) => always.includes(name) || settings[name] !== defaults[name])
    .map((name) =>
      settings[name] === true
        ? flagOf(name)
        : `${flagOf(name)} ${quoteWord(String(settings[name]))}`
    );
  return ["deno task train", ...words].join(" ");
}
