/**
 * The heads that control the memory: push, pop and value of each port, row by row.
 *
 * Method: row by row, the value four numbers at a time, push and pop in two lanes of one σ; with a no-op, all three in three
 * lanes of a softmax.
 *
 * Layout: a row of heads has for each port [v_1 … v_M | push | pop | no-op, if there is one | padding], `portHeadWidth`
 * numbers. Forwards the sums come in less their bias; those of push and pop are kept with it (the anchor needs them), the
 * no-op's probability replaces its sum, the activations go to pushes, pops and a row of values. Backwards the gradients with respect to the sums replace them. The padding behind the last port's part
 * stays 0, as its weights are.
 *
 * Error: that of squash.ts forwards, three roundings backwards.
 */
import { fnma, VECTOR } from "./lanes";
import { Memory, Plan } from "./plan";
import { clearRow } from "./rows";
import { exp4, sigmoid4, tanh4 } from "./squash";

/** Bytes of a port's anchors at one kind of step: a push's, a pop's, their weight. The kinds: others, reading, first, popping. */
const ANCHOR: usize = 12;

/** Which row of values a step writes: its own, or in inference one behind those of the entries. */
// @ts-ignore: decorator
@inline
export function stepValue(plan: Plan, row: i32, slot: i32, port: i32): i32 {
  return plan.ports * (plan.inference ? slot : row) + port + (plan.inference ? plan.slots * plan.entriesPerSlot : 0);
}

/** The controls and values of all ports for rows `row`, row + workers, …. */
export function headsForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  for (let port = 0; port < plan.ports; port++) portForward(plan, port, row, slot, workers, count);
}

/** v = tanh(a_v), d = σ(a_d + noise), u = σ(a_u + noise). */
// @ts-ignore: decorator
@inline
function portForward(plan: Plan, port: i32, row: i32, slot: i32, workers: i32, count: i32): void {
  const width = plan.headWidth * 4, bytes = plan.valueWidth * 4, last = bytes - VECTOR;
  const part = port * plan.portHeadWidth * 4, bias = plan.headBias + part, next = workers * plan.ports;
  const column = plan.pushColumn * 4, tail = v128.load(plan.tailMask);
  const pushBias = load<f32>(bias + column), popBias = load<f32>(bias + column, 4);
  const noOp = plan.memory == Memory.superposition;
  const pushNoise = plan.pushNoise, popNoise = plan.popNoise, pushes = plan.pushes, pops = plan.pops;
  let sums = plan.heads + row * width + part, at4 = (row * plan.ports + port) * 4;
  let v = plan.values + stepValue(plan, row, slot, port) * bytes;
  for (let i = 0; i < count; i++, sums += workers * width, at4 += next * 4, v += next * bytes) {
    const controls = sums + column;
    const push = load<f32>(controls) + pushBias, pop = load<f32>(controls, 4) + popBias;
    for (let at = 0; at < last; at += VECTOR) {
      v128.store(v + at, tanh4(f32x4.add(v128.load(sums + at), v128.load(bias + at))));
    }
    v128.store(v + last, v128.and(tanh4(f32x4.add(v128.load(sums + last), v128.load(bias + last))), tail));
    store<f32>(controls, push);
    store<f32>(controls, pop, 4);
    const noisy = f32x4.replace_lane(f32x4.splat(push + load<f32>(pushNoise + at4)), 1, pop + load<f32>(popNoise + at4));
    const gates = noOp ? actions(noisy, controls + 8, load<f32>(bias + column, 8)) : sigmoid4(noisy);
    store<f32>(pushes + at4, f32x4.extract_lane(gates, 0));
    store<f32>(pops + at4, f32x4.extract_lane(gates, 1));
  }
}

