/**
 * C = A · W, or C += A · W: the product in every layer.
 *
 * Method: a tile of C stays in registers while the inner dimension runs by, one vector of four inputs of each row
 * at a time, of which each lane in turn is spread over a vector and multiplied with eight packed weights. Tiles are
 * 4 rows × 8 columns: 8 sums, 4 inputs, 2 weights and 1 spread lane fill the 15 registers. The rows that are left over
 * go by tiles of 2 × 16 and 1 × 32, so that 8 sums are always in flight and hide an addition's latency.
 * The order of the statements matters: the module is built without reordering.
 * Large weights are taken by turns from the first panel to the last and from the last to the first: a step then begins
 * with the panels with which the step before ended, which are still in the cache.
 *
 * Layout: A is rows × `depth`, C is rows × `width`, both by rows with any distance between rows (in bytes), so that a
 * worker's share of a batch is a product too. W is packed (see pack.ts): panels of 8 columns, each panel `depth` × 8.
 * `depth` is a multiple of 4 and `width` one of 8.
 *
 * Error: each element is one chain of `depth` multiply-adds in the order of the inner dimension, whatever the tile,
 * so |error| ≤ depth · 2⁻²⁴ · Σ|a||w| (to first order), and the same bits however the rows are shared out.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";
import { tile1x32, tile1x8 } from "./one_row_tiles";
import { tile2x16, tile2x8 } from "./two_row_tiles";

/** Columns of a panel. */
export const PANEL: i32 = 8;
/** Bytes of one row of a panel. */
const ROW: i32 = 32;
/** Weights of more bytes than this may not all stay in the second-level cache until the next step. */
const LARGE: i32 = 1 << 20;

/** Whether the last product with large weights took their last panels first. */
let lastFirst = false;

/** C = A · W, added to what C holds if `keep` is 1; distances between rows are in bytes. */
export function multiply(
  A: usize, betweenA: i32, W: usize, C: usize, betweenC: i32, rows: i32, depth: i32, width: i32,
  keep: i32,
): void {
  const panelBytes = depth * ROW, panels = width >> 3, large = panels * panelBytes > LARGE;
  if (large) lastFirst = !lastFirst;
  for (let n = 0; n < panels; n += 4) { // four panels at a time stay in the cache for all rows
    const first = large && lastFirst ? (panels - 1 - n) & ~3 : n;
    const count = min(4, panels - first), group = W + first * panelBytes, C0 = C + first * ROW;
    multiplyPanels(A, betweenA, group, panelBytes, count, C0, betweenC, rows, depth, keep);
  }
}

/** Up to four panels. */
function multiplyPanels(
  A: usize, betweenA: i32, W: usize, panelBytes: i32, count: i32, C: usize, betweenC: i32, rows: i32, depth: i32, keep: i32,
): void {
  const fours = rows & ~3, left = rows & 3;
  if (fours > 0) {
    for (let p = 0; p < count; p++) {
      tiles4x8(A, betweenA, W + p * panelBytes, C + p * ROW, betweenC, fours, depth, keep);
    }
  }
  let A1 = A + fours * betweenA, C1 = C + fours * betweenC;
  if (left >= 2) {
    let p = 0;
    for (; p + 1 < count; p += 2) {
      tile2x16(A1, betweenA, W + p * panelBytes, panelBytes, C1 + p * ROW, betweenC, depth, keep);
    }
    if (p < count) tile2x8(A1, betweenA, W + p * panelBytes, C1 + p * ROW, betweenC, depth, keep);
    A1 += 2 * betweenA;
    C1 += 2 * betweenC;
  }
  if ((left & 1) != 0) {
    if (count == 4) tile1x32(A1, W, panelBytes, C1, depth, keep);
    else for (let p = 0; p < count; p++) tile1x8(A1, W + p * panelBytes, C1 + p * ROW, depth, keep);
  }
}

/** One panel, a number of rows that four divides. */
function tiles4x8(
  A: usize, betweenA: i32, panel: usize, C: usize, betweenC: i32, rows: i32, depth: i32, keep: i32,
): void {
  for (let row = 0; row < rows; row += 4) {
    let W = panel, A0 = A, A1 = A0 + betweenA, A2 = A1 + betweenA, A3 = A2 + betweenA;
    const C0 = C, C1 = C0 + betweenC, C2 = C1 + betweenC, C3 = C2 + betweenC;
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    if (keep) {
      c00 = v128.load(C0);
      c01 = v128.load(C0, 16);
      c10 = v128.load(C1);
      c11 = v128.load(C1, 16);
      c20 = v128.load(C2);
      c21 = v128.load(C2, 16);
      c30 = v128.load(C3);
      c31 = v128.load(C3, 16);
    }
    for (let k = 0; k < depth; k += 4) {
      const a0 = v128.load(A0), a1 = v128.load(A1), a2 = v128.load(A2), a3 = v128.load(A3);
      A0 += 16;
      A1 += 16;
      A2 += 16;
      A3 += 16;
      // inputs k: lane 0 of each row, weights k × 8
      let w0 = v128.load(W), w1 = v128.load(W, 16), a = lane0(a0);
      c00 = fma(a, w0, c00);
      c01 = fma(a, w1, c01);
      a = lane0(a1);
      c10 = fma(a, w0, c10);
      c11 = fma(a, w1, c11);
      a = lane0(a2);
      c20 = fma(a, w0, c20);
      c21 = fma(a, w1, c21);
      a = lane0(a3);
      c30 = fma(a, w0, c30);
      c31 = fma(a, w1, c31);

      // inputs k + 1
      w0 = v128.load(W, 32);
      w1 = v128.load(W, 48);
      a = lane1(a0);
      c00 = fma(a, w0, c00);
      c01 = fma(a, w1, c01);
      a = lane1(a1);
      c10 = fma(a, w0, c10);
      c11 = fma(a, w1, c11);
      a = lane1(a2);
      c20 = fma(a, w0, c20);
      c21 = fma(a, w1, c21);
      a = lane1(a3);
      c30 = fma(a, w0, c30);
      c31 = fma(a, w1, c31);

      // inputs k + 2
      w0 = v128.load(W, 64);
      w1 = v128.load(W, 80);
      a = lane2(a0);
      c00 = fma(a, w0, c00);
      c01 = fma(a, w1, c01);
      a = lane2(a1);
      c10 = fma(a, w0, c10);
      c11 = fma(a, w1, c11);
      a = lane2(a2);
      c20 = fma(a, w0, c20);
      c21 = fma(a, w1, c21);
      a = lane2(a3);
      c30 = fma(a, w0, c30);
      c31 = fma(a, w1, c31);

      // inputs k + 3
      w0 = v128.load(W, 96);
      w1 = v128.load(W, 112);
      a = lane3(a0);
      c00 = fma(a, w0, c00);
      c01 = fma(a, w1, c01);
      a = lane3(a1);
      c10 = fma(a, w0, c10);
      c11 = fma(a, w1, c11);
      a = lane3(a2);
      c20 = fma(a, w0, c20);
      c21 = fma(a, w1, c21);
      a = lane3(a3);
      c30 = fma(a, w0, c30);
      c31 = fma(a, w1, c31);
      W += 128;
    }
    v128.store(C0, c00);
    v128.store(C0, c01, 16);
    v128.store(C1, c10);
    v128.store(C1, c11, 16);
    v128.store(C2, c20);
    v128.store(C2, c21, 16);
    v128.store(C3, c30);
    v128.store(C3, c31, 16);
    A += 4 * betweenA;
    C += 4 * betweenC;
  }
}
