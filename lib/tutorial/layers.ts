/**
 * The layers of the tutorial's networks on flat Float64 arrays, forward and backward: exponential, tanh and sigmoid,
 * products with weight matrices, and layers of a whole sequence with the links between them.
 *
 * - Slice functions ({@linkcode squash}, {@linkcode addLinear}) work in place on part of an array, from an offset.
 * - A {@linkcode Layer} holds the outputs y of all steps and ∂L/∂y; a {@linkcode Link} is a weight matrix between two
 *   layers. A step of a layer is built up in place: set it to its bias or 0, add its links, apply its activation.
 *
 * W is outputs × inputs, row by row. Gradients are added to what is already there.
 *
 * @module
 */

/** 2^(i/64) for i from 0 to 63. */
const FRACTIONS = Float64Array.from({ length: 64 }, (_, i) => 2 ** (i / 64));
/** 2^k for k from −1024 to 1023. */
const POWERS = Float64Array.from({ length: 2048 }, (_, k) => 2 ** (k - 1024));
/** 1.5 · 2^52: a double of this size has no fractional bits, so adding it rounds to a whole number. */
const ROUNDER = 6755399441055744;
/** ln2/64 in two parts; the first ends in 21 zero bits, so that its product with n is exact. */
const LN2_64_HIGH = 0.01083042469326756;
const LN2_64_LOW = 2.9815858269852933e-12;

/**
 * Computes e^x for x from −700 to 700; beyond, e^−700 or e^700.
 *
 * `Math.exp` is a call out of the compiled code (16 ns); this function is inlined into the loop around it (7 ns).
 *
 * Method: x = (64 k + i) ln2/64 + r with |r| ≤ ln2/128, so e^x = 2^k · 2^(i/64) · e^r. The first two factors come from
 * tables, the last from the first six terms of its series, whose remainder is below r⁶/720 < 4 × 10⁻¹⁷. Relative error
 * at most 5 × 10⁻¹⁶ (measured: 3.4 × 10⁻¹⁶).
 *
 * Source: Tang 1989, "Table-Driven Implementation of the Exponential Function".
 *
 * @example Equal to `Math.exp` up to the last bit or two.
 * ```ts
 * import { exponential } from "@/tutorial/layers.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertEquals(exponential(0), 1);
 * assertAlmostEquals(exponential(1), Math.E, 1e-15);
 * ```
 * @param x Any number; NaN gives NaN.
 * @returns e^x.
 */
export function exponential(x: number): number {
  const bounded = x > 700 ? 700 : x < -700 ? -700 : x;
  const n = (bounded * (64 / Math.LN2) + ROUNDER) - ROUNDER;
  const r = (bounded - n * LN2_64_HIGH) - n * LN2_64_LOW;
  const eToR = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  return POWERS[(n >> 6) + 1024] * (FRACTIONS[n & 63] * eToR);
}

/** The activation function of a layer. */
export type Squash = "tanh" | "sigmoid";

/**
 * Applies an activation function to a slice, in place.
 *
 * y = tanh(a) = 1 − 2 / (1 + e^2a), or y = σ(a) = 1 / (1 + e^−a)
 *
 * @example σ(0) is one half.
 * ```ts
 * import { squash } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const y = new Float64Array([7, 0, 0]);
 * squash("sigmoid", y, 1, 2);
 * assertEquals([...y], [7, 0.5, 0.5]);
 * ```
 * @param kind The activation function.
 * @param y Holds the sums a, overwritten with the outputs y.
 * @param offset Start of the slice.
 * @param length Numbers in the slice.
 */
export function squash(kind: Squash, y: Float64Array, offset: number, length: number): void {
  const end = offset + length;
  if (kind === "tanh") {
    for (let i = offset; i < end; i++) y[i] = 1 - 2 / (1 + exponential(2 * y[i]));
  } else {
    for (let i = offset; i < end; i++) y[i] = 1 / (1 + exponential(-y[i]));
  }
}

