/** Worker threads that are counted, so that a test can tell whether all of them have been ended. */

/** Workers that were started during some work, and those of them that were ended. */
export interface WorkerCounts {
  started: number;
  ended: number;
}

/**
 * Does work that starts and ends workers.
 *
 * @param work What is done.
 * @param most How many workers may be started; the next one fails.
 * @returns The counts.
 */
export function countWorkers(work: () => void, most = Infinity): WorkerCounts {
  const counts = { started: 0, ended: 0 }, original = globalThis.Worker;
  globalThis.Worker = class extends original {
    #ended = false;

    constructor(...[url, options]: ConstructorParameters<typeof Worker>) {
      if (counts.started === most) throw new Error("no more threads");
      super(url, options);
      counts.started++;
    }

    override terminate(): void {
      if (!this.#ended) counts.ended++;
      this.#ended = true;
      super.terminate();
    }
  };
  try {
    work();
  } finally {
    globalThis.Worker = original;
  }
  return counts;
}
