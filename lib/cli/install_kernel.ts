/**
 * Installs the running Deno as the kernel "deno" of an environment; for machines that are used for this project only,
 * such as those of Binder and the container.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { DENO_KERNEL, installKernel } from "@/jupyter/kernel_spec.ts";
import type { Command } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { disk } from "@/io/disk.ts";
import { processTerminal } from "@/io/terminal.ts";

/** The command. */
export const COMMAND: Command = {
  action: "install the kernel",
  summary: 'Installs the running Deno as the kernel "deno" of an environment.',
  usage: [
    "deno run --allow-read --allow-write=ENVIRONMENT lib/cli/install_kernel.ts ENVIRONMENT",
  ],
  words: {
    name: "ENVIRONMENT",
    description: "the folder of the environment",
    minimum: 1,
    maximum: 1,
    wanted: "one folder",
  },
  options: {},
};

if (import.meta.main) {
  const code = await runCommand(COMMAND, Deno.args, processTerminal, ({ words: [environment] }) => {
    processTerminal.print(installKernel(disk, environment, Deno.execPath(), DENO_KERNEL));
    return 0;
  });
  Deno.exit(code);
}
