/**
 * The linear layer on slices of typed arrays, y += W x, beside its gradient.
 *
 * A slice is an array and the index at which it starts, so that a step of a sequence is named without
 * making anything. `W` is stored by rows, one for each output: W[j, i] lies at j · `inputs` + i.
 *
 * @module
 */

/**
 * Adds W x to y.
 *
 * y_j += Σ_i W_ji x_i
 *
 * @example A row of weights for each output.
 * ```ts
 * import { addLinear } from "@/network/linear.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const W = new Float64Array([1, 2, 3, 4]);
 * const x = new Float64Array([10, 1]);
 * const y = new Float64Array([0, 0, 0.5]);
 * addLinear(y, 1, W, x, 0, 2, 2);
 * assertEquals([...y], [0, 12, 34.5]);
 * ```
 * @param y Where the sums go, `outputs` of them from `yAt`.
 * @param yAt Where y starts.
 * @param W `outputs` × `inputs`.
 * @param x `inputs` numbers from `xAt`.
 * @param xAt Where x starts.
 * @param inputs How many numbers x has.
 * @param outputs How many numbers y has.
 */
export function addLinear(
  y: Float64Array,
  yAt: number,
  W: Float64Array,
  x: Float64Array,
  xAt: number,
  inputs: number,
  outputs: number,
): void {
  for (let j = 0, w = 0; j < outputs; j++) {
    let sum = y[yAt + j];
    for (let i = 0; i < inputs; i++) sum += W[w++] * x[xAt + i];
    y[yAt + j] = sum;
  }
}

/**
 * Adds the gradient by the weights of {@linkcode addLinear}.
 *
 * ∂L/∂W_ji += ∂L/∂y_j x_i
 *
 * @example One output, two inputs.
 * ```ts
 * import { addWeightGradient } from "@/network/linear.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gW = new Float64Array([1, 1]);
 * addWeightGradient(gW, new Float64Array([3]), 0, new Float64Array([10, 100]), 0, 2, 1);
 * assertEquals([...gW], [31, 301]);
 * ```
 * @param gW ∂L/∂W, `outputs` × `inputs`, added to.
 * @param gY ∂L/∂y, `outputs` numbers from `gYAt`.
 * @param gYAt Where ∂L/∂y starts.
 * @param x What went in, `inputs` numbers from `xAt`.
 * @param xAt Where x starts.
 * @param inputs How many numbers x has.
 * @param outputs How many numbers y has.
 */
export function addWeightGradient(
  gW: Float64Array,
  gY: Float64Array,
  gYAt: number,
  x: Float64Array,
  xAt: number,
  inputs: number,
  outputs: number,
): void {
  for (let j = 0, w = 0; j < outputs; j++) {
    const gY_j = gY[gYAt + j];
    for (let i = 0; i < inputs; i++) gW[w++] += gY_j * x[xAt + i];
  }
}

/**
 * Adds both gradients of {@linkcode addLinear}, in one pass over W.
 *
 * ∂L/∂W_ji += ∂L/∂y_j x_i, ∂L/∂x_i += Σ_j W_ji ∂L/∂y_j
 *
 * @example One output, two inputs.
 * ```ts
 * import { addLinearBackward } from "@/network/linear.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [W, x] = [new Float64Array([2, 5]), new Float64Array([10, 100])];
 * const [gW, gX] = [new Float64Array([1, 1]), new Float64Array([1, 1])];
 * addLinearBackward(gW, gX, 0, W, new Float64Array([3]), 0, x, 0, 2, 1);
 * assertEquals([[...gW], [...gX]], [[31, 301], [7, 16]]);
 * ```
 * @param gW ∂L/∂W, `outputs` × `inputs`, added to.
 * @param gX ∂L/∂x, `inputs` numbers from `gXAt`, added to.
 * @param gXAt Where ∂L/∂x starts.
 * @param W `outputs` × `inputs`.
 * @param gY ∂L/∂y, `outputs` numbers from `gYAt`.
 * @param gYAt Where ∂L/∂y starts.
 * @param x What went in, `inputs` numbers from `xAt`.
 * @param xAt Where x starts.
 * @param inputs How many numbers x has.
 * @param outputs How many numbers y has.
 */
export function addLinearBackward(
  gW: Float64Array,
  gX: Float64Array,
  gXAt: number,
  W: Float64Array,
  gY: Float64Array,
  gYAt: number,
  x: Float64Array,
  xAt: number,
  inputs: number,
  outputs: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const x_i = x[xAt + i];
    let gX_i = gX[gXAt + i];
    for (let j = 0, w = i; j < outputs; j++, w += inputs) {
      const gY_j = gY[gYAt + j];
      gW[w] += gY_j * x_i;
      gX_i += W[w] * gY_j;
    }
    gX[gXAt + i] = gX_i;
  }
}

/**
 * Copies a bias to where a layer's sums start.
 *
 * @param y Where the sums go.
 * @param yAt Where they start.
 * @param b The bias, one number for each output.
 */
export function setBias(y: Float64Array, yAt: number, b: Float64Array): void {
  for (let j = 0; j < b.length; j++) y[yAt + j] = b[j];
}

/**
 * Adds the gradient by the bias of {@linkcode setBias}.
 *
 * @param gB ∂L/∂b, added to.
 * @param gY ∂L/∂y, as many numbers from `gYAt`.
 * @param gYAt Where ∂L/∂y starts.
 */
export function addBiasGradient(gB: Float64Array, gY: Float64Array, gYAt: number): void {
  for (let j = 0; j < gB.length; j++) gB[j] += gY[gYAt + j];
}
