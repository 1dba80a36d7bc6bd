/**
 * The way back through the exact neural stack: step by step, from the last to the first.
 *
 * Method: the strength of a row that a step did not touch has the identity for its gradient, so that one number for each
 * row, gStrength, and one row of gValues serve all steps. Each step reverses its read, hands out the gradients of its
 * push, and puts back what its pop took off, from the log of stack.ts. Derivation: lib/memory/sparse_stack_gradient.ts.
 *
 * Layout: as in stack.ts; gStrength has a number and gValues a row of `valueWidth` for each pushed value.
 *
 * Error: one rounding for each term added.
 */
import { fma, sumOfLanes, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { NONE } from "./stack";

/** Reverses the step `row` of a slot, given ∂L/∂r in `gR`; leaves ∂L/∂u in gPop, and ∂L/∂d in gStrength, of `row`. */
export function stackBackward(plan: Plan, slot: i32, row: i32, gR: usize): void {
  const at = slot * plan.capacity * 4, liveRow = plan.liveRow + at, liveStrength = plan.liveStrength + at;
  const live = load<i32>(plan.liveCount + slot * 4);
  readBackward(plan, liveRow, liveStrength, live, gR);
  // s_t[t] = d_t: the pushed row's own accumulators are final now, and the row comes off.
  popBackward(plan, slot, row, liveRow, liveStrength, live - 1);
}

/** A row read whole passes its share to its own strength; one read in part takes it from all strengths above. */
function readBackward(plan: Plan, liveRow: usize, liveStrength: usize, live: i32, gR: usize): void {
  const bytes = plan.valueWidth * 4;
  let room: f32 = 1;
  for (let i = live - 1; i >= 0 && room > 0; i--) {
    const s = load<f32>(liveStrength + i * 4), row = load<i32>(liveRow + i * 4);
    const V_i = plan.values + row * bytes, gV_i = plan.gValues + row * bytes;
    const weight = f32x4.splat(min(s, room));
    let products = f32x4.splat(0);
    for (let at = 0; at < bytes; at += VECTOR) {
      const g = v128.load(gR + at);
      products = fma(g, v128.load(V_i + at), products);
      v128.store(gV_i + at, fma(weight, g, v128.load(gV_i + at)));
    }
    const gWeight = sumOfLanes(products);
    if (s <= room) addTo(plan.gStrength + row * 4, gWeight); // the tie belongs to s
    else {
      for (let j = i + 1; j < live; j++) addTo(plan.gStrength + load<i32>(liveRow + j * 4) * 4, -gWeight);
    }
    room -= s;
  }
}

/** The row in which the pop ended gives −∂L/∂s to the pop, and ∂L/∂s to each row that shielded it. */
function popBackward(
  plan: Plan, slot: i32, row: i32, liveRow: usize, liveStrength: usize, live: i32,
): void {
  const partial = load<f32>(plan.partialStrength + row * 4), removed = load<i32>(plan.removedCount + row * 4);
  let gEnd: f32 = 0;
  if (partial != NONE) {
    const top = (live - 1) * 4;
    gEnd = load<f32>(plan.gStrength + load<i32>(liveRow + top) * 4);
    store<f32>(liveStrength + top, partial);
  }
  store<f32>(plan.gPop + row * 4, -gEnd);
  let count = load<i32>(plan.logCount + slot * 4);
  for (let i = 0; i < removed; i++) {
    const log = (slot * plan.capacity + --count) * 4, back = load<i32>(plan.logRow + log);
    store<i32>(liveRow + live * 4, back);
    store<f32>(liveStrength + live * 4, load<f32>(plan.logStrength + log));
    store<f32>(plan.gStrength + back * 4, gEnd);
    live++;
  }
  store<i32>(plan.logCount + slot * 4, count);
  store<i32>(plan.liveCount + slot * 4, live);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, x: f32): void {
  store<f32>(at, load<f32>(at) + x);
}