/** (d, u, 1 − d − u) = softmax(a_d + noise, a_u + noise, a_n), in the first three lanes; a_n at `sum`, less its bias, becomes the third. */
// @ts-ignore: decorator
@inline
function actions(noisy: v128, sum: usize, bias: f32): v128 {
  const a = f32x4.replace_lane(noisy, 2, load<f32>(sum) + bias); // the fourth is the first once more
  const most = max(max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)), f32x4.extract_lane(a, 2));
  const z = f32x4.sub(a, f32x4.splat(most));
  const e = v128.andnot(exp4(z), f32x4.lt(z, f32x4.splat(-87))); // beyond exp4's range: 0
  const all = f32x4.extract_lane(e, 0) + f32x4.extract_lane(e, 1) + f32x4.extract_lane(e, 2);
  const p = f32x4.div(e, f32x4.splat(all));
  store<f32>(sum, f32x4.extract_lane(p, 2));
  return p;
}

/** Reverses {@link headsForward}, and adds the anchor's and the hinge's part of the loss to what is reversed. */
export function headsBackward(plan: Plan, row: i32, workers: i32, count: i32): void {
  for (let port = 0; port < plan.ports; port++) portBackward(plan, port, row, workers, count);
}

// @ts-ignore: decorator
@inline
function portBackward(plan: Plan, port: i32, row: i32, workers: i32, count: i32): void {
  const width = plan.headWidth * 4, bytes = plan.valueWidth * 4, column = plan.pushColumn * 4, one = f32x4.splat(1);
  const anchors = plan.anchors + port * 4 * ANCHOR, kinds = plan.stepKind;
  const gStrength = plan.gStrength, gPops = plan.gPop, pushes = plan.pushes, pops = plan.pops;
  const anchorLoss = plan.anchorLoss, part = plan.portHeadWidth * 4, next = workers * plan.ports;
  const noOp = plan.memory == Memory.superposition;
  let sums = plan.heads + row * width + port * part, at4 = (row * plan.ports + port) * 4;
  let v = plan.values + (row * plan.ports + port) * bytes, gV = plan.gValues + (row * plan.ports + port) * bytes;
  for (let i = 0; i < count; i++, sums += workers * width, at4 += next * 4, v += next * bytes, gV += next * bytes) {
    const controls = sums + column, kind = load<i32>(kinds + row * 4);
    const anchor = anchors + kind * ANCHOR, weight = load<f32>(anchor, 8);
    const pushSum = load<f32>(controls), popSum = load<f32>(controls, 4);
    const push = pushSum - load<f32>(anchor), pop = popSum - load<f32>(anchor, 4);
    row += workers;
    store<f32>(anchorLoss + at4, weight * (push * push + pop * pop));
    const d = load<f32>(pushes + at4), u = load<f32>(pops + at4);
    const gD = load<f32>(gStrength + at4), gU = load<f32>(gPops + at4);
    const mean = noOp ? d * gD + u * gU : 0, gNoOp = noOp ? -load<f32>(controls, 8) * mean : 0;
    const gPush = noOp ? d * (gD - mean) : sigmoidBackward(d, gD), gPop = noOp ? u * (gU - mean) : sigmoidBackward(u, gU);
    clearRow(sums, part);
    for (let at = 0; at < bytes; at += VECTOR) {
      const v_m = v128.load(v + at);
      v128.store(sums + at, f32x4.mul(v128.load(gV + at), fnma(v_m, v_m, one)));
    }
    store<f32>(controls, gPush + 2 * weight * push);
    store<f32>(controls, gPop + 2 * weight * pop, 4);
    if (noOp) store<f32>(controls, gNoOp, 8);
    if (plan.hingeWeight != 0) hinge(plan, controls, at4, kind, pushSum, popSum);
  }
}

/** Adds w max(0, a − b)² of the pop's sum while reading, of the push's at the others, and its gradient. */
function hinge(plan: Plan, controls: usize, at4: i32, kind: i32, pushSum: f32, popSum: f32): void {
  const weight = plan.hingeWeight, reads = kind == 1 || kind == 2, sum = controls + (reads ? 4 : 0);
  const over = max<f32>(0, (reads ? popSum : pushSum) - plan.hingeBound);
  store<f32>(plan.hingeLoss + at4, weight * over * over);
  store<f32>(sum, load<f32>(sum) + 2 * weight * over);
}

// @ts-ignore: decorator
@inline
function sigmoidBackward(s: f32, g: f32): f32 {
  return g * s * (1 - s);
}
