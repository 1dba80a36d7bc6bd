/**
 * The last four columns of C = A · W or C += A · W, where the width is not a whole number of panels; see multiply.ts.
 *
 * Method: eight inputs at a time, whose 8 × 4 weights stay in registers while the rows run by, and then four if as many
 * are left. A row's sum waits for itself only: the next row's is already under way.
 *
 * Layout: W is packed as half a panel, `depth` × 4. Error: that of multiply.ts, in the same order.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

/** Four columns of C, all rows of it. */
export function multiplyHalfPanel(
  A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, rows: i32, depth: i32, keep: i32,
): void {
  let k = 0;
  for (; k + 8 <= depth; k += 8) {
    eightInputs(A + k * 4, betweenA, W + k * 16, C, betweenC, rows, keep);
    keep = 1;
  }
  if (k < depth) fourInputs(A + k * 4, betweenA, W + k * 16, C, betweenC, rows, keep);
}

function eightInputs(A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, rows: i32, keep: i32): void {
  const w0 = v128.load(W), w1 = v128.load(W, 16), w2 = v128.load(W, 32), w3 = v128.load(W, 48);
  const w4 = v128.load(W, 64), w5 = v128.load(W, 80), w6 = v128.load(W, 96), w7 = v128.load(W, 112);
  for (let row = 0; row < rows; row++) {
    let a = v128.load(A), c = f32x4.splat(0);
    if (keep) c = v128.load(C);
    c = fma(lane0(a), w0, c);
    c = fma(lane1(a), w1, c);
    c = fma(lane2(a), w2, c);
    c = fma(lane3(a), w3, c);
    a = v128.load(A, 16);
    c = fma(lane0(a), w4, c);
    c = fma(lane1(a), w5, c);
    c = fma(lane2(a), w6, c);
    c = fma(lane3(a), w7, c);
    v128.store(C, c);
    A += betweenA;
    C += betweenC;
  }
}

function fourInputs(A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, rows: i32, keep: i32): void {
  const w0 = v128.load(W), w1 = v128.load(W, 16), w2 = v128.load(W, 32), w3 = v128.load(W, 48);
  for (let row = 0; row < rows; row++) {
    const a = v128.load(A);
    let c = f32x4.splat(0);
    if (keep) c = v128.load(C);
    c = fma(lane0(a), w0, c);
    c = fma(lane1(a), w1, c);
    c = fma(lane2(a), w2, c);
    v128.store(C, fma(lane3(a), w3, c));
    A += betweenA;
    C += betweenC;
  }
}
