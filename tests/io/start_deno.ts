/** Starts Deno as the library starts programs, with the permission to start it and no other program. */
import { machinePrograms } from "@/io/programs.ts";
import { processTerminal } from "@/io/terminal.ts";

const outcome = await machinePrograms.run(Deno.execPath(), ["eval", 'console.log("started")']);
processTerminal.print(String(outcome?.printed));
