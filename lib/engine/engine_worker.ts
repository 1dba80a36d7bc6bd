/**
 * A worker of a team: sleeps until it is called, does its share, and sleeps again.
 *
 * @module
 */
import { CONTROL, LEAVE, waitForChange } from "./barrier.ts";
import { type KernelBuild, loadKernels } from "./kernel_calls.ts";
import { runPhases } from "./phases.ts";

/** What a worker is told when it joins. */
export interface Invitation {
  readonly memory: WebAssembly.Memory;
  readonly build: KernelBuild;
  readonly planAt: number;
  readonly controlAt: number;
  readonly settingsAt: number;
  readonly settings: number;
  readonly worker: number;
  readonly workers: number;
}

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<Invitation>) => void) | null;
  postMessage(message: "ready"): void;
  close(): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data }) => {
  const { memory, build, planAt, worker, workers } = data;
  const control = new Int32Array(memory.buffer, data.controlAt, CONTROL.size);
  const settings = new Float64Array(memory.buffer, data.settingsAt, data.settings);
  const share = { kernels: loadKernels(memory, build), planAt, worker, workers, control, settings };
  let known = Atomics.load(control, CONTROL.calls);
  scope.postMessage("ready");
  for (;;) {
    waitForChange(control, CONTROL.calls, known);
    known = Atomics.load(control, CONTROL.calls);
    const call = Atomics.load(control, CONTROL.call);
    if (call === LEAVE) return scope.close();
    const [slots, steps, losses] = [CONTROL.slots, CONTROL.steps, CONTROL.losses].map((at) =>
      Atomics.load(control, at)
    );
    try {
      runPhases(share, call, { slots, steps, losses });
    } catch (error) {
      Atomics.store(control, CONTROL.over, 1); // or the others would wait for this one for ever
      throw error;
    }
  }
};
