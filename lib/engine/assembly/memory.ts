/**
 * Calls the kernels of the model's memory. A new memory adds a line to each of the three functions below.
 *
 * Each slot has a list of entries with strength left: liveRow, liveStrength, and liveCount of them, `entriesPerSlot` at
 * most. In training, entry i's value lies in the row liveRow[i] of `values`; in inference it must lie in row
 * slot × entriesPerSlot + i, and the next value is written behind the last entry. A step's pop may be logged in the
 * fields log…, removedCount and partialStrength, for the backward pass.
 *
 * Layout: see kernel_plan.ts; a worker's rows of a step are `workers` rows apart.
 */
import { Memory, Plan } from "./plan";
import { stackForward, startStack } from "./stack";
import { stackBackward } from "./stack_backward";

/** Empties the memory of a slot. */
export function startMemory(plan: Plan, slot: i32): void {
  if (plan.memory == Memory.stack) startStack(plan, slot);
}

/** One step of the memory of `count` slots, given the activations of the heads; reads go to the first layer's states. */
export function memoryForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  if (plan.memory == Memory.stack) stackForward(plan, row, slot, workers, count);
}

/** Reverses {@link memoryForward}, given ∂L/∂reads by slot: leaves the gradients with respect to the activations of the heads. */
export function memoryBackward(
  plan: Plan, row: i32, slot: i32, workers: i32, count: i32, gReads: usize, between: i32,
): void {
  if (plan.memory == Memory.stack) stackBackward(plan, row, slot, workers, count, gReads, between);
}
