/**
 * The backward pass of the exact neural stack: step by step, from the last to the first.
 *
 * Method: the gradient of the strength of a row that a step did not touch is the identity, so that one number for each
 * row, gStrength, and one row of gValues serve all steps. Each step reverses its read, finishes the gradients of its
 * push, and restores what its pop removed, from the log of stack.ts. Derivation: lib/memory/sparse_stack.ts.
 *
 * Layout: as in stack.ts; gStrength has a number and gValues a row of `valueWidth` for each pushed value.
 *
 * Error: one rounding for each term added.
 */
import { fma, sumOfLanes, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { NONE } from "./stack";

/** Reverses one step of slots `slot`, slot + workers, …, given ∂L/∂r by slot: leaves ∂L/∂u in gPop, ∂L/∂d in gStrength. */
export function stackBackward(
  plan: Plan, row: i32, slot: i32, workers: i32, count: i32, gReads: usize, between: i32,
): void {
  const entries = plan.entriesPerSlot * 4;
  const bytes = plan.valueWidth * 4, values = plan.values, gValues = plan.gValues, gStrength = plan.gStrength;
  const liveRow = plan.liveRow, liveStrength = plan.liveStrength, liveCount = plan.liveCount;
  const removedCount = plan.removedCount, partialStrength = plan.partialStrength, gPops = plan.gPop;
  for (let i = 0; i < count; i++, row += workers, slot += workers) {
    const rows = liveRow + slot * entries, strengths = liveStrength + slot * entries;
    let live = load<i32>(liveCount + slot * 4);
    readBackward(values, gValues, gStrength, bytes, rows, strengths, live, gReads + slot * between);
    // s_t[t] = d_t: the pushed row's own accumulators are final now, and the row is removed.
    live--;
    // The row in which the pop ended gives −∂L/∂s to the pop, and ∂L/∂s to each row that shielded it.
    const partial = load<f32>(partialStrength + row * 4), removed = load<i32>(removedCount + row * 4);
    let gEnd: f32 = 0;
    if (partial != NONE) {
      const top = (live - 1) * 4;
      gEnd = load<f32>(gStrength + load<i32>(rows + top) * 4);
      store<f32>(strengths + top, partial);
    }
    store<f32>(gPops + row * 4, -gEnd);
    if (removed > 0) live = restoreRemoved(plan, slot, rows, strengths, live, removed, gEnd);
    store<i32>(liveCount + slot * 4, live);
  }
}

/** A row read whole passes its share to its own strength; one read in part takes it from all strengths above. */
// @ts-ignore: decorator
@inline
function readBackward(
  values: usize, gValues: usize, gStrength: usize, bytes: i32, rows: usize, strengths: usize, live: i32, gR: usize,
): void {
  let unread: f32 = 1;
  for (let i = live - 1; i >= 0 && unread > 0; i--) {
    const s = load<f32>(strengths + i * 4), row = load<i32>(rows + i * 4);
    const V_i = values + row * bytes, gV_i = gValues + row * bytes;
    const weight = f32x4.splat(min(s, unread));
    let products = f32x4.splat(0);
    for (let at = 0; at < bytes; at += VECTOR) {
      const g = v128.load(gR + at);
      products = fma(g, v128.load(V_i + at), products);
      v128.store(gV_i + at, fma(weight, g, v128.load(gV_i + at)));
    }
    const gWeight = sumOfLanes(products);
    if (s <= unread) addTo(gStrength + row * 4, gWeight); // the tie belongs to s
    else {
      for (let j = i + 1; j < live; j++) addTo(gStrength + load<i32>(rows + j * 4) * 4, -gWeight);
    }
    unread -= s;
  }
}

/** Restores `removed` rows from the end of the log, the lowest first. */
function restoreRemoved(
  plan: Plan, slot: i32, rows: usize, strengths: usize, live: i32, removed: i32, gEnd: f32,
): i32 {
  const count = load<i32>(plan.logCount + slot * 4) - removed;
  let log = (slot * plan.entriesPerSlot + count + removed - 1) * 4;
  for (let i = 0; i < removed; i++, live++, log -= 4) {
    const row = load<i32>(plan.logRow + log);
    store<i32>(rows + live * 4, row);
    store<f32>(strengths + live * 4, load<f32>(plan.logStrength + log));
    store<f32>(plan.gStrength + row * 4, gEnd);
  }
  store<i32>(plan.logCount + slot * 4, count);
  return live;
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, x: f32): void {
  store<f32>(at, load<f32>(at) + x);
}
