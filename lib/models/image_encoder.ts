/**
 * The image encoder: convolutions, each followed by a rectifier and max pooling, that turn an image into a grid of cells with
 * a vector for each.
 *
 * | symbol | size  | what it is                                                     |
 * | ------ | ----- | -------------------------------------------------------------- |
 * | x      |       | the image, channel after channel, by rows                      |
 * | f_s    | F     | the features of cell s: all channels of the last block there   |
 * | v      | S·F   | the image vector: f_1 … f_S, one after the other                 |
 *
 * Each convolution keeps the image's width and height (stride 1, what is beyond the edge is 0), each pooling divides them. Cells
 * are numbered by rows, in reading order.
 *
 * `S` cells, `F` features of a cell, the last block's channels.
 *
 * Source: LeCun et al. 1989, "Backpropagation Applied to Handwritten Zip Code Recognition"; Xu et al. 2015, "Show, Attend and
 * Tell", arXiv:1502.03044, section 3.1.1, for vectors of places.
 *
 * @module
 */
import { relu, reluSlope } from "@/math/activations.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import {
  type ConvolutionShape,
  type ConvolutionWeights,
  convolve,
  convolveBackward,
  convolvedSize,
  type ImageSize,
  pixelCount,
} from "@/network/convolution.ts";
import { maxPool, maxPoolBackward, pooledSize, type PoolingStep } from "@/network/pooling.ts";
import type { NamedTensors, ParameterShape } from "./named_tensors.ts";

/** A convolution with a rectifier and max pooling. */
export interface BlockShape {
  /** How many channels the convolution makes. */
  readonly channels: number;
  /** The width and height of its kernel, an odd number. */
  readonly kernel: number;
  /** The width and height of the squares that are pooled; 1 pools nothing. */
  readonly pool: number;
}

/** Everything that defines an image encoder except its parameters. */
export interface ImageEncoderShape {
  /** Of the images. */
  readonly image: ImageSize;
  /** At least one. */
  readonly blocks: readonly BlockShape[];
}

/** What one block made of its input. */
interface BlockStep {
  readonly input: Float64Array;
  /** After the rectifier. */
  readonly rectified: Float64Array;
  readonly pooled: PoolingStep;
}

/** What an image encoder made of an image. */
export interface ImageTrace {
  readonly blocks: readonly BlockStep[];
  /** f_1 … f_S, `S` × `F`. */
  readonly cells: Matrix;
}

/**
 * Lists the convolution of each block; its input is what the block before has pooled.
 *
 * @param shape The image encoder's shape.
 * @returns A shape for each block.
 * @throws {RangeError} If a block does not fit what is below it, or a kernel's width is even.
 */
export function convolutionsOf({ image, blocks }: ImageEncoderShape): ConvolutionShape[] {
  const shapes: ConvolutionShape[] = [];
  let input = image;
  for (const { channels, kernel, pool } of blocks) {
    if (kernel % 2 !== 1) {
      throw new RangeError(`Cannot encode an image: wanted kernels of odd width, got ${kernel}`);
    }
    const shape = { input, channels, kernel, padding: (kernel - 1) / 2 };
    shapes.push(shape);
    input = pooledSize(convolvedSize(shape), pool);
  }
  return shapes;
}

/**
 * Computes the size of the grid of cells.
 *
 * @example Two blocks make 3 × 3 cells of 24 × 24 pixels.
 * ```ts
 * import { gridSize } from "@/models/image_encoder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { channels: 3, height: 24, width: 24 };
 * const blocks = [{ channels: 16, kernel: 3, pool: 2 }, { channels: 32, kernel: 3, pool: 4 }];
 * assertEquals(gridSize({ image, blocks }), { channels: 32, height: 3, width: 3 });
 * ```
 * @param shape The image encoder's.
 * @returns `F` channels, and the grid's rows and columns.
 * @throws {RangeError} If there is no block, or a block does not fit what is below it.
 */
export function gridSize(shape: ImageEncoderShape): ImageSize {
  const { blocks } = shape, last = convolutionsOf(shape).at(-1);
  if (last === undefined) {
    throw new RangeError("Cannot encode an image: wanted 1 block or more, got 0");
  }
  return pooledSize(convolvedSize(last), blocks[blocks.length - 1].pool);
}

