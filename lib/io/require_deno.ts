/**
 * Ends a command with one sentence if this Deno is too old. It must be the first import of the command's main module:
 * modules are evaluated in the order of their imports, and a later one may need what an older Deno lacks.
 *
 * @module
 */
import { checkDenoVersion } from "./deno_version.ts";
import { processTerminal } from "./terminal.ts";

try {
  checkDenoVersion();
} catch (error) {
  processTerminal.note((error as Error).message);
  Deno.exit(2);
}
