/** A world for `deno task train` that has no disk, no screen and no threads. */
import { trainSeed } from "@/runs/seeds.ts";
import type { TrainHost } from "@/cli/train_host.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { otherStandIn, standIn } from "../runs/stand_in.ts";
import { testWatch } from "../runs/watch.ts";

export interface MemoryHost extends TrainHost {
  readonly files: MemoryDisk;
  /** Lines of standard output. */
  readonly printed: string[];
  /** Lines of standard error. */
  readonly noted: string[];
  /** Lines that were written over each other. */
  readonly overwritten: string[];
  /** How many workers have been asked to stop. */
  workersStopped: number;
}

/** What is out of the ordinary in this world. */
export interface Circumstances {
  readonly files?: MemoryDisk;
  /** Ctrl-C comes after so many pauses; in the middle of so many seeds, where there are several. */
  readonly interruptAfter?: number;
  /** Width of the screen; none if left out. */
  readonly columns?: number;
}

export function memoryHost(circumstances: Circumstances = {}): MemoryHost {
  const { files = new MemoryDisk(), interruptAfter, columns = null } = circumstances;
  const [printed, noted, overwritten]: string[][] = [[], [], []];
  const listeners = new Set<() => void>();
  let [clock, pauses] = [0, 0];

  function pauseOnce(): void {
    if (++pauses === interruptAfter) listeners.forEach((listener) => listener());
  }

  const host: MemoryHost = {
    files,
    workersStopped: 0,
    printed,
    noted,
    overwritten,
    experiments: [standIn, otherStandIn],
    cores: 2,
    terminal: {
      print: (line) => void printed.push(line),
      note: (line) => void noted.push(line),
      overwrite: (line) => void overwritten.push(line),
      columns: () => columns,
    },
    now: () => clock += 30,
    pause: () => Promise.resolve(pauseOnce()),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startSeedWorker() {
      let stopped = false;
      return {
        run(job, onProgress) {
          pauseOnce();
          const watch = testWatch(stopped ? 2 : undefined);
          return trainSeed(files, standIn, job, {
            ...watch,
            show: ({ share }) => onProgress(share),
          });
        },
        stop() {
          stopped = true;
          host.workersStopped++;
        },
        close() {},
      };
    },
    drawFigure: () => Promise.resolve("<svg></svg>"),
  };
  return host;
}
