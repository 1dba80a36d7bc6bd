/**
 * The layer W x + b as it is printed, with its gradient: the literal reference of the engine's products.
 *
 * Numbers that flow are vectors; weights are typed arrays, as a model keeps them, W by rows, one for each sum:
 * W_ji lies at j · `I` + i.
 *
 * `I` numbers in x, `J` sums.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";

/**
 * Multiplies a matrix with a vector.
 *
 * y_j = Σ_i W_ji x_i
 *
 * @example Two sums of two numbers.
 * ```ts
 * import { product } from "@/network/affine.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(product(new Float64Array([1, 2, 3, 4]), [10, 1]), [12, 34]);
 * ```
 * @param W `J` × `I`, by rows.
 * @param x `I` numbers, at least one.
 * @returns y, `J` numbers.
 * @throws {TypeError} If the weights are not whole rows of `I`.
 */
export function product(W: Float64Array, x: Vector): Vector {
  const I = x.length, J = W.length / I;
  if (!Number.isInteger(J)) {
    throw new TypeError(`Cannot multiply: wanted rows of ${I} weights, got ${W.length} weights`);
  }
  const y: Vector = new Array(J).fill(0);
  for (let j = 0; j < J; j++) {
    for (let i = 0; i < I; i++) y[j] += W[j * I + i] * x[i];
  }
  return y;
}

/**
 * Reverses {@linkcode product}.
 *
 * ∂L/∂W_ji += ∂L/∂y_j x_i, ∂L/∂x_i = Σ_j W_ji ∂L/∂y_j
 *
 * @example One sum of two numbers.
 * ```ts
 * import { productBackward } from "@/network/affine.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gW = new Float64Array([1, 1]);
 * assertEquals(productBackward(new Float64Array([2, 5]), gW, [10, 100], [3]), [6, 15]);
 * assertEquals([...gW], [31, 301]);
 * ```
 * @param W `J` × `I`, by rows.
 * @param gW ∂L/∂W, of the same shape, added to.
 * @param x What went in, `I`.
 * @param gY ∂L/∂y, `J`.
 * @returns ∂L/∂x, `I`.
 * @throws {TypeError} If the weights or their gradients are not `J` rows of `I`.
 */
export function productBackward(W: Float64Array, gW: Float64Array, x: Vector, gY: Vector): Vector {
  const [I, J] = [x.length, gY.length];
  for (const { length } of [W, gW]) {
    if (length !== J * I) {
      throw new TypeError(`Cannot reverse a product: wanted ${J} × ${I} weights, got ${length}`);
    }
  }
  const gX: Vector = new Array(I).fill(0);
  for (let j = 0; j < J; j++) {
    for (let i = 0; i < I; i++) {
      gW[j * I + i] += gY[j] * x[i];
      gX[i] += W[j * I + i] * gY[j];
    }
  }
  return gX;
}

/**
 * Adds vectors.
 *
 * y_j = Σ_n x^n_j
 *
 * @example Each place by itself.
 * ```ts
 * import { sum } from "@/network/affine.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sum([1, 2], new Float64Array([10, 20])), [11, 22]);
 * ```
 * @param first `J` numbers.
 * @param others `J` numbers each.
 * @returns y, `J` numbers.
 * @throws {TypeError} If not all are equally long.
 */
export function sum(first: Vector, ...others: ArrayLike<number>[]): Vector {
  for (const { length } of others) {
    if (length !== first.length) {
      throw new TypeError(`Cannot add vectors: wanted ${first.length} numbers, got ${length}`);
    }
  }
  return first.map((x_j, j) => others.reduce((y_j, other) => y_j + other[j], x_j));
}

/**
 * Adds a vector to a running sum, as the gradient of a bias is accumulated.
 *
 * gathered_j += x_j
 *
 * @example In place.
 * ```ts
 * import { accumulate } from "@/network/affine.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gB = new Float64Array([1, 2]);
 * accumulate(gB, [10, 20]);
 * assertEquals([...gB], [11, 22]);
 * ```
 * @param gathered `J` numbers, added to.
 * @param x `J` numbers.
 * @throws {TypeError} If they are not equally long.
 */
export function accumulate(gathered: Float64Array, x: Vector): void {
  if (gathered.length !== x.length) {
    throw new TypeError(`Cannot add vectors: wanted ${gathered.length} numbers, got ${x.length}`);
  }
  x.forEach((x_j, j) => gathered[j] += x_j);
}
