/**
 * Command lines taken apart into words and options, before anything is known of the values.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { UserError } from "@/io/user_error.ts";
import { orList } from "./option.ts";

/** What cannot be done with wrong options, as in "Cannot <action>". */
export const READ_OPTIONS = "read the options";

/**
 * Other spellings of flags: each stands for another flag, or, value by value, for several with their texts, as in
 * `{ "--model": { "lstm+stack": { "--cell": "lstm", "--memory": "stack" } } }`.
 */
export type Aliases = Readonly<
  Record<string, string | Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** A command line, taken apart. */
export interface SplitCommandLine {
  /** The words that are not options, in their order. */
  readonly words: readonly string[];
  /** The text of each given option by its flag; "true" for a flag that takes no value. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Takes a command line apart into words and options.
 *
 * Whatever begins with a hyphen is an option, up to a word that is `--` alone; what comes after that is a word, and so
 * is a single hyphen.
 *
 * @example A word before an option, and one that only looks like an option.
 * ```ts
 * import { splitCommandLine } from "@/options/command_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const known = new Map([["--seed", true]]);
 * const { words, texts } = splitCommandLine(["a b", "--seed", "7", "--", "--seed"], known);
 * assertEquals(words, ["a b", "--seed"]);
 * assertEquals([...texts], [["--seed", "7"]]);
 * ```
 * @param line The command line, without the command.
 * @param known Whether each flag takes a value.
 * @param aliases Other spellings of the flags.
 * @returns Words and texts; the text of `--help` alone if it is asked for.
 * @throws {UserError} If an option is unknown, given twice, has no value or one too many.
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
    for (const [flag, text] of meaningOf(option, known, aliases)) {
      const before = spellings.get(flag);
      if (before !== undefined) throw givenTwice(flag, before, option.rawName);
      spellings.set(flag, option.rawName);
      texts.set(flag, text);
    }
  }
  return { words, texts };
}

/**
 * Refuses the words of a command that takes none.
 *
 * @param words The words of its command line that are not options.
 * @throws {UserError} If there is one.
 */
export function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return;
  // A word that looks like an option can only have come after "--".
  const got = word.startsWith("-") ? "--" : word;
  throw new UserError(READ_OPTIONS, "options that begin with --", JSON.stringify(got));
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

/** An option as parseArgs gives it. */
interface OptionToken {
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

/** The flags that an option stands for, with their texts. */
function meaningOf(
  token: OptionToken,
  known: ReadonlyMap<string, boolean>,
  aliases: Aliases,
): (readonly [flag: string, text: string])[] {
  const meaning = aliases[token.rawName] ?? token.rawName;
  if (typeof meaning === "string") {
    const takesValue = known.get(meaning);
    if (takesValue === undefined) throw unknownOption(token.rawName, [...known.keys()], aliases);
    return [[meaning, takesValue ? valueOf(token) : withoutValue(token)]];
  }
  const text = valueOf(token), flags = Object.hasOwn(meaning, text) ? meaning[text] : undefined;
  if (flags) return Object.entries(flags);
  const wanted = orList(Object.keys(meaning));
  throw new UserError(`read ${token.rawName}`, wanted, JSON.stringify(text));
}

/** `--length --seed 3` lacks a value; `--length -1` and `--length=--seed` have one. */
function valueOf({ rawName, value, inlineValue }: OptionToken): string {
  const missing = !value || (!inlineValue && value.startsWith("--"));
  if (missing) throw new UserError(READ_OPTIONS, `a value after ${rawName}`, value || "nothing");
  return value;
}

function withoutValue({ rawName, value }: OptionToken): string {
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
 * Finds the known word that is the fewest typing errors away from another: characters left out, added, replaced, or two
 * neighbours swapped.
 *
 * @example Two characters swapped.
 * ```ts
 * import { nearestWord } from "@/options/command_line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestWord("--lenght", ["--seed", "--length"]), "--length");
 * assertEquals(nearestWord("--colour", ["--seed", "--length"]), undefined);
 * ```
 * @param word The word that was written.
 * @param known The words that exist.
 * @returns The nearest word, if it is at most two errors away.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((other) => ({ other, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.other;
}

/** Edit distance with swaps of neighbours. Row i, column j: the first i characters of a, the first j of b. */
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
