/**
 * `deno task notebooks`.
 *
 * @module
 */
import { runNotebook } from "@/jupyter/run_notebook.ts";
import { disk } from "@/training/disk.ts";
import { notebooksCommand } from "./notebooks_command.ts";
import { processTerminal } from "./terminal.ts";

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
