/**
 * The line of rows with strength left, and what a step of a string does to it at one end: pop, push, read. A stack does all
 * of it at the top, a queue pops and reads at the bottom, a deque does all of it at both ends; memory.ts puts it together.
 * Only the rows are touched that must be.
 *
 * Method: a pop only ever empties a run of rows at an end, so the rows with strength left are a line, bottom first. A pop
 * removes rows from an end, a read walks inwards from there until one unit is gathered. In training, what a pop
 * removes is logged, and line_backward.ts restores it. Derivation: lib/memory/sparse_rows.ts.
 *
 * Layout: each slot has `entriesPerSlot` places of liveRow (which row of values) and liveStrength, and as many of each in
 * the log. Its entries are numbered from `bottom` to `top` − 1, and go round the places: see placeOf. Values are rows of
 * `valueWidth` numbers, a multiple of 4. In the functions below, `first` is the number of the slot's place 0 and `places`
 * how many there are, or STRAIGHT; `at` is row · P + port; `end` is TOP or BOTTOM, known when the kernel is compiled.
 *
 * Ties are the paper's: a row is gone when its strength is at most what is left of the pop; a row further in is reached
 * only if something is left. Those of a row of strength exactly 0 do not matter here: it is a push whose σ is 0, and
 * nothing passes through that σ backwards.
 *
 * Error: one rounding for each strength removed or gathered, and that of a chain of multiply-adds over touched rows.
 */
import { stepValue } from "./heads";
import { fma, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { clearRow, copyRow } from "./rows";

/** The ends of a line. */
export const TOP: i32 = 1;
export const BOTTOM: i32 = 0;

/** For `places`: the entries do not go round, since the bottom one is always at place 0. */
export const STRAIGHT: i32 = 0;

/** What partialStrength holds where a pop ended between two rows. */
export const NONE: f32 = -1;

/** An empty line for a slot. */
export function startLine(plan: Plan, slot: i32): void {
  storeLine(plan, slot, 0, 0);
  store<i32>(plan.logCount + slot * 4, 0);
}

/** Keeps a line for the next step, its bottom among the places. */
// @ts-ignore: decorator
@inline
export function storeLine(plan: Plan, slot: i32, bottom: i32, top: i32): void {
  const places = plan.entriesPerSlot, moved = bottom < 0 ? places : bottom >= places ? -places : 0;
  store<i32>(plan.bottomEntry + slot * 4, bottom + moved);
  store<i32>(plan.topEntry + slot * 4, top + moved);
}

/** The place of entry i of a slot, −places ≤ i < 2 · places. */
// @ts-ignore: decorator
@inline
export function placeOf(i: i32, first: i32, places: i32): i32 {
  if (places == STRAIGHT) return first + i;
  return first + (i < 0 ? i + places : i >= places ? i - places : i);
}

/** Entry number n, from an end inwards. */
// @ts-ignore: decorator
@inline
export function inwards(bottom: i32, top: i32, n: i32, end: i32): i32 {
  return end == TOP ? top - 1 - n : bottom + n;
}

/**
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u − Σ s_{t−1}[j])), j beyond i, from an end inwards until the pop is used up.
 * Returns how many rows are gone.
 */
// @ts-ignore: decorator
@inline
export function popAt(
  plan: Plan, slot: i32, at: i32, first: i32, places: i32, bottom: i32, top: i32, end: i32,
): i32 {
  const strengths = plan.liveStrength, live = top - bottom;
  let removed = 0, left = load<f32>(plan.pops + at * 4), partial = NONE;
  for (; removed < live; removed++) {
    const entry = strengths + placeOf(inwards(bottom, top, removed, end), first, places) * 4, s = load<f32>(entry);
    if (s > left) {
      if (left > 0) {
        partial = s;
        store<f32>(entry, s - left);
      }
      break;
    }
    left -= s;
  }
  if (!plan.inference) {
    store<i32>(plan.removedCount + at * 4, removed);
    store<f32>(plan.partialStrength + at * 4, partial);
    if (removed > 0) logRemoved(plan, slot, first, places, bottom, top, removed, end);
  }
  return removed;
}

/** Adds the `removed` entries at an end to the log, from there inwards. */
function logRemoved(
  plan: Plan, slot: i32, first: i32, places: i32, bottom: i32, top: i32, removed: i32, end: i32,
): void {
  const count = load<i32>(plan.logCount + slot * 4);
  let log = (first + count) * 4;
  for (let n = 0; n < removed; n++, log += 4) {
    const place = placeOf(inwards(bottom, top, n, end), first, places) * 4;
    store<i32>(plan.logRow + log, load<i32>(plan.liveRow + place));
    store<f32>(plan.logStrength + log, load<f32>(plan.liveStrength + place));
  }
  store<i32>(plan.logCount + slot * 4, count + removed);
}

/** Entry i becomes a row of strength d_t with the value v_t. */
// @ts-ignore: decorator
@inline
export function pushAt(plan: Plan, slot: i32, at: i32, port: i32, first: i32, places: i32, i: i32): void {
  const place = placeOf(i, first, places);
  let value = at;
  if (plan.inference) {
    const bytes = plan.valueWidth * 4, values = plan.values;
    value = place;
    copyRow(values + place * bytes, values + stepValue(plan, 0, slot, port) * bytes, bytes);
  }
  store<i32>(plan.liveRow + place * 4, value);
  store<f32>(plan.liveStrength + place * 4, load<f32>(plan.pushes + at * 4));
}

/** r = Σ_i min(s[i], max(0, 1 − Σ s[j])) V[i], j beyond i, from an end inwards until one unit is gathered. */
// @ts-ignore: decorator
@inline
export function readAt(plan: Plan, first: i32, places: i32, bottom: i32, top: i32, r: usize, end: i32): void {
  const bytes = plan.valueWidth * 4, live = top - bottom;
  const values = plan.values, rows = plan.liveRow, strengths = plan.liveStrength;
  clearRow(r, bytes);
  let unread: f32 = 1;
  for (let n = 0; n < live && unread > 0; n++) {
    const place = placeOf(inwards(bottom, top, n, end), first, places) * 4, s = load<f32>(strengths + place);
    const V_i = values + load<i32>(rows + place) * bytes, weight = f32x4.splat(min(s, unread));
    for (let at = 0; at < bytes; at += VECTOR) {
      v128.store(r + at, fma(weight, v128.load(V_i + at), v128.load(r + at)));
    }
    unread -= s;
  }
}
