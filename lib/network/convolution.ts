/**
 * The two-dimensional convolution of an image, with its gradient.
 *
 * An image is one flat array, channel after channel, each by rows: the number of channel i in row y and column x lies at
 * (i · `height` + y) · `width` + x, as in PyTorch. What is beyond an edge is 0. As everywhere in the field, the kernel
 * is not turned over: strictly, this is a cross-correlation.
 *
 * `I` channels of the input, `O` of the output, `K` the kernel's width and height, s the stride, p the padding.
 *
 * Source: LeCun et al. 1989, "Backpropagation Applied to Handwritten Zip Code Recognition".
 *
 * @module
 */
import { checkVector } from "@/math/shapes.ts";

/** The size of an image. */
export interface ImageSize {
  readonly channels: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** How a convolution goes over an image. */
export interface ConvolutionShape {
  /** The size of what it reads; it has `I` channels. */
  readonly input: ImageSize;
  /** `O`. */
  readonly channels: number;
  /** `K`, the width and the height of the kernel. */
  readonly kernel: number;
  /** s, the distance of neighbouring windows; 1 if left out. */
  readonly stride?: number;
  /** p, rows and columns of 0 beyond each edge; 0 if left out. */
  readonly padding?: number;
}

/** The parameters of a convolution, or their gradients. */
export interface ConvolutionWeights {
  /** `O` × `I` × `K` × `K`, the last of them along a row. */
  readonly W: Float64Array;
  /** `O`. */
  readonly b: Float64Array;
}

/**
 * Computes the size of a convolution's output.
 *
 * height′ = ⌊(height + 2p − K) / s⌋ + 1, and so for the width
 *
 * @example A kernel of 3 with a padding of 1 keeps the size.
 * ```ts
 * import { convolvedSize } from "@/network/convolution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = { input: { channels: 3, height: 24, width: 24 }, channels: 8, kernel: 3 };
 * assertEquals(convolvedSize({ ...shape, padding: 1 }), { channels: 8, height: 24, width: 24 });
 * assertEquals(convolvedSize({ ...shape, stride: 3 }), { channels: 8, height: 8, width: 8 });
 * ```
 * @param shape The convolution's.
 * @returns The size, `O` channels.
 * @throws {RangeError} If a size is not a whole number of at least 1 (the padding's: 0), or the kernel is larger than the
 * padded image.
 */
export function convolvedSize(shape: ConvolutionShape): ImageSize {
  const { input, channels, kernel, stride = 1, padding = 0 } = shape;
  const sizes = { ...input, "output channels": channels, kernel, stride, padding };
  for (const [name, size] of Object.entries(sizes)) {
    const least = name === "padding" ? 0 : 1;
    if (!(Number.isSafeInteger(size) && size >= least)) {
      throw new RangeError(`Cannot convolve: wanted ${name} of at least ${least}, got ${size}`);
    }
  }
  const [height, width] = [input.height, input.width].map((length) => {
    if (length + 2 * padding >= kernel) {
      return Math.floor((length + 2 * padding - kernel) / stride) + 1;
    }
    const wanted = `a kernel of at most ${length + 2 * padding}`;
    throw new RangeError(`Cannot convolve: wanted ${wanted}, got ${kernel}`);
  });
  return { channels, height, width };
}

/**
 * Counts the numbers of an image.
 *
 * @param size Its size.
 * @returns channels · height · width.
 */
export function pixelCount({ channels, height, width }: ImageSize): number {
  return channels * height * width;
}

/**
 * Convolves an image.
 *
 * y[o, r, c] = b_o + Σ_i Σ_u Σ_v W[o, i, u, v] x[i, s r + u − p, s c + v − p]
 *
 * Source: LeCun et al. 1989.
 *
 * @example The differences of neighbours along a row.
 * ```ts
 * import { convolve } from "@/network/convolution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = { input: { channels: 1, height: 2, width: 3 }, channels: 1, kernel: 2 };
 * const weights = { W: new Float64Array([-1, 1, 0, 0]), b: new Float64Array([10]) };
 * assertEquals([...convolve(shape, weights, new Float64Array([1, 2, 4, 0, 0, 0]))], [11, 12]);
 * ```
 * @param shape The convolution's.
 * @param weights Its parameters.
 * @param image x, `I` × height × width.
 * @returns y, `O` × height′ × width′; see {@linkcode convolvedSize}.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a size is out of range, or a number of the image is NaN or infinite.
 */
export function convolve(
  shape: ConvolutionShape,
  weights: ConvolutionWeights,
  image: Float64Array,
): Float64Array {
  const size = checkedSize("convolve", shape, weights), { W, b } = weights;
  checkVector("convolve", "numbers in the image", image, pixelCount(shape.input));
  const y = new Float64Array(pixelCount(size)), area = size.height * size.width;
  for (let o = 0; o < size.channels; o++) y.fill(b[o], o * area, (o + 1) * area);
  forEachWeight(shape, size, (w, rows) => {
    const W_w = W[w], { columns, stride } = rows;
    for (let r = 0; r < rows.count; r++) {
      const [yAt, xAt] = [rows.yAt + r * rows.yRow, rows.xAt + r * rows.xRow];
      for (let n = 0; n < columns; n++) y[yAt + n] += W_w * image[xAt + n * stride];
    }
  });
  return y;
}

/**
 * Reverses {@linkcode convolve}.
 *
 * ∂L/∂b_o += Σ ∂L/∂y[o, r, c]; each y[o, r, c] adds ∂L/∂y x to ∂L/∂W and ∂L/∂y W to ∂L/∂x at every place of its window
 *
 * Source: LeCun et al. 1989.
 *
 * @example A pixel in two windows has two gradients.
 * ```ts
 * import { convolveBackward } from "@/network/convolution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = { input: { channels: 1, height: 1, width: 3 }, channels: 1, kernel: 1, stride: 2 };
 * const weights = { W: new Float64Array([5]), b: new Float64Array([0]) };
 * const gWeights = { W: new Float64Array(1), b: new Float64Array(1) };
 * const [image, gOutput] = [new Float64Array([1, 2, 3]), new Float64Array([10, 100])];
 * const gImage = convolveBackward(shape, weights, gWeights, image, gOutput);
 * assertEquals([...gImage], [50, 0, 500]);
 * assertEquals([gWeights.W[0], gWeights.b[0]], [310, 110]);
 * ```
 * @param shape The convolution's.
 * @param weights Its parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param image What went in, `I` × height × width.
 * @param gOutput ∂L/∂y, `O` × height′ × width′.
 * @returns ∂L/∂x, `I` × height × width.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a size is out of range, or a gradient is NaN or infinite.
 */
export function convolveBackward(
  shape: ConvolutionShape,
  weights: ConvolutionWeights,
  gWeights: ConvolutionWeights,
  image: Float64Array,
  gOutput: Float64Array,
): Float64Array {
  const action = "reverse a convolution", size = checkedSize(action, shape, weights);
  checkedSize(action, shape, gWeights);
  checkVector(action, "numbers in the image", image, pixelCount(shape.input));
  checkVector(action, "gradients of the output", gOutput, pixelCount(size));
  const { W } = weights, gX = new Float64Array(image.length), area = size.height * size.width;
  gOutput.forEach((g, at) => gWeights.b[Math.floor(at / area)] += g);
  forEachWeight(shape, size, (w, rows) => {
    const W_w = W[w], { columns, stride } = rows;
    let gW_w = 0;
    for (let r = 0; r < rows.count; r++) {
      const [yAt, xAt] = [rows.yAt + r * rows.yRow, rows.xAt + r * rows.xRow];
      for (let n = 0; n < columns; n++) {
        gW_w += gOutput[yAt + n] * image[xAt + n * stride];
        gX[xAt + n * stride] += W_w * gOutput[yAt + n];
      }
    }
    gWeights.W[w] += gW_w;
  });
  return gX;
}

/** The places at which one weight is used: rows of outputs, and of the inputs below them. */
interface WeightRows {
  readonly count: number;
  /** Outputs in each row that the weight reaches from within the image. */
  readonly columns: number;
  /** Of the first output in the first row. */
  readonly yAt: number;
  readonly yRow: number;
  /** Of its input. */
  readonly xAt: number;
  readonly xRow: number;
  readonly stride: number;
}

/** Calls `use` with each weight's place in W, o by o, i by i and row by row, and with where it is used. */
function forEachWeight(
  { input, kernel: K, stride = 1, padding = 0 }: ConvolutionShape,
  size: ImageSize,
  use: (w: number, rows: WeightRows) => void,
): void {
  // the outputs r with 0 <= s r + u − p < length
  const reach = (u: number, length: number, outputs: number) => {
    const first = Math.max(0, Math.ceil((padding - u) / stride));
    const last = Math.min(outputs - 1, Math.floor((length - 1 + padding - u) / stride));
    return { first, count: Math.max(0, last - first + 1), from: stride * first + u - padding };
  };
  let w = 0;
  for (let o = 0; o < size.channels; o++) {
    for (let i = 0; i < input.channels; i++) {
      for (let u = 0; u < K; u++) {
        const down = reach(u, input.height, size.height);
        for (let v = 0; v < K; v++, w++) {
          const along = reach(v, input.width, size.width);
          use(w, {
            count: down.count,
            columns: along.count,
            yAt: (o * size.height + down.first) * size.width + along.first,
            yRow: size.width,
            xAt: (i * input.height + down.from) * input.width + along.from,
            xRow: stride * input.width,
            stride,
          });
        }
      }
    }
  }
}

function checkedSize(
  action: string,
  shape: ConvolutionShape,
  { W, b }: ConvolutionWeights,
): ImageSize {
  const { input, channels: O, kernel: K } = shape, size = convolvedSize(shape);
  const weights = O * input.channels * K * K;
  if (W.length !== weights) {
    throw new TypeError(`Cannot ${action}: wanted ${weights} weights, got ${W.length}`);
  }
  if (b.length !== O) throw new TypeError(`Cannot ${action}: wanted ${O} biases, got ${b.length}`);
  return size;
}
