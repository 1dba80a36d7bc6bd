/**
 * Running a command: its help, and errors that the user can fix.
 *
 * @module
 */
import type { Terminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import { commandHelp } from "./command_help.ts";
import { type ChooseGroup, type Command, readCommandLine, type RunLine } from "./command.ts";
import type { OptionTable } from "./settings.ts";

/**
 * Reads a command line and runs the command, or prints its help.
 *
 * @example Wrong input is one sentence on standard error.
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
 * @param words The command line, without the command.
 * @param terminal Where the help and the error are written.
 * @param run What the command does; it returns an exit code.
 * @param chooseGroup See {@linkcode readCommandLine}.
 * @returns The exit code: that of `run`, 0 after the help, 2 after an error that the user can fix.
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
    if (!(error instanceof UserError)) throw error;
    terminal.note(error.message);
    return 2;
  }
}
