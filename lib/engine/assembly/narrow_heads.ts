/**
 * Push, pop and a value of one or two numbers, all in one vector: [v_1 v_2 | d | u].
 *
 * Method: tanh and σ are both fractions of an exp, so that one exp serves all four lanes; see squash.ts.
 *
 * Layout: a row of heads is one vector of sums, less their bias when it comes in. The sums with it take its place (the
 * anchor needs them), the activations go to pushes and pops, and all of them to the row of values. In inference that is the
 * value alone, in the place that stack.ts says. Backwards the gradients by the sums take the sums' place.
 *
 * Error: that of heads.ts, with the same bits.
 */
import { valueRow } from "./heads";
import { fnma, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { tanh2sigmoid2 } from "./squash";

const ONE = memory.data<f32>([1, 1, 1, 1], 16);
/** Lanes 0 and 1. */
const VALUE = memory.data<i32>([-1, -1, 0, 0], 16);

/** v = tanh(a_v), d = σ(a_d + noise), u = σ(a_u + noise), for rows `row`, row + workers, …. */
export function narrowHeadsForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const bias = v128.load(plan.headBias), zero = f32x4.splat(0), every = workers * VECTOR, remember = plan.remember;
  const pushNoise = plan.pushNoise, popNoise = plan.popNoise, pushes = plan.pushes, pops = plan.pops;
  let sums = plan.heads + row * VECTOR, values = plan.values + row * VECTOR, row4 = row * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    const a = f32x4.add(v128.load(sums), bias);
    v128.store(sums, a);
    const noise = v128.load32_lane(popNoise + row4, v128.load32_lane(pushNoise + row4, zero, 2), 3);
    const y = tanh2sigmoid2(f32x4.add(a, noise));
    if (remember) v128.store(values, y);
    else v128.store(plan.values + valueRow(plan, row, slot) * VECTOR, v128.and(y, v128.load(VALUE)));
    v128.store32_lane(pushes + row4, y, 2);
    v128.store32_lane(pops + row4, y, 3);
    sums += every;
    values += every;
    row4 += workers * 4;
  }
}

/** ∂L/∂a, given the activations and ∂L/∂[v_1 v_2 | d | u]: times 1 − v², d (1 − d) and u (1 − u). */
// @ts-ignore: decorator
@inline
export function narrowHeadsBackward(y: v128, g: v128): v128 {
  const one = v128.load(ONE), valuesAndOnes = v128.shuffle<f32>(y, one, 0, 1, 4, 5);
  const onesAndControls = v128.shuffle<f32>(one, y, 0, 1, 6, 7);
  return f32x4.mul(f32x4.mul(g, onesAndControls), fnma(valuesAndOnes, y, one));
}
