/**
 * What a thread does in one call: a few phases in a fixed order, with a barrier after each.
 *
 * Strings never meet in the time loops, so those are shared out by strings; products over all rows are shared out by
 * rows or by outputs. Every sum is made by one thread in one order, so that the bits do not depend on how many there are.
 *
 * @module
 */
import type { Kernels } from "./kernel_calls.ts";
import type { PLAN_FIELDS, Struct } from "./kernel_plan.ts";

/** Phases, in the order in which they run; a call is the sum of those that it wants. */
export const PHASE = {
  /** New weights are packed, and looked up from now on. */
  prepare: 1,
  /** All steps, forwards. */
  forward: 2,
  /** Logits of all loss rows. */
  decode: 4,
  /** Losses, and their gradients with respect to the states. */
  loss: 8,
  /** All steps, backwards, and gradients of all parameters. */
  backward: 16,
  /** Sums of squares of the gradient, of which its norm is made. */
  squares: 256,
  /** The optimizer's step, after the sums of squares, unless the gradient's norm is not finite. */
  step: 32,
  /** The initial states of strings that are to be read. */
  start: 64,
  /** One step of strings that are being read. */
  read: 128,
} as const;

/** What a thread needs to run its share of the phases. */
export interface PhaseContext {
  readonly kernels: Kernels;
  readonly plan: Struct<typeof PLAN_FIELDS>;
  /** The plan's address. */
  readonly planAt: number;
  /** Which thread it is, from 0. */
  readonly worker: number;
  /** How many threads there are. */
  readonly workers: number;
  /** Waits until all threads have come here. */
  barrier(): void;
}

/**
 * Runs a thread's share of some phases.
 *
 * @param context The thread's.
 * @param phases Sum of phases.
 */
export function runPhases(context: PhaseContext, phases: number): void {
  const { kernels, planAt, worker, workers, barrier } = context;
  if (phases & PHASE.prepare) {
    kernels.prepare(planAt, worker, workers);
    barrier();
  }
  if (phases & PHASE.forward) {
    kernels.forward(planAt, worker, workers);
    barrier();
  }
  if (phases & PHASE.start) {
    kernels.start(planAt, worker, workers);
    barrier();
  }
  if (phases & PHASE.read) {
    readStep(context);
    barrier();
  }
  if (phases & PHASE.decode) decodeAll(context, (phases & PHASE.loss) !== 0);
  if (phases & PHASE.backward) {
    backward(context);
    kernels.weightGradients(planAt, worker, workers);
    barrier();
    kernels.embeddingGradient(planAt, worker, workers);
    barrier();
  }
  if (phases & PHASE.squares) {
    kernels.squares(planAt, worker, workers);
    barrier();
  }
  if (phases & PHASE.step) {
    kernels.step(planAt, worker, workers);
    barrier();
  }
}

/** One step of a thread's share of the strings that are being read. */
function readStep({ kernels, plan, planAt, worker, workers }: PhaseContext): void {
  const count = Math.ceil((plan.get("slots") - worker) / workers);
  if (count <= 0) return;
  kernels.forwardStep(
    planAt,
    plan.get("readFrom") + worker,
    plan.get("readTo") + worker,
    worker,
    workers,
    count,
  );
}

/** Loss rows that are taken together, forwards and backwards: their logits stay in the cache. */
const LOSSES_IN_GROUP = 128;

/** A thread's share of all loss rows: those of the symbols before add to the gradients of the same values as others. */
function decodeAll(context: PhaseContext, withLoss: boolean): void {
  const { plan, barrier } = context, losses = plan.get("losses");
  const previousFrom = plan.get("previousFrom");
  decode(context, 0, previousFrom, withLoss);
  barrier();
  if (previousFrom < losses) {
    decode(context, previousFrom, losses, withLoss);
    barrier();
  }
}

/** A thread's share of the loss rows `begin` … `end` − 1; they go in fours, as the product takes them. */
function decode(context: PhaseContext, begin: number, end: number, withLoss: boolean): void {
  const { kernels, planAt, worker, workers } = context, fours = Math.ceil((end - begin) / 4);
  const first = begin + 4 * Math.floor(fours * worker / workers);
  const last = Math.min(end, begin + 4 * Math.floor(fours * (worker + 1) / workers));
  for (let from = first; from < last; from += LOSSES_IN_GROUP) {
    const to = Math.min(last, from + LOSSES_IN_GROUP);
    kernels.decode(planAt, from, to);
    if (withLoss) kernels.decodeBackward(planAt, from, to);
  }
}

/** Rows of states whose steps are reversed before their part of the weights' gradients is added. */
const ROWS_IN_GROUP = 256;

/** A few steps at a time: all threads reverse them, then each adds up its share of the weights' gradients. */
function backward({ kernels, plan, planAt, worker, workers, barrier }: PhaseContext): void {
  kernels.clearWeightGradients(planAt, worker, workers);
  const group = Math.max(1, Math.floor(ROWS_IN_GROUP / plan.get("slots")));
  for (let last = plan.get("steps"); last >= 1; last -= group) {
    const first = Math.max(1, last - group + 1);
    kernels.backward(planAt, worker, workers, first, last);
    barrier();
    kernels.stepGradients(planAt, worker, workers, first, last);
  }
}
