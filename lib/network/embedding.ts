/**
 * The embedding: a row of numbers for each symbol, with its gradient.
 *
 * `K` symbols, `E` numbers for each.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";

/**
 * Looks up a symbol's embedding.
 *
 * e = W[x], row x
 *
 * Source: Bengio et al. 2003, "A Neural Probabilistic Language Model", where it is called C.
 *
 * @example Two numbers for each symbol.
 * ```ts
 * import { embed } from "@/network/embedding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const W = new Float64Array([10, 11, 20, 21, 30, 31]);
 * assertEquals(embed(W, 2, 1), [20, 21]);
 * ```
 * @param W `K` × `E`, by rows.
 * @param width `E`.
 * @param symbol x, from 0 to `K` − 1.
 * @returns e, `E` numbers.
 * @throws {TypeError} If the weights are not whole rows of `E`.
 * @throws {RangeError} If there is no such symbol.
 */
export function embed(W: Float64Array, width: number, symbol: number): Vector {
  checkRow(W, width, symbol);
  return [...W.subarray(symbol * width, (symbol + 1) * width)];
}

/**
 * Reverses {@linkcode embed}.
 *
 * ∂L/∂W[x] += ∂L/∂e; no other row has a gradient
 *
 * @example The gradients of a symbol that occurs twice are added.
 * ```ts
 * import { embedBackward } from "@/network/embedding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gW = new Float64Array(6);
 * embedBackward(gW, 1, [1, 2]);
 * embedBackward(gW, 1, [10, 20]);
 * assertEquals([...gW], [0, 0, 11, 22, 0, 0]);
 * ```
 * @param gW ∂L/∂W, `K` × `E`, added to.
 * @param symbol x, from 0 to `K` − 1.
 * @param gE ∂L/∂e, `E`.
 * @throws {TypeError} If the gradients are not whole rows of `E`.
 * @throws {RangeError} If there is no such symbol.
 */
export function embedBackward(gW: Float64Array, symbol: number, gE: Vector): void {
  checkRow(gW, gE.length, symbol);
  gE.forEach((gE_i, i) => gW[symbol * gE.length + i] += gE_i);
}

function checkRow(W: Float64Array, width: number, symbol: number): void {
  const K = W.length / width;
  if (!Number.isInteger(K)) {
    throw new TypeError(`Cannot embed: wanted rows of ${width} weights, got ${W.length} weights`);
  }
  if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < K)) {
    throw new RangeError(`Cannot embed: wanted a symbol from 0 to ${K - 1}, got ${symbol}`);
  }
}
