/**
 * The host of a long-running command: the files, terminal, clock, signals and workers that it uses. Tests replace it.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { createInterrupts } from "@/io/signals.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";
import { type JobWorker, startWorker, StopFlag } from "@/runs/worker.ts";

/** Everything outside its own code that a command uses. */
export interface CommandHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The number of cores of the machine. */
  readonly cores: number;
  /** A clock in milliseconds. */
  now(): number;
  /** Calls `listener` at the first Ctrl-C or SIGTERM, until the function that it returns is called. */
  onStopSignal(listener: () => void): () => void;
  /** Starts a worker thread that runs one job at a time; its jobs poll the flag. */
  startWorker(stop: StopFlag): JobWorker;
  /** Draws a figure as the text of an SVG file. */
  drawFigure(figure: Figure): Promise<string>;
}

/**
 * Creates the host of this process: its disk, streams, clock, signals and threads.
 *
 * @param workerModule The main module of the worker threads.
 * @returns The host; from now on it handles Ctrl-C and SIGTERM.
 */
export function createProcessHost(
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
    // Imported only when needed, because Plotly takes a second to load.
    drawFigure: async (figure) => (await import("@/figures/svg/to_svg.ts")).figureToSvg(figure),
  };
}

/**
 * Does some work that Ctrl-C or SIGTERM can stop.
 *
 * @param host The source of the signals.
 * @param work The work; it receives the flag that a signal sets.
 * @returns The result of `work`.
 */
export async function withStopFlag<T>(
  host: CommandHost,
  work: (stop: StopFlag) => Promise<T>,
): Promise<T> {
  const stop = new StopFlag(), removeListener = host.onStopSignal(() => stop.request());
  try {
    return await work(stop);
  } finally {
    removeListener();
  }
}
