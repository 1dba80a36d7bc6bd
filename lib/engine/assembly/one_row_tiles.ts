/**
 * One row of C = A · W or C += A · W: the row that is left over, or a batch of one; see multiply.ts.
 *
 * Method: four panels at once, so that eight sums are always in flight. Names are rows × columns; the order of each
 * element's sum is that of the 4 × 8 tile.
 *
 * Layout and error are those of multiply.ts.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

export function tile1x32(
  A: usize, W: usize, panelBytes: i32, C: usize, depth: i32, keep: i32,
): void {
  let A0 = A;
  let W1 = W + panelBytes;
  let W2 = W1 + panelBytes;
  let W3 = W2 + panelBytes;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00, c04 = c00, c05 = c00, c06 = c00, c07 = c00;
  if (keep) {
    c00 = v128.load(C);
    c01 = v128.load(C, 16);
    c02 = v128.load(C, 32);
    c03 = v128.load(C, 48);
    c04 = v128.load(C, 64);
    c05 = v128.load(C, 80);
    c06 = v128.load(C, 96);
    c07 = v128.load(C, 112);
  }
  for (let k = 0; k < depth; k += 4) {
    const a0 = v128.load(A0);
    A0 += 16;
    // inputs k
    let x0 = lane0(a0);
    let w = v128.load(W);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 16);
    c01 = fma(x0, w, c01);
    w = v128.load(W1);
    c02 = fma(x0, w, c02);
    w = v128.load(W1, 16);
    c03 = fma(x0, w, c03);
    w = v128.load(W2);
    c04 = fma(x0, w, c04);
    w = v128.load(W2, 16);
    c05 = fma(x0, w, c05);
    w = v128.load(W3);
    c06 = fma(x0, w, c06);
    w = v128.load(W3, 16);
    c07 = fma(x0, w, c07);

    // inputs k + 1
    x0 = lane1(a0);
    w = v128.load(W, 32);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 48);
    c01 = fma(x0, w, c01);
    w = v128.load(W1, 32);
    c02 = fma(x0, w, c02);
    w = v128.load(W1, 48);
    c03 = fma(x0, w, c03);
    w = v128.load(W2, 32);
    c04 = fma(x0, w, c04);
    w = v128.load(W2, 48);
    c05 = fma(x0, w, c05);
    w = v128.load(W3, 32);
    c06 = fma(x0, w, c06);
    w = v128.load(W3, 48);
    c07 = fma(x0, w, c07);

    // inputs k + 2
    x0 = lane2(a0);
    w = v128.load(W, 64);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 80);
    c01 = fma(x0, w, c01);
    w = v128.load(W1, 64);
    c02 = fma(x0, w, c02);
    w = v128.load(W1, 80);
    c03 = fma(x0, w, c03);
    w = v128.load(W2, 64);
    c04 = fma(x0, w, c04);
    w = v128.load(W2, 80);
    c05 = fma(x0, w, c05);
    w = v128.load(W3, 64);
    c06 = fma(x0, w, c06);
    w = v128.load(W3, 80);
    c07 = fma(x0, w, c07);

    // inputs k + 3
    x0 = lane3(a0);
    w = v128.load(W, 96);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 112);
    c01 = fma(x0, w, c01);
    w = v128.load(W1, 96);
    c02 = fma(x0, w, c02);
    w = v128.load(W1, 112);
    c03 = fma(x0, w, c03);
    w = v128.load(W2, 96);
    c04 = fma(x0, w, c04);
    w = v128.load(W2, 112);
    c05 = fma(x0, w, c05);
    w = v128.load(W3, 96);
    c06 = fma(x0, w, c06);
    w = v128.load(W3, 112);
    c07 = fma(x0, w, c07);
    W += 128;
    W1 += 128;
    W2 += 128;
    W3 += 128;
  }
  v128.store(C, c00);
  v128.store(C, c01, 16);
  v128.store(C, c02, 32);
  v128.store(C, c03, 48);
  v128.store(C, c04, 64);
  v128.store(C, c05, 80);
  v128.store(C, c06, 96);
  v128.store(C, c07, 112);
}

export function tile1x8(
  A: usize, W: usize, C: usize, depth: i32, keep: i32,
): void {
  let A0 = A;
  let c00 = f32x4.splat(0), c01 = c00;
  if (keep) {
    c00 = v128.load(C);
    c01 = v128.load(C, 16);
  }
  for (let k = 0; k < depth; k += 4) {
    const a0 = v128.load(A0);
    A0 += 16;
    // inputs k
    let x0 = lane0(a0);
    let w = v128.load(W);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 16);
    c01 = fma(x0, w, c01);

    // inputs k + 1
    x0 = lane1(a0);
    w = v128.load(W, 32);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 48);
    c01 = fma(x0, w, c01);

    // inputs k + 2
    x0 = lane2(a0);
    w = v128.load(W, 64);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 80);
    c01 = fma(x0, w, c01);

    // inputs k + 3
    x0 = lane3(a0);
    w = v128.load(W, 96);
    c00 = fma(x0, w, c00);
    w = v128.load(W, 112);
    c01 = fma(x0, w, c01);
    W += 128;
  }
  v128.store(C, c00);
  v128.store(C, c01, 16);
}
