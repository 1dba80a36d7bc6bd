/**
 * Layers and the linear links between them, over the steps of one string.
 *
 * A layer keeps its numbers `y` and the gradients `g` by them for every step, a row for each, made once.
 * So a step of a string allocates nothing, and backwards finds all that forwards has left.
 *
 * @module
 */
import { addLinear, addLinearBackward } from "./linear.ts";
import { type Squash, squash, squashBackward } from "./squash.ts";

/** What a layer puts out at each step, and the gradient of the loss by it. */
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
 * Makes a layer with room for `steps` steps.
 *
 * @param steps How many rows.
 * @param width Numbers in each.
 * @returns The layer, all 0.
 */
export function createLayer(steps: number, width: number): Layer {
  return { width, y: new Float64Array(steps * width), g: new Float64Array(steps * width) };
}

/**
 * Starts a layer's sums at step `t` with a bias.
 *
 * y = b
 *
 * @param layer Where.
 * @param t Its step.
 * @param b `width` numbers.
 */
export function setBias({ width, y }: Layer, t: number, b: Float64Array): void {
  for (let j = 0, at = t * width; j < width; j++, at++) y[at] = b[j];
}

/** Adds the gradient by the bias of {@linkcode setBias} to `gB`. */
export function setBiasBackward({ width, g }: Layer, t: number, gB: Float64Array): void {
  for (let j = 0, at = t * width; j < width; j++, at++) gB[j] += g[at];
}

/** Starts a layer's sums at step `t` with 0. */
export function setZero({ width, y }: Layer, t: number): void {
  for (let j = 0, at = t * width; j < width; j++, at++) y[at] = 0;
}

/**
 * Adds a link's product to the layer that it leads to.
 *
 * y_to += W y_from
 *
 * @example A bias, then a product.
 * ```ts
 * import { addLink, createLayer, setBias } from "@/network/layer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [from, to] = [createLayer(1, 2), createLayer(2, 2)];
 * const [W, gW] = [new Float64Array([1, 2, 3, 4]), new Float64Array(4)];
 * from.y.set([10, 1]);
 * setBias(to, 1, new Float64Array([0, 0.5]));
 * addLink({ from, to, W, gW }, 0, 1);
 * assertEquals([...to.y], [0, 0, 12, 34.5]);
 * ```
 * @param link The link.
 * @param fromStep The step in the layer that it comes from.
 * @param toStep The step in the layer that it leads to.
 */
export function addLink({ from, to, W }: Link, fromStep: number, toStep: number): void {
  const inputs = from.width, outputs = to.width;
  addLinear(to.y, toStep * outputs, W, from.y, fromStep * inputs, inputs, outputs);
}

/**
 * Reverses {@linkcode addLink}: both gradients in one pass over W.
 *
 * ∂L/∂W += ∂L/∂y_to y_fromᵀ, ∂L/∂y_from += Wᵀ ∂L/∂y_to
 *
 * @example One output, two inputs.
 * ```ts
 * import { addLinkBackward, createLayer } from "@/network/layer.ts";
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
 * @param link The link.
 * @param fromStep The step in the layer that it comes from.
 * @param toStep The step in the layer that it leads to.
 */
export function addLinkBackward(link: Link, fromStep: number, toStep: number): void {
  const { from, to, W, gW } = link, inputs = from.width, outputs = to.width;
  const fromAt = fromStep * inputs, toAt = toStep * outputs;
  addLinearBackward(gW, from.g, fromAt, W, to.g, toAt, from.y, fromAt, inputs, outputs);
}

/**
 * {@linkcode addLink} for an input of which most are 0: only the columns of the others are added.
 *
 * @param link The link.
 * @param fromStep The step in the layer that it comes from.
 * @param toStep The step in the layer that it leads to.
 */
export function addSparseLink({ from, to, W }: Link, fromStep: number, toStep: number): void {
  const inputs = from.width, outputs = to.width, y = to.y, yAt = toStep * outputs;
  for (let i = 0; i < inputs; i++) {
    const x_i = from.y[fromStep * inputs + i];
    if (x_i === 0) continue;
    for (let j = 0, w = i; j < outputs; j++, w += inputs) y[yAt + j] += W[w] * x_i;
  }
}

/** Reverses {@linkcode addSparseLink}, for the weights only: nobody asks what the input should have been. */
export function addSparseLinkBackward(
  { from, to, gW }: Link,
  fromStep: number,
  toStep: number,
): void {
  const inputs = from.width, outputs = to.width, gY = to.g, yAt = toStep * outputs;
  for (let i = 0; i < inputs; i++) {
    const x_i = from.y[fromStep * inputs + i];
    if (x_i === 0) continue;
    for (let j = 0, w = i; j < outputs; j++, w += inputs) gW[w] += gY[yAt + j] * x_i;
  }
}

/** Ends a layer at step `t`: its sums y become tanh(y) or σ(y). */
export function squashLayer(kind: Squash, { width, y }: Layer, t: number): void {
  squash(kind, y, t * width, width);
}

/** Reverses {@linkcode squashLayer}: `g` was the gradient by what came out, and is that by the sums. */
export function squashLayerBackward(kind: Squash, { width, y, g }: Layer, t: number): void {
  squashBackward(kind, g, y, t * width, width);
}
