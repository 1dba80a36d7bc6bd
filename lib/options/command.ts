/**
 * Commands as data: their options and words, and what a command line means to them.
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
  2: "wrong input",
  130: "stopped by Ctrl-C",
} as const;

/** Everything about a command but what it does. */
export interface Command<O extends OptionTable = OptionTable> {
  /** What it does in a few words, as in "Cannot <action>". */
  readonly action: string;
  /** What it does in a sentence. */
  readonly summary: string;
  /** The ways to call it, such as "deno task kernels [--check]". */
  readonly usage: readonly string[];
  /** The words besides its options; if left out, it takes none. */
  readonly words?: WordsRule;
  readonly options: O;
  /** Options that it has only together with a certain value of another one. */
  readonly groups?: OptionGroups;
  readonly aliases?: Aliases;
  /** Names in code of options of which only one may be given. */
  readonly exclusive?: readonly (readonly [string, string])[];
  /** More lines for its help. */
  readonly notes?: readonly string[];
  /** What its exit codes mean, if not just {@linkcode EXIT_CODES}; 0 and 2 are always in its help. */
  readonly exitCodes?: { readonly [C in keyof typeof EXIT_CODES]?: string };
}

/** The words of a command line that are not options. */
export interface WordsRule {
  /** What stands for them in the help, such as "RUN". */
  readonly name: string;
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  /** As in "wanted one run folder". */
  readonly wanted: string;
  /** Whether a word may be the empty string. */
  readonly mayBeEmpty?: boolean;
}

/** Options of which some are there only together with a certain value of another option. */
export interface OptionGroups {
  /** Heading of the other options in the help. */
  readonly commonTitle: string;
  /** Name in code of the text option that names a group. */
  readonly chosenBy: string;
  readonly groups: readonly OptionGroup[];
}

/** One group of options; an experiment is one. */
export interface OptionGroup {
  readonly name: string;
  readonly summary: string;
  readonly options: OptionTable;
}

/** A command line that asks for the help. */
export interface HelpLine {
  readonly kind: "help";
}

/** A command line that has been read and checked. */
export interface RunLine<O extends OptionTable = OptionTable> {
  readonly kind: "run";
  readonly words: readonly string[];
  /** A value for each of the command's own options. */
  readonly values: ValuesOf<O>;
  /** A value for each option of the chosen group; empty where there are no groups. */
  readonly groupValues: Readonly<Record<string, OptionValue>>;
  /** Names in code of the options that were given, by whatever spelling. */
  readonly given: ReadonlySet<string>;
}

/** Says which group is meant, where something else than the value of the option decides it. */
export type ChooseGroup<O extends OptionTable> = (values: ValuesOf<O>) => string;

/**
 * Reads a command line.
 *
 * `-h` or `--help` anywhere before `--` asks for the help, whatever else is there.
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
 * @param line The command line, without the command.
 * @param chooseGroup Which group of options applies, if not the one that the option `chosenBy` names.
 * @returns The words, and a value for every option; or that the help is wanted.
 * @throws {UserError} If an option is unknown, given twice, without a value or with one that it does not accept; if two
 * options exclude each other; if an option is of another group; if there are too few or too many words.
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
  const group = command.groups && findGroup(command.groups, chooseGroup(values));
  if (group) checkBelong(command, group, texts);
  const groupValues = readValues(group?.options ?? {}, texts);
  const given = Object.keys({ ...command.options, ...group?.options }).filter((name) =>
    texts.has(flagOf(name))
  );
  return { kind: "run", words, values, groupValues, given: new Set(given) };
}

/** Whether each flag takes a value, by flag. A table that contradicts itself is a mistake of the program. */
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

function checkBelong(
  { action, options }: Command,
  group: OptionGroup,
  texts: ReadonlyMap<string, string>,
): void {
  const own = Object.keys(group.options).map(flagOf), common = Object.keys(options).map(flagOf);
  const foreign = [...texts.keys()].find((flag) => !own.includes(flag) && !common.includes(flag));
  if (foreign === undefined) return;
  throw new UserError(`${action} ${group.name}`, `one of ${own.join(", ")}`, foreign);
}
