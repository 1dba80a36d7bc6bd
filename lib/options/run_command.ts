/**
 * Runs a command: reads its command line, prints its help or its errors, and returns its exit code.
 *
 * @module
 */
import { OutputError, type Terminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import { commandHelp } from "./command_help.ts";
import { type ChooseGroup, type Command, readCommandLine, type RunLine } from "./command.ts";
import type { OptionTable } from "./settings.ts";

/**
 * Reads a command line and runs the command, or prints its help.
 *
 * @example Wrong input is reported in one sentence on standard error.
 * ```ts
 * import { runCommand } from "@/options/run_command.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const noted: string[] = [];
 * const terminal = {
 *   print() {},
 *   note: (line: string) => void noted.push(line),
 *   overwrite() {},
 *   columns: () => null,
 * };
 * const command = { action: "greet", summary: "Greets.", usage: ["deno task greet"], options: {} };
 * assertEquals(await runCommand(command, ["--loud"], terminal, () => 0), 2);
 * assertEquals(noted, [
 *   "Cannot read the options: wanted an option that --help lists, got --loud",
 * ]);
 * ```
 * @param command The command.
 * @param words The arguments of the command line.
 * @param terminal The terminal for the help and the error.
 * @param run The function that does the work and returns the exit code.
 * @param chooseGroup See {@linkcode readCommandLine}.
 * @returns The exit code: that of `run`, or 0 after printing the help, 2 after a `UserError`, or 1 if a result could not be
 *   written.
 */
export async function runCommand<O extends OptionTable>(
  command: Command<O>,
  words: readonly string[],
  terminal: Terminal,
  run: (line: RunLine<O>) => number | Promise<number>,
  chooseGroup?: ChooseGroup<O>,
): Promise<number> {
  try {
    const line = readCommandLine(command, words, chooseGroup);
    if (line.kind === "run") return await run(line);
    for (const text of commandHelp(command)) terminal.print(text);
    return 0;
  } catch (error) {
    if (!(error instanceof UserError || error instanceof OutputError)) throw error;
    terminal.note(error.message);
    return error instanceof UserError ? 2 : 1;
  }
}
