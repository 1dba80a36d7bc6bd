/**
 * `deno task notebooks`.
 *
 * @module
 */
import { runNotebook } from "@/jupyter/run_notebook.ts";
import { disk } from "@/io/disk.ts";
import { notebooksCommand } from "./notebooks_command.ts";
import { processTerminal } from "@/io/terminal.ts";

if (import.meta.main) {
  const code = await notebooksCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    folder: "notebooks",
    now: () => performance.now(),
    run: runNotebook,
  });
  Deno.exit(code);
}
