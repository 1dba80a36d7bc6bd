/**
 * The one place that knows which memory a model has: a new kind is added to the three functions below.
 *
 * Layout: see plan.ts; a worker's rows of a step are `workers` rows apart.
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
