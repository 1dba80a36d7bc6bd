/**
 * Descriptions of commands, and the reading of a command line by such a description.
 *
 * A command has words (positional arguments) and options, some of which may belong to a group such as an experiment.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Aliases, READ_OPTIONS, refuseWords, splitCommandLine } from "./command_line.ts";
import type { OptionValue } from "./option.ts";
import { flagOf, type OptionTable, readValues, type ValuesOf } from "./settings.ts";

/** The exit codes of every command. */
export const EXIT_CODES = {
  0: "done",
  1: "failed",
  2: "wrong input, or a file that cannot be used",
  75: "stopped by a signal",
  130: "stopped by Ctrl-C",
} as const;

/** The description of a command. */
export interface Command<O extends OptionTable = OptionTable> {
  /** The action in a few words, as in "Cannot <action>". */
  readonly action: string;
  /** What the command does, in one sentence. */
  readonly summary: string;
  /** The forms of its command line, such as "deno task kernels [--check]". */
  readonly usage: readonly string[];
  /** The positional arguments; by default it takes none. */
  readonly words?: WordsRule;
  readonly options: O;
  /** Groups of options, of which another option selects one. */
  readonly groups?: OptionGroups;
  readonly aliases?: Aliases;
  /** Pairs of names of options that exclude each other. */
  readonly exclusive?: readonly (readonly [string, string])[];
  /** Further lines of the help. */
  readonly notes?: readonly string[];
  /** The meanings of its exit codes; 0, 1 and 2 are always in the help. */
  readonly exitCodes?: { readonly [C in keyof typeof EXIT_CODES]?: string };
}

/** A rule for the positional arguments of a command. */
export interface WordsRule {
  /** The placeholder for them in the help, such as "RUN". */
  readonly name: string;
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  /** The accepted words, as in "wanted one run folder". */
  readonly wanted: string;
  /** Whether a word may be the empty string. */
  readonly mayBeEmpty?: boolean;
}

/** Groups of options, of which the value of another option selects one. */
export interface OptionGroups {
  /** The heading of the command's own options in the help. */
  readonly commonTitle: string;
  /** The name of the text option that selects a group. */
  readonly chosenBy: string;
  readonly groups: readonly OptionGroup[];
}

/** One group of options, such as an experiment. */
export interface OptionGroup {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionTable;
}

/** A command line that requests the help. */
export interface HelpLine {
  readonly kind: "help";
}

/** A command line that has been read and checked. */
export interface RunLine<O extends OptionTable = OptionTable> {
  readonly kind: "run";
  readonly words: readonly string[];
  /** The value of each of the command's own options. */
  readonly values: ValuesOf<O>;
  /** The value of each option of the selected group; empty if there are no groups. */
  readonly groupValues: Readonly<Record<string, OptionValue>>;
  /** The name of the selected group, if there are groups. */
  readonly group?: string;
  /** The names of the options that were given, also by an alias. */
  readonly given: ReadonlySet<string>;
}

/**
 * Returns the name of the selected group, in place of the value of the option `chosenBy`, from the values of the command's
 * own options and the texts of all that were given, by flag.
 */
export type ChooseGroup<O extends OptionTable> = (
  values: ValuesOf<O>,
  texts: ReadonlyMap<string, string>,
) => string;

/**
 * Reads a command line.
 *
 * `-h` or `--help` anywhere before `--` requests the help, and the rest is ignored.
 *
 * @example An option, its value, and a word.
 * ```ts
 * import { readCommandLine } from "@/options/command.ts";
 * import { integer } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const command = {
 *   action: "count",
 *   summary: "Counts the characters of a file.",
 *   usage: ["deno task count FILE [--from N]"],
 *   words: { name: "FILE", description: "a file", minimum: 1, maximum: 1, wanted: "one file" },
 *   options: { from: integer({ default: 0, description: "where to start" }) },
 * };
 * const line = readCommandLine(command, ["--from=-3", "a.txt"]);
 * if (line.kind === "run") assertEquals([line.words, line.values.from], [["a.txt"], -3]);
 * assertEquals(readCommandLine(command, ["-h"]).kind, "help");
 * ```
 * @param command The command.
 * @param line The arguments of the command line.
 * @param chooseGroup Selects the group of options; by default the option `chosenBy` does.
 * @returns The words and the value of every option, or a request for the help.
 * @throws {UserError} If an option is unknown, is given twice, lacks its value, does not accept it, or belongs to another
 * group; if two options exclude each other; if there are too few or too many words.
 */
