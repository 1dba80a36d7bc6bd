/**
 * `deno task reverse`.
 *
 * @module
 */
import { disk } from "@/training/disk.ts";
import { reverseCommand } from "./reverse_command.ts";
import { standardInput } from "./standard_input.ts";
import { processTerminal } from "./terminal.ts";

if (import.meta.main) {
  const code = await reverseCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    shippedWeights: "lib/training/weights/string_reversal.safetensors",
    now: () => performance.now(),
    inputIsTerminal: () => Deno.stdin.isTerminal(),
    readInput: (atMost) => standardInput(Deno.stdin.readable, atMost),
  });
  Deno.exit(code);
}
