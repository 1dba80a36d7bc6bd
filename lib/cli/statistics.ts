/**
 * `deno task statistics`: makes the stored tables that the notebooks and the README show.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { twoColumns } from "@/options/command_help.ts";
import { nearestWord } from "@/options/command_line.ts";
import { runCommand } from "@/options/run_command.ts";
import type { Study, StudyHost } from "@/studies/study.ts";
import { createProcessHost } from "./host.ts";
import { UserError } from "@/io/user_error.ts";
import { STUDIES } from "@/studies/studies.ts";

const ACTION = "make statistics";

function commandFor(studies: readonly Study[]): Command {
  return {
    action: ACTION,
    summary: "Makes the stored tables that the notebooks and the README show.",
    usage: ["deno task statistics [STUDY [PART]]"],
    words: {
      name: "STUDY PART",
      description: "the study to make, and only its rows whose names contain PART (default all)",
      minimum: 0,
      maximum: 2,
      wanted: "STUDY and PART",
    },
    options: {},
    exitCodes: { 75: EXIT_CODES[75], 130: EXIT_CODES[130] },
    notes: ["Studies", ...twoColumns(studies.map(({ name, about }) => [name, about]))],
  };
}

/** The command. */
export const COMMAND: Command = commandFor(STUDIES);

function chooseStudies(studies: readonly Study[], wanted: string | undefined): readonly Study[] {
  if (wanted === undefined) return studies;
  const found = studies.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = studies.map(({ name }) => name), near = nearestWord(wanted, names);
  const hint = near ? ` (did you mean ${near}?)` : "";
  throw new UserError(ACTION, `one of ${names.join(", ")}`, `"${wanted}"${hint}`);
}

/**
 * Runs the command.
 *
 * @example One part of a study; an unknown study is wrong input.
 * ```ts
 * import { statisticsCommand } from "@/cli/statistics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const made: string[] = [];
 * const study = { name: "rows", about: "a table", make: (part: string) => void made.push(part) };
 * const terminal = { print() {}, note() {}, overwrite() {}, columns: () => null };
 * const never = () => {
 *   throw new Error("this study needs no worker");
 * };
 * const host = { terminal, cores: 1, onStopSignal: () => () => {}, startWorker: never };
 * assertEquals(await statisticsCommand(["rows", "first"], [study], host), 0);
 * assertEquals(await statisticsCommand(["columns"], [study], host), 2);
 * assertEquals(made, ["first"]);
 * ```
 * @param words The arguments of the command line.
 * @param studies All studies.
 * @param host The terminal, signals and workers to use.
 * @returns The exit code: 0 done, 2 wrong input, 75 or 130 stopped.
 */
export function statisticsCommand(
  words: readonly string[],
  studies: readonly Study[],
  host: StudyHost,
): Promise<number> {
  return runCommand(
    commandFor(studies),
    words,
    host.terminal,
    async ({ words: [wanted, part = ""] }) => {
      for (const study of chooseStudies(studies, wanted)) {
        const stopCode = await study.make(part, host);
        if (stopCode !== undefined) return stopCode;
      }
      return 0;
    },
  );
}

if (import.meta.main) Deno.exit(await statisticsCommand(Deno.args, STUDIES, createProcessHost()));
