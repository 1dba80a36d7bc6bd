/** A command with the usual host whose work never looks up, as that of a synchronous study. */
import { createProcessHost } from "@/cli/host.ts";

const { terminal, now } = createProcessHost();
terminal.print("busy");
for (const began = now(); now() - began < 60_000;);
