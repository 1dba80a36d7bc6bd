/**
 * The last four inputs of G += Yᵀ X, where there is not a whole number of eights; see outer.ts.
 *
 * Method: a tile of 8 × 4 weights stays in registers while the rows run by, 4 × 4 where four outputs are left.
 *
 * Layout and error are those of outer.ts.
 */
import { fma, lane0, lane1, lane2, lane3 } from "./lanes";

/** Adds Yᵀ X to four columns of G. */
export function outerHalf(
  Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32, rows: i32, outputs: i32,
): void {
  let n = 0;
  for (; n + 8 <= outputs; n += 8) tile8x4(Y + n * 4, betweenY, X, betweenX, G + n * betweenG, betweenG, rows);
  if (n < outputs) tile4x4(Y + n * 4, betweenY, X, betweenX, G + n * betweenG, betweenG, rows);
}

function tile8x4(Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32, rows: i32): void {
  const G4 = G + 4 * betweenG;
  let g0 = v128.load(G), g1 = v128.load(G + betweenG);
  let g2 = v128.load(G + 2 * betweenG), g3 = v128.load(G + 3 * betweenG);
  let g4 = v128.load(G4), g5 = v128.load(G4 + betweenG);
  let g6 = v128.load(G4 + 2 * betweenG), g7 = v128.load(G4 + 3 * betweenG);
  for (let row = 0; row < rows; row++) {
    const x = v128.load(X), y0 = v128.load(Y), y1 = v128.load(Y, 16);
    X += betweenX;
    Y += betweenY;
    g0 = fma(lane0(y0), x, g0);
    g1 = fma(lane1(y0), x, g1);
    g2 = fma(lane2(y0), x, g2);
    g3 = fma(lane3(y0), x, g3);
    g4 = fma(lane0(y1), x, g4);
    g5 = fma(lane1(y1), x, g5);
    g6 = fma(lane2(y1), x, g6);
    g7 = fma(lane3(y1), x, g7);
  }
  v128.store(G, g0);
  v128.store(G + betweenG, g1);
  v128.store(G + 2 * betweenG, g2);
  v128.store(G + 3 * betweenG, g3);
  v128.store(G4, g4);
  v128.store(G4 + betweenG, g5);
  v128.store(G4 + 2 * betweenG, g6);
  v128.store(G4 + 3 * betweenG, g7);
}

function tile4x4(Y: usize, betweenY: i32, X: usize, betweenX: i32, G: usize, betweenG: i32, rows: i32): void {
  let g0 = v128.load(G), g1 = v128.load(G + betweenG);
  let g2 = v128.load(G + 2 * betweenG), g3 = v128.load(G + 3 * betweenG);
  for (let row = 0; row < rows; row++) {
    const x = v128.load(X), y = v128.load(Y);
    X += betweenX;
    Y += betweenY;
    g0 = fma(lane0(y), x, g0);
    g1 = fma(lane1(y), x, g1);
    g2 = fma(lane2(y), x, g2);
    g3 = fma(lane3(y), x, g3);
  }
  v128.store(G, g0);
  v128.store(G + betweenG, g1);
  v128.store(G + 2 * betweenG, g2);
  v128.store(G + 3 * betweenG, g3);
}
