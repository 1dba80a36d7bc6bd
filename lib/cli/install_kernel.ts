/**
 * Installs the Deno that runs this as the kernel "deno" of a whole environment; for machines that are made for this
 * project, such as Binder's and the container's.
 *
 * Usage: deno run --allow-read --allow-write=ENVIRONMENT lib/cli/install_kernel.ts ENVIRONMENT
 *
 * @module
 */
import { DENO_KERNEL, installKernel } from "@/jupyter/kernel_spec.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { processTerminal } from "@/io/terminal.ts";

function main([environment, ...others]: readonly string[]): number {
  try {
    if (!environment || others.length > 0) {
      throw new UserError("install the kernel", "one folder", `${Deno.args.length} words`);
    }
    processTerminal.print(installKernel(disk, environment, Deno.execPath(), DENO_KERNEL));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    processTerminal.note(error.message);
    return 2;
  }
}

if (import.meta.main) Deno.exit(main(Deno.args));
