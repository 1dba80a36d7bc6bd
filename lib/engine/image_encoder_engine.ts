/**
 * The image encoder, batched, in Float32: the equations of `models/image_encoder.ts`, each convolution as one product. Tests
 * compare every number with that reference.
 *
 * The window of each output becomes a row of a matrix X, its columns in the order of the kernel's numbers; then all outputs of all
 * images are Y = X Wᵀ (im2col). Rectifier and pooling take the largest of each square of Y. Backwards ∂L/∂Y is 0 but for
 * those, and each column of ∂L/∂X goes back to the pixels that it was copied from.
 *
 * `B` images, `S` cells, `F` features of a cell.
 *
 * Source: Chellapilla et al. 2006, "High Performance Convolutional Neural Networks for Document Processing", for the product.
 *
 * @module
 */
import { type BlockShape, convolutionsOf, type ImageEncoderShape } from "@/models/image_encoder.ts";
import { type ConvolutionShape, type ImageSize, pixelCount } from "@/network/convolution.ts";
import type { MatrixProduct, ParameterMatrices } from "./parameter_matrices.ts";

/** The image encoder of a batch of images. */
export interface ImageEncoderEngine {
  /**
   * Encodes images.
   *
   * @returns f_1 … f_S of each image, `B` × `S` × `F`; always the same memory.
   */
  forward(images: readonly ArrayLike<number>[]): Float32Array;
  /**
   * Reverses the last call of `forward`; adds to the parameters' gradients.
   *
   * @param gCells ∂L/∂ what it returned.
   */
  backward(gCells: Float32Array): void;
}

/** A block, and what it made of its input. */
interface Block {
  readonly convolution: ConvolutionShape;
  readonly pool: number;
  readonly product: MatrixProduct;
  readonly names: { readonly weight: string; readonly bias: string };
  /** Of the lowest block the images, channel by channel; of the others what the one below made, pixel by pixel. */
  readonly input: Float32Array;
  readonly layout: PixelLayout;
  /** `B` × height ÷ pool × width ÷ pool × channels. */
  readonly output: Float32Array;
  /** Of each number of the output, its place in Y; −1 if it is 0. */
  readonly from: Int32Array;
}

/** How far apart the numbers of an input are. */
interface PixelLayout {
  readonly image: number;
  readonly pixel: number;
  readonly channel: number;
}

/**
 * Lists the rows that each convolution's product has for a batch.
 *
 * @param shape The image encoder's shape.
 * @param images `B`.
 * @param prefix What comes before the names of its parameters.
 * @returns Of each convolution's weight, how many outputs a channel has in all images.
 */
export function convolutionRows(
  shape: ImageEncoderShape,
  images: number,
  prefix: string,
): Record<string, number> {
  return Object.fromEntries(
    convolutionsOf(shape).map(({ input: { height, width } }, b) => [
      `${prefix}convolutions.${b}.weight`,
      images * height * width,
    ]),
  );
}

/**
 * Makes the encoder of batches of at most so many images.
 *
 * @param shape Its shape.
 * @param matrices Its parameters, among others.
 * @param products With them, as many rows as {@linkcode convolutionRows} says.
 * @param images The most images.
 * @param prefix What comes before the names of its parameters.
 * @returns The encoder.
 */
export function createImageEncoderEngine(
  shape: ImageEncoderShape,
  matrices: ParameterMatrices,
  products: Readonly<Record<string, MatrixProduct>>,
  images: number,
  prefix: string,
): ImageEncoderEngine {
  const blocks: Block[] = [];
  convolutionsOf(shape).forEach((convolution, b) => {
    const below = blocks.at(-1), names = namesOf(prefix, b), { input } = convolution;
    blocks.push({
      ...blockOf(convolution, shape.blocks[b], images),
      product: products[names.weight],
      names,
      input: below?.output ?? new Float32Array(images * pixelCount(input)),
      layout: layoutOf(input, below === undefined),
    });
  });
  const [lowest, top] = [blocks[0], blocks[blocks.length - 1]];
  let count = 0;
  return {
    forward(given) {
      count = given.length;
      given.forEach((image, n) => lowest.input.set(image, n * lowest.layout.image));
      for (const block of blocks) {
        copyWindows(block, count, block.input, block.product.X, false);
        block.product.forward(rowsOf(block, count));
        poolLargest(block, count, matrices.numbers("weightsAt", block.names.bias));
      }
      return top.output;
    },
    backward(gCells) {
      let gOutput = gCells;
      for (let b = blocks.length - 1; b >= 0; b--) {
        const block = blocks[b], { product, names } = block, rows = rowsOf(block, count);
        poolBackward(block, count, gOutput, matrices.numbers("gradientsAt", names.bias));
        product.addGradient(rows);
        if (b === 0) continue; // nothing asks for the images' gradient
        gOutput = new Float32Array(block.input.length);
        copyWindows(block, count, gOutput, product.inputGradient(rows), true);
      }
    },
  };
}

