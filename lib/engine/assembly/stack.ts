/**
 * The exact neural stack, one string's step at a time, touching only the rows it must.
 *
 * Method: a pop only ever empties a run of rows at the top, so the rows with strength left are a plain array, its top
 * at the end. A pop takes rows off it, a read walks down it until one unit is gathered. With `remember` set, what a
 * pop takes off is kept in a log, from which stack_backward.ts puts it back. Derivation: lib/memory/sparse_stack.ts.
 *
 * Layout: for each slot `capacity` entries of liveRow (which row of values) and liveStrength, as many of each in the
 * log. Values are rows of `width` numbers, a multiple of 4.
 *
 * Ties are the paper's: a row is gone when its strength is at most what is left of the pop; a row below is reached
 * only if something is left.
 *
 * Error: one rounding for each strength taken off or gathered, and that of a chain of multiply-adds over touched rows.
 */
import { fma, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { clearRow } from "./rows";

/** What partialStrength holds where a pop ended between two rows. */
export const NONE: f32 = -1;

/** Pops `u`, pushes row `valueRow` with strength `d`, and writes the read to `r`. `row` names the step in the log. */
export function stackForward(plan: Plan, slot: i32, row: i32, valueRow: i32, u: f32, d: f32, r: usize): void {
  const at = slot * plan.capacity * 4, liveRow = plan.liveRow + at, liveStrength = plan.liveStrength + at;
  let live = load<i32>(plan.liveCount + slot * 4);
  live = pop(plan, slot, row, liveRow, liveStrength, live, u);
  store<i32>(liveRow + live * 4, valueRow);
  store<f32>(liveStrength + live * 4, d);
  live++;
  store<i32>(plan.liveCount + slot * 4, live);
  read(plan, liveRow, liveStrength, live, r);
}

/** s_t[i] = max(0, s_{t−1}[i] − max(0, u − Σ_{j>i} s_{t−1}[j])), from the top until the pop is used up. */
function pop(
  plan: Plan, slot: i32, row: i32, liveRow: usize, liveStrength: usize, live: i32, u: f32,
): i32 {
  let left = u, partial = NONE, removed = 0;
  let log = slot * plan.capacity * 4 + (plan.remember ? load<i32>(plan.logCount + slot * 4) * 4 : 0);
  while (live > 0) {
    const top = (live - 1) * 4, s = load<f32>(liveStrength + top);
    if (s > left) {
      if (left > 0) {
        partial = s;
        store<f32>(liveStrength + top, s - left);
      }
      break;
    }
    if (plan.remember) {
      store<i32>(plan.logRow + log, load<i32>(liveRow + top));
      store<f32>(plan.logStrength + log, s);
      log += 4;
      removed++;
    }
    left -= s;
    live--;
  }
  if (plan.remember) {
    store<i32>(plan.removedCount + row * 4, removed);
    store<f32>(plan.partialStrength + row * 4, partial);
    store<i32>(plan.logCount + slot * 4, load<i32>(plan.logCount + slot * 4) + removed);
  }
  return live;
}

/** r = Σ_i min(s[i], max(0, 1 − Σ_{j>i} s[j])) V[i], from the top until one unit is gathered. */
function read(plan: Plan, liveRow: usize, liveStrength: usize, live: i32, r: usize): void {
  const bytes = plan.valueWidth * 4;
  clearRow(r, bytes);
  let room: f32 = 1;
  for (let i = live - 1; i >= 0 && room > 0; i--) {
    const s = load<f32>(liveStrength + i * 4), weight = f32x4.splat(min(s, room));
    const V_i = plan.values + load<i32>(liveRow + i * 4) * bytes;
    for (let at = 0; at < bytes; at += VECTOR) {
      v128.store(r + at, fma(weight, v128.load(V_i + at), v128.load(r + at)));
    }
    room -= s;
  }
}