/**
 * Backward pass of {@linkcode squash}, in place: turns ∂L/∂y into ∂L/∂a.
 *
 * ∂L/∂a = ∂L/∂y (1 − y²) for tanh, ∂L/∂y y (1 − y) for σ
 *
 * @example The slope of σ is ¼ where σ is ½.
 * ```ts
 * import { squashBackward } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const g = new Float64Array([2]);
 * squashBackward("sigmoid", g, new Float64Array([0.5]), 0, 1);
 * assertEquals([...g], [0.5]);
 * ```
 * @param kind The activation function.
 * @param g Holds ∂L/∂y, overwritten with ∂L/∂a.
 * @param y The outputs.
 * @param offset Start of both slices.
 * @param length Numbers in each slice.
 */
export function squashBackward(
  kind: Squash,
  g: Float64Array,
  y: Float64Array,
  offset: number,
  length: number,
): void {
  const end = offset + length;
  if (kind === "tanh") {
    for (let i = offset; i < end; i++) g[i] *= 1 - y[i] * y[i];
  } else {
    for (let i = offset; i < end; i++) g[i] *= y[i] * (1 - y[i]);
  }
}

/**
 * Adds W x to y.
 *
 * y_j += Σ_i W_ji x_i
 *
 * @example A row of weights for each output.
 * ```ts
 * import { addLinear } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const W = new Float64Array([1, 2, 3, 4]);
 * const x = new Float64Array([10, 1]);
 * const y = new Float64Array([0, 0, 0.5]);
 * addLinear(y, 1, W, x, 0, 2, 2);
 * assertEquals([...y], [0, 12, 34.5]);
 * ```
 * @param y `outputs` numbers from `yOffset`, added to.
 * @param yOffset Start of y.
 * @param W `outputs` × `inputs`.
 * @param x `inputs` numbers from `xOffset`.
 * @param xOffset Start of x.
 * @param inputs Length of x.
 * @param outputs Length of y.
 */
export function addLinear(
  y: Float64Array,
  yOffset: number,
  W: Float64Array,
  x: Float64Array,
  xOffset: number,
  inputs: number,
  outputs: number,
): void {
  let j = 0;
  for (; j + 3 < outputs; j += 4) {
    const w0 = j * inputs, w1 = w0 + inputs, w2 = w1 + inputs, w3 = w2 + inputs, k = yOffset + j;
    let y0 = y[k], y1 = y[k + 1], y2 = y[k + 2], y3 = y[k + 3];
    for (let i = 0; i < inputs; i++) {
      const x_i = x[xOffset + i];
      y0 += W[w0 + i] * x_i;
      y1 += W[w1 + i] * x_i;
      y2 += W[w2 + i] * x_i;
      y3 += W[w3 + i] * x_i;
    }
    y[k] = y0;
    y[k + 1] = y1;
    y[k + 2] = y2;
    y[k + 3] = y3;
  }
  for (; j < outputs; j++) {
    let y_j = y[yOffset + j];
    for (let i = 0, w = j * inputs; i < inputs; i++, w++) y_j += W[w] * x[xOffset + i];
    y[yOffset + j] = y_j;
  }
}

/**
 * Adds the gradient of {@linkcode addLinear} with respect to its weights.
 *
 * ∂L/∂W_ji += ∂L/∂y_j x_i
 *
 * @example One output, two inputs.
 * ```ts
 * import { addWeightGradient } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gW = new Float64Array([1, 1]);
 * addWeightGradient(gW, new Float64Array([3]), 0, new Float64Array([10, 100]), 0, 2, 1);
 * assertEquals([...gW], [31, 301]);
 * ```
 * @param gW ∂L/∂W, `outputs` × `inputs`, added to.
 * @param gY ∂L/∂y, `outputs` numbers from `gYOffset`.
 * @param gYOffset Start of ∂L/∂y.
 * @param x The inputs of the forward pass, `inputs` numbers from `xOffset`.
 * @param xOffset Start of x.
 * @param inputs Length of x.
 * @param outputs Length of y.
 */
export function addWeightGradient(
  gW: Float64Array,
  gY: Float64Array,
  gYOffset: number,
  x: Float64Array,
  xOffset: number,
  inputs: number,
  outputs: number,
): void {
  for (let j = 0, w = 0; j < outputs; j++) {
    const gY_j = gY[gYOffset + j];
    for (let i = 0; i < inputs; i++) gW[w++] += gY_j * x[xOffset + i];
  }
}

