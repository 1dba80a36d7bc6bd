/**
 * Two rows of C = A · W or C += A · W: the rows that are left over from tiles of four; see multiply.ts.
 *
 * Method: two panels at once, so that eight sums are always in flight. Names are rows × columns; the order of each
 * element's sum is that of the 4 × 8 tile.
 *
 * Layout and error are those of multiply.ts.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

export function tile2x16(
  A: usize, betweenA: i32, W: usize, panelBytes: i32, C: usize, betweenC: i32, depth: i32, keep: i32,
): void {
  let A0 = A, A1 = A0 + betweenA;
  const C1 = C + betweenC;
  let W1 = W + panelBytes;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  if (keep) {
    c00 = v128.load(C);
    c01 = v128.load(C, 16);
    c02 = v128.load(C, 32);
    c03 = v128.load(C, 48);
    c10 = v128.load(C1);
    c11 = v128.load(C1, 16);
    c12 = v128.load(C1, 32);
    c13 = v128.load(C1, 48);
  }
  for (let k = 0; k < depth; k += 4) {
    const a0 = v128.load(A0), a1 = v128.load(A1);
    A0 += 16;
    A1 += 16;
    // inputs k
    let x0 = lane0(a0), x1 = lane0(a1);
    let w = v128.load(W);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 16);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);
    w = v128.load(W1);
    c02 = fma(x0, w, c02);
    c12 = fma(x1, w, c12);
    w = v128.load(W1, 16);
    c03 = fma(x0, w, c03);
    c13 = fma(x1, w, c13);

    // inputs k + 1
    x0 = lane1(a0);
    x1 = lane1(a1);
    w = v128.load(W, 32);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 48);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);
    w = v128.load(W1, 32);
    c02 = fma(x0, w, c02);
    c12 = fma(x1, w, c12);
    w = v128.load(W1, 48);
    c03 = fma(x0, w, c03);
    c13 = fma(x1, w, c13);

    // inputs k + 2
    x0 = lane2(a0);
    x1 = lane2(a1);
    w = v128.load(W, 64);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 80);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);
    w = v128.load(W1, 64);
    c02 = fma(x0, w, c02);
    c12 = fma(x1, w, c12);
    w = v128.load(W1, 80);
    c03 = fma(x0, w, c03);
    c13 = fma(x1, w, c13);

    // inputs k + 3
    x0 = lane3(a0);
    x1 = lane3(a1);
    w = v128.load(W, 96);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 112);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);
    w = v128.load(W1, 96);
    c02 = fma(x0, w, c02);
    c12 = fma(x1, w, c12);
    w = v128.load(W1, 112);
    c03 = fma(x0, w, c03);
    c13 = fma(x1, w, c13);
    W += 128;
    W1 += 128;
  }
  v128.store(C, c00);
  v128.store(C, c01, 16);
  v128.store(C, c02, 32);
  v128.store(C, c03, 48);
  v128.store(C1, c10);
  v128.store(C1, c11, 16);
  v128.store(C1, c12, 32);
  v128.store(C1, c13, 48);
}

export function tile2x8(
  A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, depth: i32, keep: i32,
): void {
  let A0 = A, A1 = A0 + betweenA;
  const C1 = C + betweenC;
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  if (keep) {
    c00 = v128.load(C);
    c01 = v128.load(C, 16);
    c10 = v128.load(C1);
    c11 = v128.load(C1, 16);
  }
  for (let k = 0; k < depth; k += 4) {
    const a0 = v128.load(A0), a1 = v128.load(A1);
    A0 += 16;
    A1 += 16;
    // inputs k
    let x0 = lane0(a0), x1 = lane0(a1);
    let w = v128.load(W);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 16);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);

    // inputs k + 1
    x0 = lane1(a0);
    x1 = lane1(a1);
    w = v128.load(W, 32);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 48);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);

    // inputs k + 2
    x0 = lane2(a0);
    x1 = lane2(a1);
    w = v128.load(W, 64);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 80);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);

    // inputs k + 3
    x0 = lane3(a0);
    x1 = lane3(a1);
    w = v128.load(W, 96);
    c00 = fma(x0, w, c00);
    c10 = fma(x1, w, c10);
    w = v128.load(W, 112);
    c01 = fma(x0, w, c01);
    c11 = fma(x1, w, c11);
    W += 128;
  }
  v128.store(C, c00);
  v128.store(C, c01, 16);
  v128.store(C1, c10);
  v128.store(C1, c11, 16);
}
