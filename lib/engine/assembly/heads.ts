/**
 * The heads that control the memory: push, pop and value, row by row.
 *
 * Method: row by row, the value four numbers at a time, push and pop in two lanes of one σ.
 *
 * Layout: a row of heads is [v_1 … v_M | push | pop | padding]. Forwards the sums come in less their bias; those of
 * push and pop are kept with it (the anchor needs them), the activations go to pushes, pops and a row of values. Backwards the
 * gradients with respect to the sums replace them.
 *
 * Error: that of squash.ts forwards, three roundings backwards.
 */
import { fnma, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { clearRow } from "./rows";
import { sigmoid4, tanh4 } from "./squash";

/** Which row of values a step writes: its own, or in inference the next free one of its slot's memory. */
// @ts-ignore: decorator
@inline
export function valueRow(plan: Plan, row: i32, slot: i32): i32 {
  return plan.inference ? slot * plan.entriesPerSlot + load<i32>(plan.liveCount + slot * 4) : row;
}

/** v = tanh(a_v), d = σ(a_d + noise), u = σ(a_u + noise), for rows `row`, row + workers, …. */
export function headsForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const width = plan.headWidth * 4, bytes = plan.valueWidth * 4, last = bytes - VECTOR, bias = plan.headBias;
  const column = plan.pushColumn * 4, tail = v128.load(plan.tailMask), values = plan.values;
  const pushBias = load<f32>(bias + column), popBias = load<f32>(bias + column, 4);
  const pushNoise = plan.pushNoise, popNoise = plan.popNoise, pushes = plan.pushes, pops = plan.pops;
  let sums = plan.heads + row * width;
  for (let i = 0; i < count; i++, row += workers, slot += workers, sums += workers * width) {
    const v = values + valueRow(plan, row, slot) * bytes, controls = sums + column;
    const push = load<f32>(controls) + pushBias, pop = load<f32>(controls, 4) + popBias;
    for (let at = 0; at < last; at += VECTOR) {
      v128.store(v + at, tanh4(f32x4.add(v128.load(sums + at), v128.load(bias + at))));
    }
    v128.store(v + last, v128.and(tanh4(f32x4.add(v128.load(sums + last), v128.load(bias + last))), tail));
    store<f32>(controls, push);
    store<f32>(controls, pop, 4);
    const noisy = f32x4.splat(push + load<f32>(pushNoise + row * 4));
    const gates = sigmoid4(f32x4.replace_lane(noisy, 1, pop + load<f32>(popNoise + row * 4)));
    store<f32>(pushes + row * 4, f32x4.extract_lane(gates, 0));
    store<f32>(pops + row * 4, f32x4.extract_lane(gates, 1));
  }
}

/** Reverses {@link headsForward}, and adds the anchor's w ((a_d − a)² + (a_u − b)²) to what is reversed. */
export function headsBackward(plan: Plan, row: i32, workers: i32, count: i32): void {
  const width = plan.headWidth * 4, bytes = plan.valueWidth * 4, column = plan.pushColumn * 4, one = f32x4.splat(1);
  const weight = plan.anchorWeight, anchorPush = plan.anchorPush, anchorPop = plan.anchorPop;
  const gStrength = plan.gStrength, gPops = plan.gPop, pushes = plan.pushes, pops = plan.pops;
  const anchorLoss = plan.anchorLoss, values = plan.values, gValues = plan.gValues;
  let sums = plan.heads + row * width;
  for (let i = 0; i < count; i++, row += workers, sums += workers * width) {
    const controls = sums + column, at4 = row * 4;
    const push = load<f32>(controls) - anchorPush, pop = load<f32>(controls, 4) - anchorPop;
    store<f32>(anchorLoss + at4, weight * (push * push + pop * pop));
    const gPush = sigmoidBackward(load<f32>(pushes + at4), load<f32>(gStrength + at4));
    const gPop = sigmoidBackward(load<f32>(pops + at4), load<f32>(gPops + at4));
    clearRow(sums, width);
    const v = values + row * bytes, gV = gValues + row * bytes;
    for (let at = 0; at < bytes; at += VECTOR) {
      const v_m = v128.load(v + at);
      v128.store(sums + at, f32x4.mul(v128.load(gV + at), fnma(v_m, v_m, one)));
    }
    store<f32>(controls, gPush + 2 * weight * push);
    store<f32>(controls, gPop + 2 * weight * pop, 4);
  }
}

// @ts-ignore: decorator
@inline
function sigmoidBackward(s: f32, g: f32): f32 {
  return g * s * (1 - s);
}
