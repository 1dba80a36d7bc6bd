/**
 * Formats the help of a command: usage, options in two columns, notes and exit codes.
 *
 * @module
 */
import { type Command, EXIT_CODES } from "./command.ts";
import type { Option } from "./option.ts";
import { flagOf } from "./settings.ts";

const COLUMNS = 100;
/** The maximum width of the left column. */
const MAX_LEFT_WIDTH = 30;

/** A line of help in two columns. */
export type HelpRow = readonly [left: string, right: string];

/**
 * Formats the help of a command.
 *
 * @example An option and its default.
 * ```ts
 * import { commandHelp } from "@/options/command_help.ts";
 * import { integer } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const help = commandHelp({
 *   action: "race",
 *   summary: "Races the engine.",
 *   usage: ["deno task race [--rounds N]"],
 *   options: { rounds: integer({ default: 7, minimum: 1, description: "how many rounds" }) },
 * });
 * assertEquals(help, [
 *   "Races the engine.",
 *   "",
 *   "Usage: deno task race [--rounds N]",
 *   "",
 *   "  --rounds N  how many rounds (default 7)",
 *   "  -h, --help  show this help",
 *   "",
 *   "Exit codes: 0 done, 1 failed, 2 wrong input, or a file that cannot be used.",
 * ]);
 * ```
 * @param command The command.
 * @returns Lines of at most 100 characters, if the lines of the command itself are not longer.
 */
export function commandHelp(command: Command): string[] {
  const { summary, usage, words, options, groups, notes } = command;
  const common: HelpRow[] = [
    ...words ? [[words.name, words.description] as const] : [],
    ...Object.entries(options).map(([name, option]) => optionRow(name, option)),
    ["-h, --help", "show this help"],
  ];
  const sections = groups?.groups.map((group) => ({
    title: `${group.name}: ${group.summary}`,
    rows: Object.entries(group.options).map(([name, option]) => optionRow(name, option)),
  })) ?? [];
  const width = leftWidth([...common, ...sections.flatMap(({ rows }) => rows)]);
  return [
    summary,
    "",
    ...usage.map((way, i) => `${i === 0 ? "Usage:" : "      "} ${way}`),
    "",
    ...groups ? [groups.commonTitle] : [],
    ...twoColumns(common, width),
    ...sections.flatMap(({ title, rows }) => ["", title, ...twoColumns(rows, width)]),
    ...notes?.length ? ["", ...notes] : [],
    "",
    ...wrap(exitCodeLine(command), COLUMNS),
  ];
}

/**
 * Describes an option: its flag and placeholder on the left, its description and default on the right. The words of a
 * choice replace the placeholder if there is space for them.
 *
 * @example A choice.
 * ```ts
 * import { optionRow } from "@/options/command_help.ts";
 * import { choice } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const build = choice({ choices: ["relaxed", "strict"], default: "relaxed", description: "kernels" });
 * const row = optionRow("build", build);
 * assertEquals(row, ["--build relaxed|strict", "kernels (default relaxed)"]);
 * ```
 * @param name The name of the option.
 * @param option The option.
 * @returns The two columns.
 */
export function optionRow(name: string, option: Option): HelpRow {
  const flag = flagOf(name), value = defaultOf(option);
  const about = value === "" ? option.description : `${option.description} (default ${value})`;
  if (option.kind !== "choice") return [`${flag} ${option.placeholder}`.trimEnd(), about];
  const all = `${flag} ${option.wanted.replace(/, | or /g, "|")}`;
  if (all.length <= MAX_LEFT_WIDTH) return [all, about];
  return [`${flag} ${option.placeholder}`, `${option.wanted}: ${about}`];
}

function defaultOf({ kind, default: value, defaultText }: Option): string {
  if (defaultText !== undefined) return defaultText;
  if (kind === "flag") return "";
  return value === null ? "none" : String(value);
}

function leftWidth(rows: readonly HelpRow[]): number {
  return Math.min(MAX_LEFT_WIDTH, Math.max(0, ...rows.map(([left]) => left.length)));
}

/**
 * Formats rows in two columns; the right column is wrapped.
 *
 * @example Two rows.
 * ```ts
 * import { twoColumns } from "@/options/command_help.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(twoColumns([["a", "one"], ["bcd", "two"]]), ["  a    one", "  bcd  two"]);
 * ```
 * @param rows The rows.
 * @param width The width of the left column; by default that of its longest entry, at most 30.
 * @returns Lines of at most 100 characters, if no entry of the left column is wider than that column.
 */
export function twoColumns(rows: readonly HelpRow[], width = leftWidth(rows)): string[] {
  return rows.flatMap(([left, right]) =>
    wrap(right, COLUMNS - width - 4).map((line, i) =>
      `  ${(i === 0 ? left : "").padEnd(width)}  ${line}`
    )
  );
}

/** Wraps a text to lines of at most `columns` characters, if no word is longer. */
function wrap(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

function exitCodeLine({ exitCodes }: Command): string {
  const { 0: done, 1: failed, 2: wrong } = EXIT_CODES;
  const codes = Object.entries({ 0: done, 1: failed, 2: wrong, ...exitCodes });
  return `Exit codes: ${codes.map((code) => code.join(" ")).join(", ")}.`;
}