export function readCommandLine<O extends OptionTable>(
  command: Command<O>,
  line: readonly string[],
  chooseGroup: ChooseGroup<O> = (values) => String(values[command.groups!.chosenBy]),
): HelpLine | RunLine<O> {
  const { words, texts } = splitCommandLine(line, knownFlags(command), command.aliases);
  if (texts.has("--help")) return { kind: "help" };
  checkWords(command, words);
  for (const pair of command.exclusive ?? []) refuseBoth(pair, texts);
  const values = readValues(command.options, texts);
  const group = command.groups && findGroup(command.groups, chooseGroup(values, texts));
  if (group) refuseOtherGroups(command, group, texts);
  const groupValues = readValues(group?.options ?? {}, texts);
  const given = Object.keys({ ...command.options, ...group?.options }).filter((name) =>
    texts.has(flagOf(name))
  );
  return { kind: "run", words, values, groupValues, group: group?.name, given: new Set(given) };
}

/** Lists all flags, each with whether it takes a value; a contradiction is an error of the program. */
function knownFlags({ options, groups, aliases = {} }: Command): Map<string, boolean> {
  const known = new Map([["--help", false]]);
  const add = (name: string, takesValue: boolean) => {
    const flag = flagOf(name);
    if ((known.get(flag) ?? takesValue) !== takesValue) {
      throw new TypeError(`Cannot read ${flag}: wanted it with a value everywhere or nowhere`);
    }
    known.set(flag, takesValue);
  };
  for (const [name, { kind }] of Object.entries(options)) add(name, kind !== "flag");
  const own = new Set(known.keys());
  for (const group of groups?.groups ?? []) {
    for (const [name, { kind }] of Object.entries(group.options)) {
      if (own.has(flagOf(name))) {
        throw new TypeError(`Cannot add ${group.name}: wanted a new option, got ${flagOf(name)}`);
      }
      add(name, kind !== "flag");
    }
  }
  checkAliases(aliases, known);
  return known;
}

function checkAliases(aliases: Aliases, known: ReadonlyMap<string, boolean>): void {
  for (const [alias, meaning] of Object.entries(aliases)) {
    const flags = typeof meaning === "string"
      ? [meaning]
      : Object.values(meaning).flatMap(Object.keys);
    const bad = known.has(alias) ? alias : flags.find((flag) => !known.has(flag));
    if (bad) throw new TypeError(`Cannot add ${alias}: wanted an alias of an option, got ${bad}`);
  }
}

function checkWords({ action, words: rule }: Command, words: readonly string[]): void {
  if (!rule) return refuseWords(words);
  const count = words.length, fits = rule.minimum <= count && count <= rule.maximum;
  if (fits && (rule.mayBeEmpty || !words.includes(""))) return;
  const got = words.map((word) => JSON.stringify(word)).join(" and ") || "none";
  throw new UserError(action, rule.wanted, count < 3 ? got : `${count} words`);
}

function refuseBoth(names: readonly [string, string], texts: ReadonlyMap<string, string>): void {
  const flags = names.map(flagOf);
  if (!flags.every((flag) => texts.has(flag))) return;
  throw new UserError(READ_OPTIONS, flags.join(" or "), "both");
}

function findGroup({ chosenBy, groups }: OptionGroups, name: string): OptionGroup {
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  const names = groups.map((group) => group.name).join(", ");
  throw new UserError(`read ${flagOf(chosenBy)}`, `one of ${names}`, JSON.stringify(name));
}

function refuseOtherGroups(
  { action, options }: Command,
  group: OptionGroup,
  texts: ReadonlyMap<string, string>,
): void {
  const own = Object.keys(group.options).map(flagOf), common = Object.keys(options).map(flagOf);
  const foreign = [...texts.keys()].find((flag) => !own.includes(flag) && !common.includes(flag));
  if (foreign === undefined) return;
  throw new UserError(`${action} ${group.name}`, `one of ${own.join(", ")}`, foreign);
}
