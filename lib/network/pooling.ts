/**
 * Max pooling: the largest number of each square of an image, with its gradient.
 *
 * Images are flat arrays, as in `convolution.ts`. Squares do not overlap and cover the image.
 *
 * Source: Ranzato et al. 2007, "Unsupervised Learning of Invariant Feature Hierarchies with Applications to Object
 * Recognition".
 *
 * @module
 */
import { checkVector } from "@/math/shapes.ts";
import { type ImageSize, pixelCount } from "./convolution.ts";

/** What pooling made of an image. */
export interface PoolingStep {
  /** The size of the output. */
  readonly size: ImageSize;
  /** y, channel after channel, by rows. */
  readonly output: Float64Array;
  /** Of each number of y, its place in the image. */
  readonly from: Int32Array;
}

/**
 * Computes the size of the output of pooling.
 *
 * @param input The size of the image.
 * @param square The width and height of a square.
 * @returns The same channels, height ÷ square and width ÷ square.
 * @throws {RangeError} If the squares do not cover the image.
 */
export function pooledSize({ channels, height, width }: ImageSize, square: number): ImageSize {
  const whole = Number.isInteger(height / square) && Number.isInteger(width / square);
  if (!(Number.isSafeInteger(square) && square >= 1 && whole)) {
    const wanted = `squares that cover ${height} × ${width} pixels`;
    throw new RangeError(`Cannot pool: wanted ${wanted}, got squares of ${square}`);
  }
  return { channels, height: height / square, width: width / square };
}

/**
 * Takes the largest number of each square; of equal numbers, the first counts.
 *
 * y[i, r, c] = max over u, v < square of x[i, square r + u, square c + v]
 *
 * Source: Ranzato et al. 2007.
 *
 * @example One square of four.
 * ```ts
 * import { maxPool } from "@/network/pooling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { output, from } = maxPool({ channels: 1, height: 2, width: 2 }, 2, Float64Array.of(1, 7, 3, 7));
 * assertEquals([...output, ...from], [7, 1]);
 * ```
 * @param input The size of the image.
 * @param square The width and height of a square.
 * @param image x.
 * @returns The largest numbers, and where they were.
 * @throws {TypeError} If the image is not of that size.
 * @throws {RangeError} If the squares do not cover the image, or a number is NaN or infinite.
 */
export function maxPool(input: ImageSize, square: number, image: Float64Array): PoolingStep {
  const size = pooledSize(input, square), count = pixelCount(size);
  checkVector("pool", "numbers in the image", image, pixelCount(input));
  const output = new Float64Array(count), from = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const row = Math.floor(at / size.width), column = at % size.width; // rows of all channels
    const corner = row * square * input.width + column * square;
    let best = corner;
    for (let u = 0; u < square; u++) {
      for (let v = 0; v < square; v++) {
        const place = corner + u * input.width + v;
        if (image[place] > image[best]) best = place;
      }
    }
    [output[at], from[at]] = [image[best], best];
  }
  return { size, output, from };
}

/**
 * Reverses {@linkcode maxPool}: the largest number of a square has all of its gradient.
 *
 * @example The largest number was the second.
 * ```ts
 * import { maxPool, maxPoolBackward } from "@/network/pooling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { channels: 1, height: 2, width: 2 };
 * const step = maxPool(size, 2, Float64Array.of(1, 7, 3, 5));
 * assertEquals([...maxPoolBackward(size, step, Float64Array.of(10))], [0, 10, 0, 0]);
 * ```
 * @param input The size of the image.
 * @param step What `maxPool` returned.
 * @param gOutput ∂L/∂y.
 * @returns ∂L/∂x, of the size of the image.
 * @throws {TypeError} If there is not a gradient for each number of y.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function maxPoolBackward(
  input: ImageSize,
  { output, from }: PoolingStep,
  gOutput: Float64Array,
): Float64Array {
  checkVector("reverse pooling", "gradients of the output", gOutput, output.length);
  const gX = new Float64Array(pixelCount(input));
  gOutput.forEach((g, at) => gX[from[at]] += g);
  return gX;
}
