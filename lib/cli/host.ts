/**
 * The host of a long-running command: the files, terminal, clock, signals and workers that it uses. Tests replace it.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { createAwakeClock } from "@/io/awake_clock.ts";
import { createProcessInterrupts } from "@/io/signals.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";
import { type JobWorker, startWorker, type StopFlag, type StopSignals } from "@/runs/worker.ts";

/** Everything outside its own code that a command uses. */
export interface CommandHost extends StopSignals {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The number of cores of the machine. */
  readonly cores: number;
  /** A clock in milliseconds, which may leave out the time in which the process is suspended. */
  now(): number;
  /** Starts a worker thread that runs one job at a time; its jobs poll the flag. */
  startWorker(stop: StopFlag): JobWorker;
  /** Draws a figure as the text of an SVG file. */
  drawFigure(figure: Figure): Promise<string>;
}

/**
 * Creates the host of this process: its disk, streams, clock, signals and threads.
 *
 * @param workerModule The main module of the worker threads.
 * @returns The host.
 */
export function createProcessHost(
  workerModule: URL = new URL("./worker.ts", import.meta.url),
): CommandHost {
  const interrupts = createProcessInterrupts();
  return {
    files: disk,
    terminal: processTerminal,
    cores: navigator.hardwareConcurrency,
    now: createAwakeClock(),
    onStopSignal: (listener) => interrupts.listen(listener),
    startWorker: (stop) => startWorker(workerModule, stop),
    // Imported only when needed, because Plotly takes a second to load.
    drawFigure: async (figure) => (await import("@/figures/svg/to_svg.ts")).figureToSvg(figure),
  };
}