/**
 * Lists an image encoder's parameters: of each block b, `convolutions.b.weight` and `convolutions.b.bias`.
 *
 * @param shape The image encoder's shape.
 * @returns Names and dimensions; a kernel's are O × I × K × K.
 * @throws {RangeError} If a block does not fit what is below it.
 */
export function imageEncoderShapes(shape: ImageEncoderShape): ParameterShape[] {
  return convolutionsOf(shape).flatMap(({ input, channels: O, kernel: K }, b): ParameterShape[] => [
    [`convolutions.${b}.weight`, [O, input.channels, K, K]],
    [`convolutions.${b}.bias`, [O]],
  ]);
}

/**
 * Groups an image encoder's parameters by block; nothing is copied.
 *
 * @param shape The image encoder's shape.
 * @param parameters Its parameters, among others.
 * @returns The same arrays.
 */
export function imageEncoderWeights(
  { blocks }: ImageEncoderShape,
  parameters: NamedTensors,
): ConvolutionWeights[] {
  return blocks.map((_, b) => {
    return { W: parameters[`convolutions.${b}.weight`], b: parameters[`convolutions.${b}.bias`] };
  });
}

/**
 * Encodes an image.
 *
 * x ← pool(max(0, W ∗ x + b)) for each block; f_s = all channels of x at cell s
 *
 * Source: LeCun et al. 1989; Xu et al. 2015, section 3.1.1.
 *
 * @param shape The image encoder's shape.
 * @param weights Of each block.
 * @param image x.
 * @returns What each block made, and the cells' vectors.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a number of the image is NaN or infinite.
 */
export function encodeImage(
  shape: ImageEncoderShape,
  weights: readonly ConvolutionWeights[],
  image: Float64Array,
): ImageTrace {
  const blocks: BlockStep[] = [], convolutions = convolutionsOf(shape);
  for (const [b, convolution] of convolutions.entries()) {
    const input = blocks.at(-1)?.pooled.output ?? image;
    const rectified = convolve(convolution, weights[b], input).map(relu);
    const pooled = maxPool(convolvedSize(convolution), shape.blocks[b].pool, rectified);
    blocks.push({ input, rectified, pooled });
  }
  const { size, output } = blocks[blocks.length - 1].pooled, S = size.height * size.width;
  const cells = Array.from(
    { length: S },
    (_, s): Vector => Array.from({ length: size.channels }, (_, f) => output[f * S + s]),
  );
  return { blocks, cells };
}

/**
 * Reverses {@linkcode encodeImage}.
 *
 * @param shape The image encoder's shape.
 * @param weights Of each block.
 * @param gWeights ∂L/∂weights, added to.
 * @param trace What `encodeImage` returned.
 * @param gCells ∂L/∂f_1 … ∂L/∂f_S, `S` × `F`.
 * @returns ∂L/∂x.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function encodeImageBackward(
  shape: ImageEncoderShape,
  weights: readonly ConvolutionWeights[],
  gWeights: readonly ConvolutionWeights[],
  { blocks, cells }: ImageTrace,
  gCells: Matrix,
): Float64Array {
  const convolutions = convolutionsOf(shape), S = cells.length;
  let gOutput: Float64Array = new Float64Array(S * cells[0].length);
  gCells.forEach((gCell, s) => gCell.forEach((g, f) => gOutput[f * S + s] = g));
  for (let b = blocks.length - 1; b >= 0; b--) {
    const { input, rectified, pooled } = blocks[b], convolution = convolutions[b];
    const gRectified = maxPoolBackward(convolvedSize(convolution), pooled, gOutput);
    const gSums = gRectified.map((g, at) => g * reluSlope(rectified[at]));
    gOutput = convolveBackward(convolution, weights[b], gWeights[b], input, gSums);
  }
  return gOutput;
}

/**
 * Counts the numbers of an image vector.
 *
 * @param shape The image encoder's shape.
 * @returns `S` · `F`.
 */
export function imageVectorSize(shape: ImageEncoderShape): number {
  return pixelCount(gridSize(shape));
}
