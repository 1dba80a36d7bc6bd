/**
 * The backward pass of line.ts: step by step, from the last to the first.
 *
 * Method: the gradient of the strength of a row that a step did not touch is the identity, so that one number for each
 * row, gStrength, and one row of gValues serve all steps. Each step reverses its reads, finishes the gradients of its
 * pushes, and restores what its pops removed, from the log of line.ts. Derivation: lib/memory/sparse_rows.ts.
 *
 * Layout: as in line.ts; gStrength has a number and gValues a row of `valueWidth` for each pushed value. Once the reads of
 * its step are reversed, a pushed row's own accumulators are final.
 *
 * Error: one rounding for each term added.
 */
import { fma, sumOfLanes, VECTOR } from "./lanes";
import { inwards, NONE, placeOf } from "./line";
import { Plan } from "./plan";

/** A row read whole passes its share to its own strength; one read in part takes it from all strengths beyond. */
// @ts-ignore: decorator
@inline
export function readAtBackward(
  plan: Plan, first: i32, places: i32, bottom: i32, top: i32, gR: usize, end: i32,
): void {
  const live = top - bottom, bytes = plan.valueWidth * 4;
  const rows = plan.liveRow, strengths = plan.liveStrength, gStrength = plan.gStrength;
  const values = plan.values, gValues = plan.gValues;
  let unread: f32 = 1;
  for (let n = 0; n < live && unread > 0; n++) {
    const place = placeOf(inwards(bottom, top, n, end), first, places) * 4, s = load<f32>(strengths + place);
    const row = load<i32>(rows + place);
    const gWeight = valueBackward(values + row * bytes, gValues + row * bytes, bytes, gR, min(s, unread));
    if (s <= unread) addTo(gStrength + row * 4, gWeight); // the tie belongs to s
    else {
      for (let j = n - 1; j >= 0; j--) {
        const beyond = load<i32>(rows + placeOf(inwards(bottom, top, j, end), first, places) * 4);
        addTo(gStrength + beyond * 4, -gWeight);
      }
    }
    unread -= s;
  }
}

/** ∂L/∂V_i += w ∂L/∂r; returns ∂L/∂w = ∂L/∂r · V_i. */
// @ts-ignore: decorator
@inline
function valueBackward(V_i: usize, gV_i: usize, bytes: i32, gR: usize, w: f32): f32 {
  const weight = f32x4.splat(w);
  let products = f32x4.splat(0);
  for (let at = 0; at < bytes; at += VECTOR) {
    const g = v128.load(gR + at);
    products = fma(g, v128.load(V_i + at), products);
    v128.store(gV_i + at, fma(weight, g, v128.load(gV_i + at)));
  }
  return sumOfLanes(products);
}

/**
 * The row in which the pop ended gives −∂L/∂s to the pop, and ∂L/∂s to each row that shielded it. Returns how many rows come
 * back beyond the end.
 */
// @ts-ignore: decorator
@inline
export function popAtBackward(
  plan: Plan, slot: i32, at: i32, first: i32, places: i32, bottom: i32, top: i32, end: i32,
): i32 {
  const partial = load<f32>(plan.partialStrength + at * 4), removed = load<i32>(plan.removedCount + at * 4);
  let gEnd: f32 = 0;
  if (partial != NONE) {
    const place = placeOf(inwards(bottom, top, 0, end), first, places) * 4;
    gEnd = load<f32>(plan.gStrength + load<i32>(plan.liveRow + place) * 4);
    store<f32>(plan.liveStrength + place, partial);
  }
  store<f32>(plan.gPop + at * 4, -gEnd);
  if (removed > 0) restoreRemoved(plan, slot, first, places, bottom, top, removed, gEnd, end);
  return removed;
}

/** Restores `removed` rows from the end of the log, the innermost first. */
function restoreRemoved(
  plan: Plan, slot: i32, first: i32, places: i32, bottom: i32, top: i32, removed: i32, gEnd: f32, end: i32,
): void {
  const count = load<i32>(plan.logCount + slot * 4) - removed;
  let log = (first + count + removed - 1) * 4;
  for (let n = 1; n <= removed; n++, log -= 4) {
    const row = load<i32>(plan.logRow + log), place = placeOf(inwards(bottom, top, -n, end), first, places) * 4;
    store<i32>(plan.liveRow + place, row);
    store<f32>(plan.liveStrength + place, load<f32>(plan.logStrength + log));
    store<f32>(plan.gStrength + row * 4, gEnd);
  }
  store<i32>(plan.logCount + slot * 4, count);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, x: f32): void {
  store<f32>(at, load<f32>(at) + x);
}
