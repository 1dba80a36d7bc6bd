/**
 * `deno task evaluate`.
 *
 * @module
 */
import { disk } from "@/training/disk.ts";
import { evaluateCommand } from "./evaluate_command.ts";
import { createInterrupts } from "./interrupts.ts";
import { processTerminal } from "./terminal.ts";

if (import.meta.main) {
  const now = () => performance.now();
  const interrupts = createInterrupts(now, () => Deno.exit(130));
  Deno.addSignalListener("SIGINT", () => interrupts.signal());
  const code = await evaluateCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    now,
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    onInterrupt: (listener) => interrupts.listen(listener),
  });
  Deno.exit(code);
}
