/**
 * All that a long-running command needs of the world, so that a test can give it another one.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { createInterrupts } from "@/io/signals.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";
import { type JobWorker, startWorker, StopFlag } from "@/runs/worker.ts";

/** The world around a command. */
export interface CommandHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** Cores of the machine. */
  readonly cores: number;
  /** A clock in milliseconds. */
  now(): number;
  /** Calls `listener` at the first Ctrl-C or SIGTERM, until the function that it returns is called. */
  onStopSignal(listener: () => void): () => void;
  /** Starts a thread for one job at a time; its jobs look at the flag. */
  startWorker(stop: StopFlag): JobWorker;
  /** Draws a figure as the text of an SVG file. */
  drawFigure(figure: Figure): Promise<string>;
}

/**
 * The disk, streams, clock, signals and threads of this process.
 *
 * @param workerModule The module that a worker starts with.
 * @returns The host; from now on Ctrl-C and SIGTERM no longer end the process by themselves.
 */
export function processHost(
  workerModule: URL = new URL("./worker.ts", import.meta.url),
): CommandHost {
  const now = () => performance.now();
  const interrupts = createInterrupts(now, () => Deno.exit(130));
  Deno.addSignalListener("SIGINT", () => interrupts.signal());
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => interrupts.signal());
  return {
    files: disk,
    terminal: processTerminal,
    cores: navigator.hardwareConcurrency,
    now,
    onStopSignal: (listener) => interrupts.listen(listener),
    startWorker: (stop) => startWorker(workerModule, stop),
    // Plotly takes a second to load: not before there is something to draw.
    drawFigure: async (figure) => (await import("@/figures/svg/to_svg.ts")).figureToSvg(figure),
  };
}

/**
 * Does something that Ctrl-C or SIGTERM can stop.
 *
 * @param host Where signals come from.
 * @param work What to do; it is given the flag that a signal sets.
 * @returns What `work` returns.
 */
export async function stoppable<T>(
  host: CommandHost,
  work: (stop: StopFlag) => Promise<T>,
): Promise<T> {
  const stop = new StopFlag(), forget = host.onStopSignal(() => stop.request());
  try {
    return await work(stop);
  } finally {
    forget();
  }
}
