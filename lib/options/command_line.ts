/**
 * Splits command lines into words (positional arguments) and options, without reading the values of the options.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { UserError } from "@/io/user_error.ts";
import { joinWithOr } from "./option.ts";

/** The action that fails with wrong options, as in "Cannot <action>". */
export const READ_OPTIONS = "read the options";

/**
 * Other spellings of flags. An alias stands for one other flag, or it takes a value that stands for several flags with
 * their texts, as in `{ "--model": { "lstm+stack": { "--cell": "lstm", "--memory": "stack" } } }`.
 */
export type Aliases = Readonly<
  Record<string, string | Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** A command line, split into words and options. */
export interface SplitCommandLine {
  /** The words that are not options, in order. */
  readonly words: readonly string[];
  /** The text of each given option, by flag; "true" for a flag without a value. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Splits a command line into words and options.
 *
 * Everything that begins with a hyphen is an option, except a single hyphen and everything after `--`.
 *
 * @example A word, an option, and a word that looks like an option.
 * ```ts
 * import { splitCommandLine } from "@/options/command_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const known = new Map([["--seed", true]]);
 * const { words, texts } = splitCommandLine(["a b", "--seed", "7", "--", "--seed"], known);
 * assertEquals(words, ["a b", "--seed"]);
 * assertEquals([...texts], [["--seed", "7"]]);
 * ```
 * @param line The arguments of the command line.
 * @param known The flags, each with whether it takes a value.
 * @param aliases Other spellings of the flags.
 * @returns The words and the texts; only the text of `--help` if that is given.
 * @throws {UserError} If an option is unknown, is given twice, lacks its value, or has one but takes none.
 */
export function splitCommandLine(
  line: readonly string[],
  known: ReadonlyMap<string, boolean>,
  aliases: Aliases = {},
): SplitCommandLine {
  const tokens = tokensOf(line, known, aliases);
  const words = tokens.flatMap((token) => token.kind === "positional" ? [token.value] : []);
  const options = tokens.filter((token) => token.kind === "option");
  if (options.some(({ name, value }) => name === "help" && value === undefined)) {
    return { words, texts: new Map([["--help", "true"]]) };
  }
  const texts = new Map<string, string>(), spellings = new Map<string, string>();
  for (const option of options) {
    for (const [flag, text] of resolveAlias(option, known, aliases)) {
      const before = spellings.get(flag);
      if (before !== undefined) throw givenTwice(flag, before, option.rawName);
      spellings.set(flag, option.rawName);
      texts.set(flag, text);
    }
  }
  return { words, texts };
}

/**
 * Refuses words on the command line of a command that takes none.
 *
 * @param words The words that are not options.
 * @throws {UserError} If there are any.
 */
export function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return;
  // A word that looks like an option must have followed "--".
  const got = word.startsWith("-") ? "--" : word;
  throw new UserError(READ_OPTIONS, "options that begin with --", JSON.stringify(got));
}

/**
 * Quotes a word for a shell, if it has to be.
 *
 * @example A blank, and an apostrophe.
 * ```ts
 * import { quoteWord } from "@/options/command_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["a/b.txt", "my runs", "it's"].map(quoteWord), ["a/b.txt", "'my runs'", "'it'\\''s'"]);
 * ```
 * @param word The word.
 * @returns The word as it is typed on a command line.
 */
export function quoteWord(word: string): string {
  return /^[\w./\\:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function givenTwice(flag: string, before: string, now: string): UserError {
  const twice = now === flag ? "it twice" : `${now} twice`;
  return new UserError(
    READ_OPTIONS,
    `${flag} once`,
    before === now ? twice : `${before} and ${now}`,
  );
}

function tokensOf(line: readonly string[], known: ReadonlyMap<string, boolean>, aliases: Aliases) {
  const takesValue = (flag: string) => typeof aliases[flag] === "object" || known.get(flag);
  const types = [...known.keys(), ...Object.keys(aliases)].map((flag) => {
    const meaning = aliases[flag];
    const type = takesValue(typeof meaning === "string" ? meaning : flag) ? "string" : "boolean";
    return [flag.slice(2), { type, ...(flag === "--help" && { short: "h" }) }] as const;
  });
  const options = Object.fromEntries(types);
  return parseArgs({ args: [...line], options, strict: false, tokens: true }).tokens;
}

/** An option as `parseArgs` returns it. */
interface OptionToken {
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** Lists the flags for which an option stands, with their texts. */
function resolveAlias(
  token: OptionToken,
  known: ReadonlyMap<string, boolean>,
  aliases: Aliases,
): (readonly [flag: string, text: string])[] {
  const meaning = aliases[token.rawName] ?? token.rawName;
  if (typeof meaning === "string") {
    const takesValue = known.get(meaning);
    if (takesValue === undefined) throw unknownOption(token.rawName, [...known.keys()], aliases);
    return [[meaning, takesValue ? valueOf(token) : flagText(token)]];
  }
  const text = valueOf(token), flags = Object.hasOwn(meaning, text) ? meaning[text] : undefined;
  if (flags) return Object.entries(flags);
  const wanted = joinWithOr(Object.keys(meaning));
  throw new UserError(`read ${token.rawName}`, wanted, JSON.stringify(text));
}

/** Returns the value of an option: `--length --seed 3` lacks one, `--length -1` and `--length=--seed` have one. */
function valueOf({ rawName, value, inlineValue }: OptionToken): string {
  const missing = !value || (!inlineValue && value.startsWith("--"));
  if (missing) throw new UserError(READ_OPTIONS, `a value after ${rawName}`, value || "nothing");
  return value;
}

function flagText({ rawName, value }: OptionToken): string {
  if (value === undefined) return "true";
  throw new UserError(READ_OPTIONS, `${rawName} without a value`, JSON.stringify(value));
}

function unknownOption(flag: string, known: readonly string[], aliases: Aliases): UserError {
  const near = nearestWord(flag, [...known, ...Object.keys(aliases)]);
  const meaning = aliases[near ?? ""], meant = typeof meaning === "string" ? meaning : near;
  const wanted = meant ? `an option that exists, such as ${meant}` : "an option that --help lists";
  return new UserError(READ_OPTIONS, wanted, flag);
}

/**
 * Finds the known word that is nearest to another, by the number of typing errors: characters that are missing, added or
 * replaced, and neighbours that are swapped.
 *
 * @example Two swapped characters.
 * ```ts
 * import { nearestWord } from "@/options/command_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestWord("--lenght", ["--seed", "--length"]), "--length");
 * assertEquals(nearestWord("--colour", ["--seed", "--length"]), undefined);
 * ```
 * @param word The word as it was typed.
 * @param known The known words.
 * @returns The nearest word; undefined if each is more than two errors away.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((other) => ({ other, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.other;
}

/** Computes the edit distance with swaps; `rows[i][j]` is that of the first i characters of a and the first j of b. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? rows[i - 2][j - 2] + 1
        : Infinity;
      rows[i].push(Math.min(replaced, swapped, rows[i - 1][j] + 1, rows[i][j - 1] + 1));
    }
  }
  return rows[a.length][b.length];
}
