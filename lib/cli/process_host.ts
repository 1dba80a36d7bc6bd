/**
 * The real world around `deno task train`.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import type { Experiment } from "@/runs/run.ts";
import { startSeedThread } from "@/runs/seed_messages.ts";
import { createInterrupts } from "@/io/signals.ts";
import { processTerminal } from "@/io/terminal.ts";
import type { TrainHost } from "./train_host.ts";

/**
 * Disk, streams, clock, signals and threads of this process.
 *
 * @param experiments What can be trained; the first is trained if none is named.
 * @param seedModule The module that a thread for one seed at a time starts with.
 * @returns The host; from now on Ctrl-C no longer ends the process by itself.
 */
export function processHost(experiments: readonly Experiment[], seedModule: URL): TrainHost {
  const now = () => performance.now();
  const interrupts = createInterrupts(now, () => Deno.exit(130));
  Deno.addSignalListener("SIGINT", () => interrupts.signal());
  return {
    files: disk,
    terminal: processTerminal,
    experiments,
    cores: navigator.hardwareConcurrency,
    now,
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    onInterrupt: (listener) => interrupts.listen(listener),
    startSeedWorker: () => startSeedThread(seedModule),
    // Plotly takes a second to load: not before there is something to draw.
    drawFigure: async (figure) => (await import("@/figures/to_svg.ts")).figureToSvg(figure),
  };
}
