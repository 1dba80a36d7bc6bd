/**
 * The way back from the heads of a narrow stack through the vanilla cell below them, in one pass.
 *
 * Method: ∂L/∂h is what came from the step after, what the losses found, and Wᵀ ∂L/∂heads. The weights of the four heads by
 * eight units stay in registers while the rows run by, and ∂L/∂h never leaves them.
 *
 * Layout: as in rnn.ts and narrow_heads.ts.
 *
 * Error: that of multiply.ts and rnn.ts, with the same bits.
 */
import { fma, fnma, lane0, lane1, lane2, lane3, VECTOR } from "./lanes";
import { Layer, Plan, rowStart } from "./plan";

const ONE = memory.data<f32>([1, 1, 1, 1], 16);

/** Reverses step t of the top layer for slots `slot`, slot + workers, …; ∂L/∂state of slot 0 lies at `gStates`. */
export function narrowCellBackward(
  plan: Plan, top: Layer, t: i32, slot: i32, workers: i32, count: i32, gStates: usize,
): void {
  const state = top.stateWidth * 4, gates = plan.gateWidth * 4;
  const from = rowStart(plan, t - 1) + slot, to = rowStart(plan, t) + slot;
  for (let unit = 0; unit < plan.hidden; unit += 8) {
    const column = (top.inputWidth + unit) * 4;
    eightUnits(
      plan, unit, to, workers, count,
      top.states + to * state + column, gStates + slot * state + column, workers * state,
      top.gates + from * gates + unit * 4, workers * gates,
    );
  }
}

/** From `unit` on: h and ∂L/∂h come in at `h` and `gH`, rows `between` bytes apart, and ∂L/∂a goes to `gSums`. */
function eightUnits(
  plan: Plan, unit: i32, row: i32, workers: i32, count: i32, h: usize, gH: usize, between: i32, gSums: usize, betweenSums: i32,
): void {
  const W = plan.packedHeadBackward + unit * VECTOR; // a panel, four heads × eight units
  const w00 = v128.load(W), w01 = v128.load(W, 16), w10 = v128.load(W, 32), w11 = v128.load(W, 48);
  const w20 = v128.load(W, 64), w21 = v128.load(W, 80), w30 = v128.load(W, 96), w31 = v128.load(W, 112);
  const gLosses = plan.gLossStates + unit * 4, betweenLosses = plan.hidden * 4;
  let gHeads = plan.heads + row * VECTOR, lossOfRow = plan.lossOfRow + row * 4;
  for (let i = 0; i < count; i++) {
    let g0 = v128.load(gH), g1 = v128.load(gH, 16);
    const n = load<i32>(lossOfRow);
    if (n >= 0) {
      const gLoss = gLosses + n * betweenLosses;
      g0 = f32x4.add(g0, v128.load(gLoss));
      g1 = f32x4.add(g1, v128.load(gLoss, 16));
    }
    const heads = v128.load(gHeads);
    let g = lane0(heads);
    g0 = fma(g, w00, g0);
    g1 = fma(g, w01, g1);
    g = lane1(heads);
    g0 = fma(g, w10, g0);
    g1 = fma(g, w11, g1);
    g = lane2(heads);
    g0 = fma(g, w20, g0);
    g1 = fma(g, w21, g1);
    g = lane3(heads);
    g0 = fma(g, w30, g0);
    g1 = fma(g, w31, g1);
    // ∂L/∂a = (1 − h²) ∂L/∂h
    const h0 = v128.load(h), h1 = v128.load(h, 16);
    v128.store(gSums, f32x4.mul(g0, fnma(h0, h0, v128.load(ONE))));
    v128.store(gSums, f32x4.mul(g1, fnma(h1, h1, v128.load(ONE))), 16);
    gHeads += workers * VECTOR;
    lossOfRow += workers * 4;
    h += between;
    gH += between;
    gSums += betweenSums;
  }
}
