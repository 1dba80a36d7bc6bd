/**
 * What `deno task statistics` does: makes the stored tables that notebooks show.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { nearestWord } from "./nearest_word.ts";
import type { Study } from "@/studies/study.ts";
import type { Terminal } from "@/io/terminal.ts";

function helpOn(studies: readonly Study[]): string[] {
  return [
    "Makes the stored tables behind the notebooks.",
    "",
    "Usage: deno task statistics [STUDY [PART]]",
    "",
    ...studies.map(({ name, about }) => `  ${name.padEnd(14)}${about}`),
    "",
    "Without STUDY all of them are made; PART does only the rows whose names contain it.",
    "Exit codes: 0 done, 2 wrong input.",
  ];
}

function chosen(studies: readonly Study[], wanted: string | undefined): readonly Study[] {
  if (wanted === undefined) return studies;
  const found = studies.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = studies.map(({ name }) => name), near = nearestWord(wanted, names);
  const hint = near ? ` (did you mean ${near}?)` : "";
  throw new UserError("make statistics", `one of ${names.join(", ")}`, `"${wanted}"${hint}`);
}

/**
 * Runs the command.
 *
 * @example A study and a part of it.
 * ```ts
 * import { statisticsCommand } from "@/cli/statistics_command.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const made: string[] = [];
 * const study = { name: "rows", about: "a table", make: (part: string) => void made.push(part) };
 * const terminal = { print() {}, note() {}, overwrite() {}, columns: () => null };
 * assertEquals(await statisticsCommand(["rows", "first"], [study], terminal), 0);
 * assertEquals(await statisticsCommand(["columns"], [study], terminal), 2);
 * assertEquals(made, ["first"]);
 * ```
 * @param words The command line.
 * @param studies All there are.
 * @param terminal Where it writes.
 * @returns The exit code: 0 done, 2 wrong input.
 */
export async function statisticsCommand(
  words: readonly string[],
  studies: readonly Study[],
  terminal: Terminal,
): Promise<number> {
  if (words.includes("--help")) {
    for (const line of helpOn(studies)) terminal.print(line);
    return 0;
  }
  try {
    const [wanted, part = "", ...more] = words;
    if (more.length > 0) throw new UserError("make statistics", "STUDY and PART", words.join(" "));
    for (const study of chosen(studies, wanted)) await study.make(part, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(error.message);
    return 2;
  }
}
