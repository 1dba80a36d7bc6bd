/**
 * `deno task kernels`.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { buildKernels } from "./kernel_build.ts";
import { kernelsCommand } from "./kernels_command.ts";
import { processTerminal } from "@/io/terminal.ts";

if (import.meta.main) {
  const host = { files: disk, terminal: processTerminal, folder: "lib/engine" };
  Deno.exit(await kernelsCommand(Deno.args, { ...host, build: buildKernels }));
}