/**
 * Backward pass of {@linkcode addLinear}: adds the gradients with respect to W and x, in one pass over W.
 *
 * ∂L/∂W_ji += ∂L/∂y_j x_i, ∂L/∂x_i += Σ_j W_ji ∂L/∂y_j
 *
 * @example One output, two inputs.
 * ```ts
 * import { addLinearBackward } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [W, x] = [new Float64Array([2, 5]), new Float64Array([10, 100])];
 * const [gW, gX] = [new Float64Array([1, 1]), new Float64Array([1, 1])];
 * addLinearBackward(gW, gX, 0, W, new Float64Array([3]), 0, x, 0, 2, 1);
 * assertEquals([[...gW], [...gX]], [[31, 301], [7, 16]]);
 * ```
 * @param gW ∂L/∂W, `outputs` × `inputs`, added to.
 * @param gX ∂L/∂x, `inputs` numbers from `gXOffset`, added to.
 * @param gXOffset Start of ∂L/∂x.
 * @param W `outputs` × `inputs`.
 * @param gY ∂L/∂y, `outputs` numbers from `gYOffset`.
 * @param gYOffset Start of ∂L/∂y.
 * @param x The inputs of the forward pass, `inputs` numbers from `xOffset`.
 * @param xOffset Start of x.
 * @param inputs Length of x.
 * @param outputs Length of y.
 */
export function addLinearBackward(
  gW: Float64Array,
  gX: Float64Array,
  gXOffset: number,
  W: Float64Array,
  gY: Float64Array,
  gYOffset: number,
  x: Float64Array,
  xOffset: number,
  inputs: number,
  outputs: number,
): void {
  let j = 0;
  for (; j + 3 < outputs; j += 4) {
    const w0 = j * inputs, w1 = w0 + inputs, w2 = w1 + inputs, w3 = w2 + inputs, k = gYOffset + j;
    const g0 = gY[k], g1 = gY[k + 1], g2 = gY[k + 2], g3 = gY[k + 3];
    for (let i = 0; i < inputs; i++) {
      const x_i = x[xOffset + i];
      gW[w0 + i] += g0 * x_i;
      gW[w1 + i] += g1 * x_i;
      gW[w2 + i] += g2 * x_i;
      gW[w3 + i] += g3 * x_i;
      gX[gXOffset + i] += W[w0 + i] * g0 + W[w1 + i] * g1 + W[w2 + i] * g2 + W[w3 + i] * g3;
    }
  }
  for (; j < outputs; j++) {
    const gY_j = gY[gYOffset + j];
    for (let i = 0, w = j * inputs; i < inputs; i++, w++) {
      gW[w] += gY_j * x[xOffset + i];
      gX[gXOffset + i] += W[w] * gY_j;
    }
  }
}

/** The outputs of a layer at every step, and the gradient of the loss with respect to them. */
export interface Layer {
  /** Numbers at each step. */
  readonly width: number;
  /** Steps × `width`. */
  readonly y: Float64Array;
  /** ∂L/∂y, steps × `width`. */
  readonly g: Float64Array;
}

/** A weight matrix from one layer to another. */
export interface Link {
  readonly from: Layer;
  readonly to: Layer;
  /** `to.width` × `from.width`, by rows. */
  readonly W: Float64Array;
  /** ∂L/∂W, of the same shape. */
  readonly gW: Float64Array;
}

/**
 * Allocates a layer.
 *
 * @param steps Number of rows.
 * @param width Numbers in each row.
 * @returns The layer, all 0.
 */
export function createLayer(steps: number, width: number): Layer {
  return { width, y: new Float64Array(steps * width), g: new Float64Array(steps * width) };
}

/**
 * Sets step `t` of a layer to a bias.
 *
 * y_t = b
 *
 * @param layer The layer, whose outputs at `t` are overwritten.
 * @param t The step, from 0.
 * @param b The bias, `width` numbers.
 */
export function setLayerBias({ width, y }: Layer, t: number, b: Float64Array): void {
  for (let j = 0, i = t * width; j < width; j++, i++) y[i] = b[j];
}

/** Backward pass of {@linkcode setLayerBias}: adds ∂L/∂y_t to ∂L/∂b. */
export function setLayerBiasBackward({ width, g }: Layer, t: number, gB: Float64Array): void {
  for (let j = 0, i = t * width; j < width; j++, i++) gB[j] += g[i];
}

