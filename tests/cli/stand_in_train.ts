/** `deno task train` with the stand-ins in place of the experiments. */
import { createProcessHost } from "@/cli/host.ts";
import { trainStandIn } from "./memory_host.ts";

const host = createProcessHost(new URL("../runs/stand_in_worker.ts", import.meta.url));
Deno.exit(await trainStandIn(Deno.args, host));
