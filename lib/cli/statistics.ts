/**
 * `deno task statistics`: makes the stored tables that the notebooks and the README show.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { twoColumns } from "@/options/command_help.ts";
import { joinWithOr, parseSeedRange, seedRange } from "@/options/option.ts";
import { nearestWord } from "@/options/command_line.ts";
import { runCommand } from "@/options/run_command.ts";
import type { Study, StudyHost } from "@/studies/study.ts";
import { formatTable } from "@/jupyter/table.ts";
import { createProcessHost } from "./host.ts";
import { UserError } from "@/io/user_error.ts";
import { STUDIES } from "@/studies/studies.ts";

const ACTION = "make statistics";

function optionsFor(studies: readonly Study[]) {
  const names = studies.filter(({ takesSeeds }) => takesSeeds).map(({ name }) => name).join(", ");
  const description = `only these seeds, of a study that takes them (${names})`;
  return { seeds: seedRange({ default: null, defaultText: "all", description }) };
}

function commandFor(studies: readonly Study[]): Command<ReturnType<typeof optionsFor>> {
  return {
    action: ACTION,
    summary: "Makes the stored tables that the notebooks and the README show.",
    usage: ["deno task statistics [STUDY [PART]] [--seeds A..B]"],
    words: {
      name: "STUDY PART",
      description:
        "the study to make, and only its rows whose names contain PART (default all); A,B for several parts",
      minimum: 0,
      maximum: 2,
      wanted: "STUDY and PART",
    },
    options: optionsFor(studies),
    exitCodes: { 75: EXIT_CODES[75], 130: EXIT_CODES[130] },
    notes: ["Studies", ...twoColumns(studies.map(({ name, about }) => [name, about]))],
  };
}

/** The command. */
export const COMMAND = commandFor(STUDIES);

function chooseStudies(studies: readonly Study[], wanted: string | undefined): readonly Study[] {
  if (wanted === undefined) return studies;
  const found = studies.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = studies.map(({ name }) => name), near = nearestWord(wanted, names);
  const hint = near ? ` (did you mean ${near}?)` : "";
  throw new UserError(ACTION, `one of ${names.join(", ")}`, `"${wanted}"${hint}`);
}

/** Refuses `--seeds` for a study that would not heed it. */
function checkSeeds(chosen: readonly Study[], all: readonly Study[]): void {
  const other = chosen.find(({ takesSeeds }) => !takesSeeds);
  if (!other) return;
  const takers = all.filter(({ takesSeeds }) => takesSeeds).map(({ name }) => name);
  const got = chosen.length > 1 ? "all studies" : other.name;
  throw new UserError(ACTION, `a study that takes --seeds (${joinWithOr(takers)})`, got);
}

function printTables(study: Study, { terminal }: StudyHost): void {
  for (const { title, rows } of study.tables?.() ?? []) {
    terminal.print(`${title}\n${formatTable(rows)}\n`);
  }
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
    async ({ words: [wanted, part = ""], values }) => {
      const chosen = chooseStudies(studies, wanted);
      const seeds = values.seeds === null ? undefined : parseSeedRange(values.seeds);
      if (seeds) checkSeeds(chosen, studies);
      for (const study of chosen) {
        const stopCode = await study.make(part, host, seeds);
        printTables(study, host);
        if (stopCode !== undefined) return stopCode;
      }
      return 0;
    },
  );
}

if (import.meta.main) Deno.exit(await statisticsCommand(Deno.args, STUDIES, createProcessHost()));
