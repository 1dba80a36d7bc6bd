/**
 * The exact neural stack, one step of each string, touching only the rows it must.
 *
 * Method: a pop only ever empties a run of rows at the top, so the rows with strength left are a plain array, its top
 * at the end. A pop removes rows from it, a read walks down it until one unit is gathered. In training, what a pop
 * removes is logged, and stack_backward.ts restores it. Derivation: lib/memory/sparse_stack.ts.
 *
 * Layout: each slot has `entriesPerSlot` entries of liveRow (which row of values) and liveStrength, and as many of each in
 * the log. Values are rows of `valueWidth` numbers, a multiple of 4.
 *
 * Ties are the paper's: a row is gone when its strength is at most what is left of the pop; a row below is reached
 * only if something is left.
 *
 * Error: one rounding for each strength removed or gathered, and that of a chain of multiply-adds over touched rows.
 */
import { valueRow } from "./heads";
import { fma, VECTOR } from "./lanes";
import { layerOf, Plan } from "./plan";
import { clearRow, copyRow } from "./rows";

/** What partialStrength holds where a pop ended between two rows. */
export const NONE: f32 = -1;

/** An empty stack for a slot. */
export function startStack(plan: Plan, slot: i32): void {
  store<i32>(plan.liveCount + slot * 4, 0);
  store<i32>(plan.logCount + slot * 4, 0);
}

/** Pops, pushes and reads for rows `row`, row + workers, …; the read is the input part of the first layer's state. */
export function stackForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), between = first.stateWidth * 4, entries = plan.entriesPerSlot * 4;
  const bytes = plan.valueWidth * 4, values = plan.values, pushes = plan.pushes, pops = plan.pops;
  const liveRow = plan.liveRow, liveStrength = plan.liveStrength, liveCount = plan.liveCount;
  const removedCount = plan.removedCount, partialStrength = plan.partialStrength, inference = plan.inference;
  let r = first.states + row * between;
  for (let i = 0; i < count; i++, row += workers, slot += workers, r += workers * between) {
    const rows = liveRow + slot * entries, strengths = liveStrength + slot * entries;
    let pushed = valueRow(plan, row, slot);
    const before = load<i32>(liveCount + slot * 4);
    // s_t[i] = max(0, s_{t−1}[i] − max(0, u − Σ_{j>i} s_{t−1}[j])), from the top until the pop is used up
    let live = before, left = load<f32>(pops + row * 4), partial = NONE;
    while (live > 0) {
      const top = strengths + (live - 1) * 4, s = load<f32>(top);
      if (s > left) {
        if (left > 0) {
          partial = s;
          store<f32>(top, s - left);
        }
        break;
      }
      left -= s;
      live--;
    }
    if (!inference) {
      store<i32>(removedCount + row * 4, before - live);
      store<f32>(partialStrength + row * 4, partial);
      if (live < before) logRemoved(plan, slot, rows, strengths, live, before);
    } else if (live < before) {
      const from = values + pushed * bytes;
      pushed -= before - live; // the lowest entry that the pop has freed
      copyRow(values + pushed * bytes, from, bytes);
    }
    // s_t[t] = d_t, V_t[t] = v_t
    store<i32>(rows + live * 4, pushed);
    store<f32>(strengths + live * 4, load<f32>(pushes + row * 4));
    store<i32>(liveCount + slot * 4, live + 1);
    read(values, bytes, rows, strengths, live + 1, r);
  }
}

/** Adds entries `live` … `before` − 1, which a pop removed, to the log, from the top down. */
function logRemoved(plan: Plan, slot: i32, rows: usize, strengths: usize, live: i32, before: i32): void {
  const count = load<i32>(plan.logCount + slot * 4), at = (slot * plan.entriesPerSlot + count) * 4;
  let logRow = plan.logRow + at, logStrength = plan.logStrength + at;
  for (let i = before - 1; i >= live; i--, logRow += 4, logStrength += 4) {
    store<i32>(logRow, load<i32>(rows + i * 4));
    store<f32>(logStrength, load<f32>(strengths + i * 4));
  }
  store<i32>(plan.logCount + slot * 4, count + before - live);
}

/** r = Σ_i min(s[i], max(0, 1 − Σ_{j>i} s[j])) V[i], from the top until one unit is gathered. */
// @ts-ignore: decorator
@inline
function read(values: usize, bytes: i32, rows: usize, strengths: usize, live: i32, r: usize): void {
  clearRow(r, bytes);
  let unread: f32 = 1;
  for (let i = live - 1; i >= 0 && unread > 0; i--) {
    const s = load<f32>(strengths + i * 4), weight = f32x4.splat(min(s, unread));
    const V_i = values + load<i32>(rows + i * 4) * bytes;
    for (let at = 0; at < bytes; at += VECTOR) {
      v128.store(r + at, fma(weight, v128.load(V_i + at), v128.load(r + at)));
    }
    unread -= s;
  }
}
