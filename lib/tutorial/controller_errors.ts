/**
 * What is measured of a controller after it has run over a string: its loss, the sizes of its mistakes,
 * what it wrote.
 *
 * @module
 */
import type { RnnController } from "./rnn_controller.ts";

/** The sizes of a string's mistakes, Σ |…| over steps and units. */
export interface ControllerErrors {
  /** Of o_t. */
  output: number;
  /** Of each readout that counts, in the order h_t, o′_t, v_t. */
  readonly readouts: number[];
}

/** Σ |…|^power of a readout's mistakes. */
function readoutSum(controller: RnnController, k: number, length: number, power: 1 | 2): number {
  const { guess, unused } = controller.layers.readouts[k], K = guess.width;
  const x = controller.layers.input.y;
  let sum = 0;
  for (let i = K; i < (2 * length - unused) * K; i++) {
    const miss = Math.abs(guess.y[i] - x[i - K]);
    sum += power === 1 ? miss : miss * miss;
  }
  return sum;
}

/** Σ |o_t − y_t|^power. */
function outputSum(controller: RnnController, length: number, power: 1 | 2): number {
  const { output, target } = controller.layers;
  let sum = 0;
  for (let i = 0; i < 2 * length * output.width; i++) {
    const miss = Math.abs(output.y[i] - target[i]);
    sum += power === 1 ? miss : miss * miss;
  }
  return sum;
}

/**
 * The loss of the last string that `controller` ran over, as defined in `rnn_controller.ts`.
 *
 * @param controller After a forward.
 * @returns L, at least 0.
 */
export function controllerLoss(controller: RnnController): number {
  const n = controller.length;
  let sum = outputSum(controller, n, 2);
  controller.layers.readouts.forEach(({ weight }, k) => {
    sum += weight * readoutSum(controller, k, n, 2);
  });
  return sum / (2 * n);
}

/** No mistakes yet. */
export function noErrors(controller: RnnController): ControllerErrors {
  return { output: 0, readouts: controller.layers.readouts.map(() => 0) };
}

/**
 * Adds the sizes of the last string's mistakes to `errors`, as the tutorial prints them.
 *
 * @param controller After a forward.
 * @param errors Where they are added up.
 */
export function addErrors(controller: RnnController, errors: ControllerErrors): void {
  errors.output += outputSum(controller, controller.length, 1);
  for (let k = 0; k < errors.readouts.length; k++) {
    errors.readouts[k] += readoutSum(controller, k, controller.length, 1);
  }
}

/**
 * What the controller wrote: at each step of the second half, the place of its largest output.
 *
 * @param controller After a forward.
 * @returns n places in 0 … Y − 1, in the order of writing.
 */
export function written(controller: RnnController): number[] {
  const n = controller.length, { y, width: Y } = controller.layers.output;
  return Array.from({ length: n }, (_, i) => {
    const o = y.subarray((n + i) * Y, (n + i + 1) * Y);
    return o.indexOf(Math.max(...o));
  });
}
