/**
 * What a worker does for one call of the team: a few phases in a fixed order, with a barrier after each.
 *
 * Strings never meet in the time loops, so those are shared out by strings; products over all rows are shared out by
 * rows or by outputs. Every sum is made by one worker in one order, so that the bits do not depend on how many there are.
 *
 * @module
 */
import { waitForAll } from "./barrier.ts";
import type { Kernels } from "./kernel_calls.ts";

/** Phases, in the order in which they run; a call is the sum of those that it wants. */
export const PHASE = {
  /** New weights are packed, and looked up from now on. */
  prepare: 1,
  /** All steps, forwards. */
  forward: 2,
  /** Logits of all loss rows. */
  decode: 4,
  /** Losses, and their gradients by the states. */
  loss: 8,
  /** All steps, backwards, and gradients by all parameters. */
  backward: 16,
  /** Their length. */
  norm: 32,
  /** The optimiser's step, unless the length is not finite. */
  step: 64,
} as const;

/** A whole update. */
export const UPDATE = Object.values(PHASE).reduce((sum: number, phase) => sum + phase, 0);

/** Places of the optimiser's numbers, as f64, that the host writes before a step. */
export const SETTING = {
  rule: 0,
  clip: 1,
  rate: 2,
  a: 3,
  b: 4,
  epsilon: 5,
  root: 6,
  norm: 7,
  /** What is left of the cells' parameters at each step, and where these lie in the flat run. */
  keep: 8,
  cellsFrom: 9,
  cellsTo: 10,
} as const;
/** Values of the setting `rule`. */
export const RULE = { sgd: 0, rmsprop: 1, adam: 2 } as const;

/** Added to a norm before it divides, as PyTorch does. */
const CLIP_EPSILON = 1e-6;

/** What a worker needs to know of its team. */
export interface Share {
  readonly kernels: Kernels;
  readonly planAt: number;
  readonly worker: number;
  readonly workers: number;
  /** For the barrier. */
  readonly control: Int32Array;
  /** Of {@linkcode SETTING}. */
  readonly settings: Float64Array;
}

/** What a worker needs to know of a batch. */
export interface CallSize {
  readonly slots: number;
  readonly steps: number;
  readonly losses: number;
}

/**
 * Runs a worker's share of a call.
 *
 * @param share Whose.
 * @param call Sum of phases.
 * @param size Of the batch.
 */
export function runPhases(share: Share, call: number, size: CallSize): void {
  const { kernels, planAt, worker, workers, control } = share;
  const barrier = () => waitForAll(control, workers);
  if (call & PHASE.prepare) {
    kernels.prepare(planAt, worker, workers);
    barrier();
  }
  if (call & PHASE.forward) {
    kernels.forward(planAt, worker, workers);
    barrier();
  }
  if (call & PHASE.decode) {
    if (call & PHASE.backward) kernels.clearWeightGradients(planAt, worker, workers);
    decode(share, size.losses, (call & PHASE.loss) !== 0);
    barrier();
  }
  if (call & PHASE.backward) {
    backward(share, size, barrier);
    kernels.weightGradients(planAt, worker, workers);
    barrier();
    kernels.embeddingGradient(planAt, worker, workers);
    barrier();
  }
  if (call & PHASE.norm) {
    kernels.squares(planAt, worker, workers);
    barrier();
    clipAndStep(share, (call & PHASE.step) !== 0);
    barrier();
  }
}

/** Loss rows taken together, forwards and backwards: their logits stay in the cache. */
const TOGETHER = 128;

/** A worker's share of the loss rows; they go in fours, as the product takes them. */
function decode(
  { kernels, planAt, worker, workers }: Share,
  losses: number,
  backwards: boolean,
): void {
  const fours = Math.ceil(losses / 4);
  const first = 4 * Math.floor(fours * worker / workers);
  const last = Math.min(losses, 4 * Math.floor(fours * (worker + 1) / workers));
  for (let from = first; from < last; from += TOGETHER) {
    const to = Math.min(last, from + TOGETHER);
    kernels.decode(planAt, from, to);
    if (backwards) kernels.decodeBackward(planAt, from, to);
  }
}

/** Rows of states whose steps are reversed before their part of the weights' gradients is added. */
const ROWS_TOGETHER = 256;

/** A few steps at a time: all workers reverse them, then each adds up its share of the weights' gradients. */
function backward(share: Share, { slots, steps }: CallSize, barrier: () => void): void {
  const { kernels, planAt, worker, workers } = share;
  const together = Math.max(1, Math.floor(ROWS_TOGETHER / slots));
  for (let last = steps; last >= 1; last -= together) {
    const first = Math.max(1, last - together + 1);
    kernels.backward(planAt, worker, workers, first, last);
    barrier();
    kernels.stepGradients(planAt, worker, workers, first, last);
  }
}

/** Every worker comes to the same norm, and so to the same decision. */
function clipAndStep({ kernels, planAt, worker, workers, settings }: Share, step: boolean): void {
  const norm = kernels.norm(planAt), { rule, clip, rate, a, b, epsilon, root } = SETTING;
  if (worker === 0) settings[SETTING.norm] = norm;
  if (!step || !Number.isFinite(norm)) return;
  const limit = settings[clip], scale = Math.min(1, limit / (norm + CLIP_EPSILON));
  const [η, ε] = [settings[rate], settings[epsilon]];
  const { keep, cellsFrom, cellsTo } = SETTING;
  if (settings[keep] !== 1) {
    kernels.decay(planAt, worker, workers, settings[cellsFrom], settings[cellsTo], settings[keep]);
  }
  if (settings[rule] === RULE.sgd) kernels.sgd(planAt, worker, workers, scale, η);
  else if (settings[rule] === RULE.rmsprop) {
    kernels.rmsprop(planAt, worker, workers, scale, η, settings[a], ε);
  } else {
    kernels.adam(planAt, worker, workers, scale, η, settings[a], settings[b], ε, settings[root]);
  }
}
