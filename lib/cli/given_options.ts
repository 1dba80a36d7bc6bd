/**
 * From the words of a command line to options and their texts, before anything is known of their meaning.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { UserError } from "@/io/user_error.ts";
import { nearestWord } from "./nearest_word.ts";

const ACTION = "read the options";

/**
 * Takes a command line apart.
 *
 * @example A value, even one that begins with a hyphen, and a flag.
 * ```ts
 * import { givenOptions } from "@/cli/given_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const known = new Map([["--length", true], ["--json", false]]);
 * const given = givenOptions(["--length", "-1", "--json"], known);
 * assertEquals([...given], [["--length", "-1"], ["--json", "true"]]);
 * ```
 * @param words The command line, without the command.
 * @param known Whether each flag takes a value.
 * @returns The text of each given option; "true" for a flag that takes none.
 * @throws {UserError} If an option is unknown, given twice, has no value or one too many.
 */
export function givenOptions(
  words: readonly string[],
  known: ReadonlyMap<string, boolean>,
): Map<string, string> {
  const types = [...known].map(([flag, takesValue]) =>
    [flag.slice(2), { type: takesValue ? "string" : "boolean" }] as const
  );
  const { tokens } = parseArgs({
    args: words.map((word) => word === "-h" ? "--help" : word),
    options: Object.fromEntries(types),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind !== "option") throw strayWord(token.kind === "positional" ? token.value : "--");
    const takesValue = known.get(token.rawName);
    if (takesValue === undefined) throw unknownOption(token.rawName, [...known.keys()]);
    if (given.has(token.rawName)) {
      throw new UserError(ACTION, `${token.rawName} once`, "it twice");
    }
    given.set(token.rawName, takesValue ? valueOf(token) : flagWithout(token));
  }
  return given;
}

/** An option as parseArgs gives it. */
interface OptionToken {
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** `--length --seed 3` is a forgotten value; `--length -1` and `--length=--seed` are values. */
function valueOf({ rawName, value, inlineValue }: OptionToken): string {
  const forgotten = !value || (!inlineValue && value.startsWith("--"));
  if (forgotten) throw new UserError(ACTION, `a value after ${rawName}`, value || "nothing");
  return value;
}

function flagWithout({ rawName, value }: OptionToken): string {
  if (value === undefined) return "true";
  throw new UserError(ACTION, `${rawName} without a value`, JSON.stringify(value));
}

function unknownOption(flag: string, known: readonly string[]): UserError {
  const meant = nearestWord(flag, known);
  const wanted = meant ? `an option that exists, such as ${meant}` : "an option that --help lists";
  return new UserError(ACTION, wanted, flag);
}

function strayWord(word: string): UserError {
  return new UserError(ACTION, "options that begin with --", JSON.stringify(word));
}
