/**
 * `deno task lab`.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { labCommand } from "./lab_command.ts";
import { machinePrograms } from "@/io/programs.ts";
import { processTerminal } from "@/io/terminal.ts";

if (import.meta.main) {
  const code = await labCommand(Deno.args, {
    files: disk,
    programs: machinePrograms,
    terminal: processTerminal,
    root: Deno.cwd(),
    deno: Deno.execPath(),
    isWindows: Deno.build.os === "windows",
    prefetch: async () => {
      const { headlessPlotly } = await import("@/figures/headless_plotly.ts");
      await Promise.all([import("@/mod.ts"), headlessPlotly()]);
    },
  });
  Deno.exit(code);
}
