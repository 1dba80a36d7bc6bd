/**
 * `deno task train`.
 *
 * @module
 */
import { EXPERIMENTS } from "./experiments.ts";
import { processHost } from "./process_host.ts";
import { trainCommand } from "./train_command.ts";

if (import.meta.main) {
  const host = processHost(EXPERIMENTS, new URL("./train_worker.ts", import.meta.url));
  Deno.exit(await trainCommand(Deno.args, host));
}