function namesOf(prefix: string, b: number): Block["names"] {
  return {
    weight: `${prefix}convolutions.${b}.weight`,
    bias: `${prefix}convolutions.${b}.bias`,
  };
}

function blockOf(convolution: ConvolutionShape, { channels, pool }: BlockShape, images: number) {
  const { height, width } = convolution.input;
  const numbers = images * channels * height * width / pool ** 2;
  return {
    convolution,
    pool,
    output: new Float32Array(numbers),
    from: new Int32Array(numbers),
  };
}

function layoutOf({ channels, height, width }: ImageSize, byChannel: boolean): PixelLayout {
  const image = channels * height * width;
  return byChannel
    ? { image, pixel: 1, channel: height * width }
    : { image, pixel: channels, channel: 1 };
}

function rowsOf({ convolution: { input } }: Block, count: number): number {
  return count * input.height * input.width;
}

/** Copies the window of each output into its row, or adds the rows to the pixels that they were copied from. */
function copyWindows(
  { convolution: { input, kernel: K, padding: p = 0 }, product: { inputs: D }, layout }: Block,
  count: number,
  pixels: Float32Array,
  windows: Float32Array,
  reverse: boolean,
): void {
  const { channels, height, width } = input, { image, pixel, channel } = layout, area = K * K;
  let row = 0;
  for (let n = 0; n < count; n++) {
    for (let r = 0; r < height; r++) {
      const [top, bottom] = [Math.max(0, p - r), Math.min(K, height + p - r)];
      for (let c = 0; c < width; c++, row += D) {
        const left = Math.max(0, p - c), right = Math.min(K, width + p - c);
        for (let u = top; u < bottom; u++) {
          for (let v = left; v < right; v++) {
            let at = n * image + ((r + u - p) * width + c + v - p) * pixel, to = row + u * K + v;
            if (reverse) {
              for (let i = 0; i < channels; i++, at += channel, to += area) {
                pixels[at] += windows[to];
              }
            } else {
              for (let i = 0; i < channels; i++, at += channel, to += area) {
                windows[to] = pixels[at];
              }
            }
          }
        }
      }
    }
  }
}

/** y = max(0, the largest sum of each square + b); of equal sums, the first counts. */
function poolLargest(block: Block, count: number, bias: Float32Array): void {
  const { convolution: { input, channels }, pool, product: { Y, outputs }, output, from } = block;
  const { height, width } = input, best = new Int32Array(channels);
  let at = 0;
  for (let row = 0; row < count * height; row += pool) { // rows of all images
    for (let column = 0; column < width; column += pool) {
      const corner = (row * width + column) * outputs;
      for (let o = 0; o < channels; o++) best[o] = corner + o;
      for (let place = 1; place < pool * pool; place++) {
        const v = place % pool, u = (place - v) / pool, square = corner + (u * width + v) * outputs;
        for (let o = 0; o < channels; o++) if (Y[square + o] > Y[best[o]]) best[o] = square + o;
      }
      for (let o = 0; o < channels; o++, at++) {
        const largest = Math.fround(Y[best[o]] + bias[o]);
        output[at] = largest > 0 ? largest : Number.isNaN(largest) ? NaN : 0;
        from[at] = largest > 0 ? best[o] : -1;
      }
    }
  }
}

/** Writes ∂L/∂Y in the place of Y, and adds to ∂L/∂b. */
function poolBackward(
  { convolution: { input, channels }, pool, product: { Y, outputs }, from }: Block,
  count: number,
  gOutput: Float32Array,
  gBias: Float32Array,
): void {
  const rows = count * input.height * input.width;
  Y.fill(0, 0, rows * outputs);
  const sums = new Float64Array(channels);
  for (let at = 0; at < rows * channels / pool ** 2; at++) {
    if (from[at] < 0) continue;
    Y[from[at]] = gOutput[at];
    sums[at % channels] += gOutput[at];
  }
  sums.forEach((sum, o) => gBias[o] += sum);
}
