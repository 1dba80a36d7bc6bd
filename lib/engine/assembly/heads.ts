/**
 * What the controller tells the stack: push, pop and value, from one row of sums.
 *
 * Layout: a row of heads is [v_1 … v_M | push | pop | padding]. Forwards the sums come in and stay (the anchor needs
 * them); the activations go to pushes, pops and a row of values. Backwards the gradients by the sums take their place.
 *
 * Error: that of squash.ts forwards, three roundings backwards.
 */
import { fnma, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { clearRow } from "./rows";
import { sigmoid4, tanh4 } from "./squash";

/** d = σ(a_d + noise), u = σ(a_u + noise), v = tanh(a_v). */
export function headsForward(plan: Plan, row: i32, valueRow: i32): void {
  const sums = plan.heads + row * plan.headWidth * 4, last = plan.valueWidth * 4 - VECTOR;
  const v = plan.values + valueRow * plan.valueWidth * 4;
  for (let at = 0; at < last; at += VECTOR) v128.store(v + at, tanh4(v128.load(sums + at)));
  v128.store(v + last, v128.and(tanh4(v128.load(sums + last)), v128.load(plan.tailMask)));
  const controls = sums + plan.pushColumn * 4;
  const push = load<f32>(controls) + load<f32>(plan.pushNoise + row * 4);
  const pop = load<f32>(controls, 4) + load<f32>(plan.popNoise + row * 4);
  const gates = sigmoid4(f32x4.replace_lane(f32x4.splat(push), 1, pop));
  store<f32>(plan.pushes + row * 4, f32x4.extract_lane(gates, 0));
  store<f32>(plan.pops + row * 4, f32x4.extract_lane(gates, 1));
}

/** Reverses {@link headsForward}, and adds the anchor's w ((a_d − a)² + (a_u − b)²) to what is reversed. */
export function headsBackward(plan: Plan, row: i32): void {
  const sums = plan.heads + row * plan.headWidth * 4, width = plan.valueWidth * 4;
  const controls = sums + plan.pushColumn * 4, weight = plan.anchorWeight;
  const push = load<f32>(controls) - plan.anchorPush, pop = load<f32>(controls, 4) - plan.anchorPop;
  store<f32>(plan.anchorLoss + row * 4, weight * (push * push + pop * pop));
  const gPush = sigmoidBackward(load<f32>(plan.pushes + row * 4), load<f32>(plan.gStrength + row * 4));
  const gPop = sigmoidBackward(load<f32>(plan.pops + row * 4), load<f32>(plan.gPop + row * 4));
  clearRow(sums, plan.headWidth * 4);
  const v = plan.values + row * width, gV = plan.gValues + row * width, one = f32x4.splat(1);
  for (let at = 0; at < width; at += VECTOR) {
    const v_m = v128.load(v + at);
    v128.store(sums + at, f32x4.mul(v128.load(gV + at), fnma(v_m, v_m, one)));
  }
  store<f32>(controls, gPush + 2 * weight * push);
  store<f32>(controls, gPop + 2 * weight * pop, 4);
}

// @ts-ignore: decorator
@inline
function sigmoidBackward(s: f32, g: f32): f32 {
  return g * s * (1 - s);
}