/** Sets step `t` of a layer to 0. */
export function setZero({ width, y }: Layer, t: number): void {
  for (let j = 0, i = t * width; j < width; j++, i++) y[i] = 0;
}

/**
 * Adds the product of a link to its target layer.
 *
 * y_to += W y_from
 *
 * @example A bias, then a product.
 * ```ts
 * import { addLink, createLayer, setLayerBias } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [from, to] = [createLayer(1, 2), createLayer(2, 2)];
 * const [W, gW] = [new Float64Array([1, 2, 3, 4]), new Float64Array(4)];
 * from.y.set([10, 1]);
 * setLayerBias(to, 1, new Float64Array([0, 0.5]));
 * addLink({ from, to, W, gW }, 0, 1);
 * assertEquals([...to.y], [0, 0, 12, 34.5]);
 * ```
 * @param link The weight matrix and its two layers.
 * @param fromStep Step of the source layer.
 * @param toStep Step of the target layer.
 */
export function addLink({ from, to, W }: Link, fromStep: number, toStep: number): void {
  const inputs = from.width, outputs = to.width;
  addLinear(to.y, toStep * outputs, W, from.y, fromStep * inputs, inputs, outputs);
}

/**
 * Backward pass of {@linkcode addLink}: adds both gradients in one pass over W.
 *
 * ∂L/∂W += ∂L/∂y_to y_fromᵀ, ∂L/∂y_from += Wᵀ ∂L/∂y_to
 *
 * @example One output, two inputs.
 * ```ts
 * import { addLinkBackward, createLayer } from "@/tutorial/layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [from, to] = [createLayer(1, 2), createLayer(1, 1)];
 * const [W, gW] = [new Float64Array([2, 5]), new Float64Array([1, 1])];
 * from.y.set([10, 100]);
 * to.g.set([3]);
 * addLinkBackward({ from, to, W, gW }, 0, 0);
 * assertEquals([...gW], [31, 301]);
 * assertEquals([...from.g], [6, 15]);
 * ```
 * @param link The weight matrix and its two layers.
 * @param fromStep Step of the source layer.
 * @param toStep Step of the target layer.
 */
export function addLinkBackward(link: Link, fromStep: number, toStep: number): void {
  const { from, to, W, gW } = link, inputs = from.width, outputs = to.width;
  const fromOffset = fromStep * inputs, toOffset = toStep * outputs;
  addLinearBackward(gW, from.g, fromOffset, W, to.g, toOffset, from.y, fromOffset, inputs, outputs);
}

/**
 * Like {@linkcode addLink}, for a sparse source layer: columns of inputs that are 0 are skipped.
 *
 * @param link The weight matrix and its two layers.
 * @param fromStep Step of the source layer.
 * @param toStep Step of the target layer.
 */
export function addSparseLink({ from, to, W }: Link, fromStep: number, toStep: number): void {
  const inputs = from.width, outputs = to.width, y = to.y, yOffset = toStep * outputs;
  for (let i = 0; i < inputs; i++) {
    const x_i = from.y[fromStep * inputs + i];
    if (x_i === 0) continue;
    for (let j = 0, w = i; j < outputs; j++, w += inputs) y[yOffset + j] += W[w] * x_i;
  }
}

/** Backward pass of {@linkcode addSparseLink} for the weights only: network inputs need no gradient. */
export function addSparseLinkBackward(
  { from, to, gW }: Link,
  fromStep: number,
  toStep: number,
): void {
  const inputs = from.width, outputs = to.width, gY = to.g, yOffset = toStep * outputs;
  for (let i = 0; i < inputs; i++) {
    const x_i = from.y[fromStep * inputs + i];
    if (x_i === 0) continue;
    for (let j = 0, w = i; j < outputs; j++, w += inputs) gW[w] += gY[yOffset + j] * x_i;
  }
}

/** Applies the activation function of a layer at step `t`, in place: y becomes tanh(y) or σ(y). */
export function squashLayer(kind: Squash, { width, y }: Layer, t: number): void {
  squash(kind, y, t * width, width);
}

/** Backward pass of {@linkcode squashLayer}, in place: `g` becomes the gradient with respect to the sums. */
export function squashLayerBackward(kind: Squash, { width, y, g }: Layer, t: number): void {
  squashBackward(kind, g, y, t * width, width);
}
