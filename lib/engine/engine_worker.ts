/**
 * The entry point of a worker: what it does is in `worker_pool.ts`.
 *
 * @module
 */
import { runWorker, type WorkerStart } from "./worker_pool.ts";

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<WorkerStart>) => void) | null;
  close(): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data }) => {
  runWorker(data);
  scope.close();
};
