/** A host of commands that has no disk, no screen, no threads and a clock of its own. */
import { evaluateHandlers } from "@/cli/evaluate.ts";
import type { CommandHost } from "@/cli/host.ts";
import { trainCommand } from "@/cli/train.ts";
import type { StopCode } from "@/io/signals.ts";
import type { Terminal } from "@/io/terminal.ts";
import type { Experiment } from "@/runs/run.ts";
import { trainHandlers } from "@/runs/train_job.ts";
import type { JobWorker } from "@/runs/worker.ts";
import { localWorker } from "../runs/local_worker.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TICK } from "../runs/hooks.ts";
import { STAND_INS } from "../runs/stand_in.ts";

export interface MemoryHost extends CommandHost {
  readonly files: MemoryDisk;
  /** Lines of standard output. */
  readonly printed: string[];
  /** Lines of standard error. */
  readonly noted: string[];
  /** Lines that were written over each other. */
  readonly overwritten: string[];
  /** How many listeners there are to signals. */
  readonly listening: number;
  /** How many workers have been started, and how many of them are not closed yet. */
  readonly workers: { started: number; open: number };
}

/** In what this host differs from the usual one. */
export interface Circumstances {
  readonly files?: MemoryDisk;
  /** A stop signal comes when a worker reads the clock for this time. */
  readonly stopAtReading?: number;
  /** The exit code of that signal; by default that of Ctrl-C. */
  readonly stopCode?: StopCode;
  /** Width of the screen; none if left out. */
  readonly columns?: number;
  /** What its workers can train. */
  readonly experiments?: readonly Experiment[];
}

export function memoryHost(circumstances: Circumstances = {}): MemoryHost {
  const { files = new MemoryDisk(), stopAtReading, stopCode = 130, columns = null } = circumstances;
  const { experiments = STAND_INS } = circumstances;
  const listeners = new Set<(code: StopCode) => void>(), workers = { started: 0, open: 0 };
  const now = () => clock += TICK;
  let [clock, readings] = [0, 0];

  function workerClock(): number {
    if (++readings === stopAtReading) listeners.forEach((listener) => listener(stopCode));
    return now();
  }

  return {
    ...memoryTerminal(columns),
    files,
    workers,
    get listening() {
      return listeners.size;
    },
    cores: 2,
    now,
    onStopSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startWorker(stop) {
      workers.started++;
      workers.open++;
      const handlers = {
        ...trainHandlers(files, experiments, workerClock),
        ...evaluateHandlers(files, workerClock),
      };
      return { ...cloningWorker(localWorker(handlers, stop)), close: () => void workers.open-- };
    },
    drawFigure: () => Promise.resolve("<svg></svg>"),
  };
}

/** A worker whose messages are cloned, as they are on their way to a thread and back. */
function cloningWorker(worker: JobWorker): JobWorker {
  return {
    ...worker,
    async run<Job, News, Result>(kind: string, job: Job, onProgress: (news: News) => void) {
      const onClone = (news: News) => onProgress(structuredClone(news));
      return structuredClone(
        await worker.run<Job, News, Result>(kind, structuredClone(job), onClone),
      );
    },
  };
}

/** A terminal, and what was written to it. */
export function memoryTerminal(columns: number | null = null) {
  const [printed, noted, overwritten]: string[][] = [[], [], []];
  const terminal: Terminal = {
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    overwrite: (line) => void overwritten.push(line),
    columns: () => columns,
  };
  return { terminal, printed, noted, overwritten };
}

/** `deno task train` with the stand-ins in place of the experiments. */
export function trainStandIn(line: readonly string[], host: CommandHost): Promise<number> {
  return trainCommand(line, host, STAND_INS);
}
