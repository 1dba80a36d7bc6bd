/** A thread that trains the stand-in. */
import { disk } from "@/io/disk.ts";
import { serveSeeds, type WorkerScope } from "@/runs/seed_messages.ts";
import { standIn } from "./stand_in.ts";

serveSeeds(self as unknown as WorkerScope, [standIn], disk);
