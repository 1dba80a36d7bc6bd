/**
 * The exact neural stack of values of one or two numbers, forwards.
 *
 * Method: that of stack.ts, but a value and its strength are one vector, so that a row is read with one load, and the
 * read is gathered in a register. How many rows a read needs is hard for the machine to guess, and a wrong guess costs as
 * much as reading several: as many as another string of the step has needed are read without asking, shares of 0 among
 * them. Under each stack lie rows of value 0 that no pop and no read can use up: neither has to look for the bottom.
 *
 * Layout: an entry of a stack is two vectors, [v_1 v_2 s 0], and for the way back [gV_1 gV_2 gS 0], the gradients by them.
 * Each slot has `capacity` of them above MOST_LOOKS that are never used up. What pops take off a slot's stack is put
 * in its log, a vector each. `stackTop` is where the last entry of each slot lies, `logTop` where its log goes on.
 * What a step did is a vector of its row in `stepLog`: [bytes of the entries read, share of the last if it was read in part,
 * else 0 | bytes of the entries removed, strength before the pop of the one in which it ended, else NONE].
 *
 * Ties and error: those of stack.ts, with the same bits.
 */
import { fma, lane2, lane3, VECTOR } from "./lanes";
import { layerOf, Plan } from "./plan";
import { NONE } from "./stack";

/** Bytes of an entry. */
export const ENTRY: i32 = 32;
/** Rows that a read looks at without asking, at most. */
const MOST_LOOKS: i32 = 8;
/** More than any pop or read can use up, and yet finite: times 0 it is 0. */
const BOTTOM: f32 = 1e30;
const ONE = memory.data<f32>([1, 1, 1, 1], 16);
/** Lanes 0 and 1; lanes 0 to 2. */
const VALUE = memory.data<i32>([-1, -1, 0, 0], 16);
const VALUE_AND_STRENGTH = memory.data<i32>([-1, -1, -1, 0], 16);

/** An empty stack for a slot. */
export function startNarrow(plan: Plan, slot: i32): void {
  const zero = f32x4.splat(0), bottom = f32x4.replace_lane(zero, 2, BOTTOM);
  let top = plan.entries + slot * (plan.capacity + MOST_LOOKS) * ENTRY;
  for (let i = 0; i < MOST_LOOKS; i++, top += ENTRY) {
    v128.store(top, bottom);
    v128.store(top, zero, VECTOR);
  }
  store<usize>(plan.stackTop + slot * 4, top - ENTRY);
  store<usize>(plan.logTop + slot * 4, plan.entryLog + slot * plan.capacity * VECTOR);
}

/** Pops, pushes and reads for rows `row`, row + workers, …; the read is the input part of the first layer's state. */
export function narrowStackForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), state = first.stateWidth * 4, every = workers * VECTOR, zero = f32x4.splat(0);
  let values = plan.values + row * VECTOR, stepLog = plan.stepLog + row * VECTOR;
  let stackTop = plan.stackTop + slot * 4, logTop = plan.logTop + slot * 4;
  let r = first.states + row * state, looks = 1;
  for (let i = 0; i < count; i++) {
    const y = v128.load(values), left = pop(load<usize>(stackTop), lane3(y), logTop, stepLog + 8);
    // s_t[t] = d_t, V_t[t] = v_t
    const top = left + ENTRY, entry = v128.and(y, v128.load(VALUE_AND_STRENGTH));
    v128.store(top, entry);
    v128.store(top, zero, VECTOR);
    store<usize>(stackTop, top);
    looks = max(looks, min(MOST_LOOKS, read(top, entry, looks, r, stepLog)));
    values += every;
    stepLog += every;
    stackTop += workers * 4;
    logTop += workers * 4;
    r += workers * state;
  }
}

/**
 * s_t[i] = max(0, s_{t−1}[i] − max(0, u − Σ_{j>i} s_{t−1}[j])), from the top until the pop is used up. Returns the top then, and
 * notes [bytes removed, strength of the last row before the pop].
 */
// @ts-ignore: decorator
@inline
function pop(before: usize, left: v128, logTop: usize, note: usize): usize {
  let top = before, entry = v128.load(top), s = lane2(entry), partial = f32x4.splat(NONE);
  while (f32x4.extract_lane(s, 0) <= f32x4.extract_lane(left, 0)) {
    left = f32x4.sub(left, s);
    top -= ENTRY;
    entry = v128.load(top);
    s = lane2(entry);
  }
  if (f32x4.extract_lane(left, 0) > 0) {
    partial = s;
    v128.store(top, f32x4.replace_lane(entry, 2, f32x4.extract_lane(f32x4.sub(s, left), 0)));
  }
  if (top < before) keep(top, before, logTop);
  v128.store64_lane(note, i32x4.replace_lane(partial, 0, <i32> (before - top)), 0);
  return top;
}

/** Adds the entries above `top`, up to `before`, which a pop took off, to the log, from the top down. */
function keep(top: usize, before: usize, logTop: usize): void {
  let log = load<usize>(logTop);
  for (let at = before; at > top; at -= ENTRY, log += VECTOR) v128.store(log, v128.load(at));
  store<usize>(logTop, log);
}

/**
 * r = Σ_i min(s[i], max(0, 1 − Σ_{j>i} s[j])) V[i], from the top until one unit is gathered, `looks` rows at least. Returns how many
 * rows that took, and notes [their bytes, share of the last if it was read in part].
 */
// @ts-ignore: decorator
@inline
function read(top: usize, entry: v128, looks: i32, r: usize, note: usize): i32 {
  const zero = f32x4.splat(0);
  let at = top, s = lane2(entry), room = v128.load(ONE), sum = zero, part = zero, rows = zero;
  for (let n = 0; n < looks || f32x4.extract_lane(room, 0) > 0; n++) {
    const share = f32x4.pmin(s, room);
    sum = fma(share, entry, sum);
    part = v128.or(part, v128.and(share, f32x4.gt(s, room))); // the tie belongs to s
    rows = i32x4.sub(rows, f32x4.gt(room, zero));
    room = f32x4.sub(room, share);
    at -= ENTRY;
    entry = v128.load(at);
    s = lane2(entry);
  }
  v128.store(r, v128.and(sum, v128.load(VALUE)));
  v128.store64_lane(note, v128.shuffle<f32>(i32x4.shl(rows, 5), part, 0, 4, 1, 5), 0);
  return i32x4.extract_lane(rows, 0);
}
