/**
 * C = A · W or C += A · W for only four inputs; see multiply.ts.
 *
 * Method: the 4 × 8 weights of a panel stay in registers while the rows run by.
 *
 * Layout and error are those of multiply.ts.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

/** One panel of C, all rows of it. */
export function multiplyFourInputs(
  A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, rows: i32, keep: i32,
): void {
  const w00 = v128.load(W), w01 = v128.load(W, 16), w10 = v128.load(W, 32), w11 = v128.load(W, 48);
  const w20 = v128.load(W, 64), w21 = v128.load(W, 80), w30 = v128.load(W, 96), w31 = v128.load(W, 112);
  for (let row = 0; row < rows; row++) {
    let c0 = f32x4.splat(0), c1 = c0;
    if (keep) {
      c0 = v128.load(C);
      c1 = v128.load(C, 16);
    }
    const a = v128.load(A);
    let x = lane0(a);
    c0 = fma(x, w00, c0);
    c1 = fma(x, w01, c1);
    x = lane1(a);
    c0 = fma(x, w10, c0);
    c1 = fma(x, w11, c1);
    x = lane2(a);
    c0 = fma(x, w20, c0);
    c1 = fma(x, w21, c1);
    x = lane3(a);
    v128.store(C, fma(x, w30, c0));
    v128.store(C, fma(x, w31, c1), 16);
    A += betweenA;
    C += betweenC;
  }
}
