/**
 * G += Yᵀ X, the product that gives every weight's gradient: many rows, of several steps of all strings, at once.
 *
 * Method: a tile of 4 × 8 weights stays in registers while the rows run by: four gradients of a row, each spread
 * over a vector and multiplied with eight inputs. Rows are taken 256 at a time, which fit the first-level cache; wide ones
 * are first copied into panels that lie close together, since columns of wide rows share a few cache sets.
 *
 * Layout: Y is rows × `outputs` and X rows × `inputs`, by rows; G is `outputs` × `inputs`, by rows. Distances between
 * rows are in bytes. `outputs` is a multiple of 4 and `inputs` one of 8.
 *
 * Scratch: one panel of X, 256 × 8, and `outputs` / 4 panels of Y, 256 × 4 and a line of the cache each.
 *
 * Error: each weight is one chain of multiply-adds in the order of the rows: |error| ≤ rows · 2⁻²⁴ · Σ|y||x|
 * (to first order); the same bits however the outputs are shared out among workers.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

/** Rows that are taken together. */
export const CHUNK: i32 = 256;
/** Rows of more bytes than this are copied into panels first. */
const WIDE: i32 = 512;
/** Bytes from one panel of Y to the next: a cache line more than its size, so that panels do not share cache sets. */
const PANEL_Y: i32 = CHUNK * 16 + 64;

/** Adds Yᵀ X to G. */
export function outer(
  Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32,
  rows: i32, outputs: i32, inputs: i32, scratch: usize,
): void {
  const inPlace = betweenY <= WIDE && betweenX <= WIDE;
  for (let row = 0; row < rows; row += CHUNK) {
    const count = min(CHUNK, rows - row), Y0 = Y + row * betweenY, X0 = X + row * betweenX;
    if (inPlace) outerInPlace(Y0, betweenY, X0, betweenX, G, betweenG, count, outputs, inputs);
    else outerCopied(Y0, betweenY, X0, betweenX, G, betweenG, count, outputs, inputs, scratch);
  }
}

function outerInPlace(
  Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32, rows: i32, outputs: i32, inputs: i32,
): void {
  for (let k = 0; k < inputs; k += 8) {
    for (let n = 0; n < outputs; n += 4) {
      tile(Y + n * 4, betweenY, X + k * 4, betweenX, G + n * betweenG + k * 4, betweenG, rows);
    }
  }
}

function outerCopied(
  Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32,
  rows: i32, outputs: i32, inputs: i32, scratch: usize,
): void {
  const panelX = scratch, panelsY = scratch + CHUNK * 32;
  for (let row = 0; row < rows; row++) { // panelsY: outputs/4 panels of rows × 4
    let from = Y + row * betweenY, to = panelsY + row * 16;
    for (let n = 0; n < outputs; n += 4) {
      v128.store(to, v128.load(from));
      from += 16;
      to += PANEL_Y;
    }
  }
  for (let k = 0; k < inputs; k += 8) {
    let from = X + k * 4, to = panelX;
    for (let row = 0; row < rows; row++) { // panelX: rows × 8
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += betweenX;
      to += 32;
    }
    for (let n = 0; n < outputs; n += 4) {
      tile(panelsY + (n >> 2) * PANEL_Y, 16, panelX, 32, G + n * betweenG + k * 4, betweenG, rows);
    }
  }
}

/** 4 outputs × 8 inputs; two rows at a time, so that they share the cost of the loop. */
function tile(Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32, rows: i32): void {
  const G0 = G, G1 = G0 + betweenG, G2 = G1 + betweenG, G3 = G2 + betweenG;
  let g00 = v128.load(G0), g01 = v128.load(G0, 16);
  let g10 = v128.load(G1), g11 = v128.load(G1, 16);
  let g20 = v128.load(G2), g21 = v128.load(G2, 16);
  let g30 = v128.load(G3), g31 = v128.load(G3, 16);
  let row = 0;
  for (; row + 2 <= rows; row += 2) {
    let y = v128.load(Y), x0 = v128.load(X), x1 = v128.load(X, 16), y_n = lane0(y);
    Y += betweenY;
    X += betweenX;
    g00 = fma(y_n, x0, g00);
    g01 = fma(y_n, x1, g01);
    y_n = lane1(y);
    g10 = fma(y_n, x0, g10);
    g11 = fma(y_n, x1, g11);
    y_n = lane2(y);
    g20 = fma(y_n, x0, g20);
    g21 = fma(y_n, x1, g21);
    y_n = lane3(y);
    g30 = fma(y_n, x0, g30);
    g31 = fma(y_n, x1, g31);

    // the second row
    y = v128.load(Y);
    x0 = v128.load(X);
    x1 = v128.load(X, 16);
    Y += betweenY;
    X += betweenX;
    y_n = lane0(y);
    g00 = fma(y_n, x0, g00);
    g01 = fma(y_n, x1, g01);
    y_n = lane1(y);
    g10 = fma(y_n, x0, g10);
    g11 = fma(y_n, x1, g11);
    y_n = lane2(y);
    g20 = fma(y_n, x0, g20);
    g21 = fma(y_n, x1, g21);
    y_n = lane3(y);
    g30 = fma(y_n, x0, g30);
    g31 = fma(y_n, x1, g31);
  }
  if (row < rows) {
    const y = v128.load(Y), x0 = v128.load(X), x1 = v128.load(X, 16);
    g00 = fma(lane0(y), x0, g00);
    g01 = fma(lane0(y), x1, g01);
    g10 = fma(lane1(y), x0, g10);
    g11 = fma(lane1(y), x1, g11);
    g20 = fma(lane2(y), x0, g20);
    g21 = fma(lane2(y), x1, g21);
    g30 = fma(lane3(y), x0, g30);
    g31 = fma(lane3(y), x1, g31);
  }
  v128.store(G0, g00);
  v128.store(G0, g01, 16);
  v128.store(G1, g10);
  v128.store(G1, g11, 16);
  v128.store(G2, g20);
  v128.store(G2, g21, 16);
  v128.store(G3, g30);
  v128.store(G3, g31, 16);
}
