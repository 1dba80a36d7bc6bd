/** `deno task train` with the stand-ins in place of the experiments. */
import { processHost } from "@/cli/process_host.ts";
import { trainCommand } from "@/cli/train_command.ts";
import { otherStandIn, standIn } from "../runs/stand_in.ts";

const seedModule = new URL("../runs/stand_in_worker.ts", import.meta.url);
Deno.exit(await trainCommand(Deno.args, processHost([standIn, otherStandIn], seedModule)));
