/**
 * The plan, the one argument of every kernel, and how its rows are counted. What each field means is said where the host
 * writes it: lib/engine/kernel_plan.ts.
 */
import { Attention, Cell, Given, Layer, LAYER_BYTES, Memory, Plan, Rule } from "./plan_fields";
export { Attention, Cell, Given, Layer, Memory, Plan, Rule };

/** The description of layer `l`. */
export function layerOf(plan: Plan, l: i32): Layer {
  return changetype<Layer>(plan.layerAt + l * LAYER_BYTES);
}

/** Row of slot 0 after τ steps. */
// @ts-ignore: decorator
@inline
export function rowStart(plan: Plan, τ: i32): i32 {
  return load<i32>(plan.rowStart + τ * 4);
}

/** Whether the host has written this for a slot. */
// @ts-ignore: decorator
@inline
export function isGiven(plan: Plan, slot: i32, what: Given): bool {
  return (load<i32>(plan.given + slot * 4) & what) != 0;
}

/** How many of a worker's slots are under way at step t: slots worker, worker + workers, … below active[t]. */
// @ts-ignore: decorator
@inline
export function ownActive(plan: Plan, t: i32, worker: i32, workers: i32): i32 {
  const active = load<i32>(plan.active + t * 4) - worker;
  return active > 0 ? (active + workers - 1) / workers : 0;
}
