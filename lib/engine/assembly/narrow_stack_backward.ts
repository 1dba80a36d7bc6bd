/**
 * The way back through the stack of narrow_stack.ts and its heads, step by step, from the last to the first.
 *
 * Method: that of stack_backward.ts; the log of the step says how many rows were read and how, so that nothing is found out
 * twice.
 *
 * Layout: as in narrow_stack.ts and narrow_heads.ts.
 *
 * Error: that of stack_backward.ts and heads.ts.
 */
import { fma, lane2, VECTOR } from "./lanes";
import { narrowHeadsBackward } from "./narrow_heads";
import { ENTRY } from "./narrow_stack";
import { Plan } from "./plan";
import { NONE } from "./stack";

/** Reverses one step of slots `slot`, slot + workers, …, given ∂L/∂r by slot: heads become the gradients by their sums. */
export function narrowStackBackward(
  plan: Plan, row: i32, slot: i32, workers: i32, count: i32, gReads: usize, between: i32,
): void {
  const every = workers * VECTOR, valuesAsked = plan.losses > plan.outputLosses, anchored = plan.anchorWeight != 0;
  let sums = plan.heads + row * VECTOR, values = plan.values + row * VECTOR, gValues = plan.gValues + row * VECTOR;
  let stepLog = plan.stepLog + row * VECTOR, gRead = gReads + slot * between;
  let stackTop = plan.stackTop + slot * 4, logTop = plan.logTop + slot * 4;
  for (let i = 0; i < count; i++, row += workers) {
    const log = v128.load(stepLog), top = load<usize>(stackTop);
    readBackward(top, v128.load(gRead), i32x4.extract_lane(log, 0), f32x4.extract_lane(log, 1));
    // s_t[t] = d_t: the pushed row's own gradients are final now, and the row comes off
    let g = v128.load(top, VECTOR);
    if (valuesAsked) g = f32x4.add(g, v128.load(gValues));
    const below = top - ENTRY, removed = i32x4.extract_lane(log, 2);
    const gEnd = popBackward(below, f32x4.extract_lane(log, 3));
    if (removed > 0) putBack(below, removed, gEnd, logTop);
    store<usize>(stackTop, below + removed);
    const gSums = narrowHeadsBackward(v128.load(values), f32x4.replace_lane(g, 3, -gEnd));
    v128.store(sums, anchored ? f32x4.add(gSums, anchor(plan, row, sums)) : gSums);
    sums += every;
    values += every;
    gValues += every;
    stepLog += every;
    gRead += workers * between;
    stackTop += workers * 4;
    logTop += workers * 4;
  }
}

/** Of the entries read, `bytes` from the top on, the last gave only `part` of itself, or all if that is 0. */
// @ts-ignore: decorator
@inline
function readBackward(top: usize, g: v128, bytes: i32, part: f32): void {
  let at = top - bytes + ENTRY, gRest = f32x4.splat(0);
  if (part != 0) { // a row read in part takes its share from all strengths above
    gRest = byStrength(g, v128.load(at));
    v128.store(at, fma(f32x4.splat(part), g, v128.load(at, VECTOR)), VECTOR);
    at += ENTRY;
  }
  for (; at <= top; at += ENTRY) { // a row read whole passes its share to its own strength
    const entry = v128.load(at), gValue = fma(lane2(entry), g, v128.load(at, VECTOR));
    v128.store(at, f32x4.sub(f32x4.add(gValue, byStrength(g, entry)), gRest), VECTOR);
  }
}

/** [0 0 Σ g v 0] */
// @ts-ignore: decorator
@inline
function byStrength(g: v128, entry: v128): v128 {
  const terms = f32x4.mul(g, entry);
  const sum = f32x4.add(terms, v128.shuffle<f32>(terms, terms, 1, 0, 3, 2));
  return v128.shuffle<f32>(sum, sum, 2, 3, 0, 2);
}

/** The row in which the pop ended gets its strength back; ∂L/∂s of it, which goes to the pop, and to each row that shielded it. */
// @ts-ignore: decorator
@inline
function popBackward(top: usize, partial: f32): f32 {
  if (partial == NONE) return 0;
  v128.store(top, f32x4.replace_lane(v128.load(top), 2, partial));
  return load<f32>(top, VECTOR + 8);
}

/** Takes `removed` bytes of entries from the end of the log, the lowest first, onto the stack. */
function putBack(top: usize, removed: i32, gEnd: f32, logTop: usize): void {
  const g = f32x4.replace_lane(f32x4.splat(0), 2, gEnd);
  let log = load<usize>(logTop);
  for (const end = top + removed; top < end;) {
    top += ENTRY;
    log -= VECTOR;
    v128.store(top, v128.load(log));
    v128.store(top, g, VECTOR);
  }
  store<usize>(logTop, log);
}

/** Notes the anchor's w ((a_d − a)² + (a_u − b)²); returns [0 0 | the gradients by the sums]. */
function anchor(plan: Plan, row: i32, sums: usize): v128 {
  const weight = plan.anchorWeight;
  const push = load<f32>(sums, 8) - plan.anchorPush, pop = load<f32>(sums, 12) - plan.anchorPop;
  store<f32>(plan.anchorLoss + row * 4, weight * (push * push + pop * pop));
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 2, 2 * weight * push), 3, 2 * weight * pop);
}
