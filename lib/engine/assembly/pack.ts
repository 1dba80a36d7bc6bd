/**
 * Packs weights as multiply.ts needs them, once for every update.
 *
 * Method: forwards four rows of four numbers are transposed at a time; backwards eight numbers are copied.
 *
 * Layout: W is `outputs` × `inputs`, by rows, `between` bytes apart. Forwards (y = W x) the product's columns are W's
 * rows; backwards (∂L/∂x = Wᵀ ∂L/∂y) they are W's columns. Either way a panel is 8 columns of the product, stored
 * inner dimension by inner dimension.
 *
 * Error: none, numbers are only moved.
 */
import { PANEL } from "./multiply";

/** Packs panels `from` … `to` − 1 of the product with Wᵀ: panel p holds W's rows 8p … 8p + 7, transposed. */
export function packForward(W: usize, between: i32, inputs: i32, packed: usize, from: i32, to: i32): void {
  for (let panel = from; panel < to; panel++) {
    const rows = W + panel * PANEL * between, into = packed + panel * inputs * 32;
    for (let k = 0; k < inputs; k += 4) {
      transpose4x4(rows + k * 4, between, into + k * 32, 32);
      transpose4x4(rows + 4 * between + k * 4, between, into + k * 32 + 16, 32);
    }
  }
}

/** Packs panels `from` … `to` − 1 of the product with W: panel p holds W's columns 8p … 8p + 7. */
export function packBackward(W: usize, between: i32, outputs: i32, packed: usize, from: i32, to: i32): void {
  for (let panel = from; panel < to; panel++) {
    let row = W + panel * 32, into = packed + panel * outputs * 32;
    for (let n = 0; n < outputs; n++) {
      v128.store(into, v128.load(row));
      v128.store(into, v128.load(row, 16), 16);
      row += between;
      into += 32;
    }
  }
}

/**
 * Packs a worker's share of W both ways: `outputs` rows that are `between` bytes apart, `inputs` of their columns forwards, a
 * multiple of 4, and `width` backwards, a multiple of 8 as is `outputs`.
 */
export function packBoth(
  W: usize, between: i32, outputs: i32, inputs: i32, width: i32, forwards: usize, backwards: usize,
  worker: i32, workers: i32,
): void {
  const rows = outputs / PANEL, columns = width / PANEL;
  packForward(W, between, inputs, forwards, rows * worker / workers, rows * (worker + 1) / workers);
  packBackward(W, between, outputs, backwards, columns * worker / workers, columns * (worker + 1) / workers);
}

/** Writes the columns of four rows of four numbers as rows, `apart` bytes apart. */
function transpose4x4(from: usize, between: i32, to: usize, apart: i32): void {
  const a = v128.load(from), b = v128.load(from + between);
  const c = v128.load(from + 2 * between), d = v128.load(from + 3 * between);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + apart, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * apart, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
  v128.store(to + 3 * apart, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
}
