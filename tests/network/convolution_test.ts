import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  type ConvolutionShape,
  type ConvolutionWeights,
  convolve,
  convolveBackward,
  convolvedSize,
  type ImageSize,
  pixelCount,
} from "@/network/convolution.ts";
import { numbers, zerosLike } from "./random_numbers.ts";

/** A convolution whose sizes all differ at times, kernels that hang over the edge included. */
function randomShape(random: RandomSource): ConvolutionShape {
  const [channels, stride] = [random.integer(1, 4), random.integer(1, 4)];
  const input = {
    channels: random.integer(1, 4),
    height: random.integer(3, 7),
    width: random.integer(3, 7),
  };
  return { input, channels, kernel: random.integer(1, 4), stride, padding: random.integer(0, 3) };
}

function randomWeights(random: RandomSource, { input, channels: O, kernel: K }: ConvolutionShape) {
  return { W: numbers(random, O * input.channels * K * K), b: numbers(random, O) };
}

/** The sum as it is written, every index by name. */
function literalConvolution(
  shape: Required<ConvolutionShape>,
  size: ImageSize,
  { W, b }: ConvolutionWeights,
  x: Float64Array,
): number[] {
  const { input: { channels: I, height, width }, kernel: K, stride, padding } = shape;
  const pixel = (i: number, row: number, column: number) =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : x[(i * height + row) * width + column];
  const y: number[] = [];
  for (let o = 0; o < size.channels; o++) {
    for (let r = 0; r < size.height; r++) {
      for (let c = 0; c < size.width; c++) {
        let total = b[o];
        for (let i = 0; i < I; i++) {
          for (let u = 0; u < K; u++) {
            for (let v = 0; v < K; v++) {
              total += W[((o * I + i) * K + u) * K + v] *
                pixel(i, stride * r + u - padding, stride * c + v - padding);
            }
          }
        }
        y.push(total);
      }
    }
  }
  return y;
}

Deno.test("a convolution is the sum that defines it, whatever its kernel, stride and padding", () => {
  const random = seededRandom("convolution");
  for (let n = 0; n < 300; n++) {
    const shape = randomShape(random), weights = randomWeights(random, shape);
    const image = numbers(random, pixelCount(shape.input)), size = convolvedSize(shape);
    const y = convolve(shape, weights, image);
    const wanted = literalConvolution({ stride: 1, padding: 0, ...shape }, size, weights, image);
    assertEquals(y.length, wanted.length);
    wanted.forEach((y_n, i) => assertAlmostEquals(y[i], y_n, 1e-12, JSON.stringify(shape)));
  }
});

Deno.test("a stride and a padding that are left out are 1 and 0", () => {
  const random = seededRandom("defaults"), input = { channels: 2, height: 5, width: 4 };
  const shape = { input, channels: 3, kernel: 2 }, weights = randomWeights(random, shape);
  const image = numbers(random, pixelCount(input));
  assertEquals(
    convolve(shape, weights, image),
    convolve({ ...shape, stride: 1, padding: 0 }, weights, image),
  );
});

Deno.test("the convolution's adjoint agrees with central differences", () => {
  const random = seededRandom("adjoint");
  for (let n = 0; n < 16; n++) {
    const shape = randomShape(random);
    const { passed, kinks, summary } = checkGradient({
      name: JSON.stringify(shape),
      f: ({ weights, image }) => convolve(shape, weights, image),
      adjoint: ({ weights, image }, gOutput) => {
        const gWeights = zerosLike(weights);
        return { gWeights, gImage: convolveBackward(shape, weights, gWeights, image, gOutput) };
      },
      at: {
        weights: randomWeights(random, shape),
        image: numbers(random, pixelCount(shape.input)),
      },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("the gradient by the weights adds up", () => {
  const random = seededRandom("twice"), shape = randomShape(random);
  const weights = randomWeights(random, shape), image = numbers(random, pixelCount(shape.input));
  const gOutput = numbers(random, pixelCount(convolvedSize(shape)));
  const [once, twice] = [zerosLike(weights), zerosLike(weights)];
  convolveBackward(shape, weights, once, image, gOutput);
  for (let n = 0; n < 2; n++) convolveBackward(shape, weights, twice, image, gOutput);
  for (const name of ["W", "b"] as const) {
    twice[name].forEach((g, i) => assertAlmostEquals(g, 2 * once[name][i], 1e-12));
  }
});

Deno.test("sizes that do not fit are refused", () => {
  const input = { channels: 1, height: 2, width: 3 }, shape = { input, channels: 2, kernel: 2 };
  const weights = randomWeights(seededRandom(1), shape), image = new Float64Array(6);
  const refused = (
    changed: Partial<ConvolutionShape>,
    pixels: Float64Array,
    error: typeof TypeError | typeof RangeError,
    message: string,
  ) => {
    const wanted = `Cannot convolve: wanted ${message}`;
    assertThrows(() => convolve({ ...shape, ...changed }, weights, pixels), error, wanted);
  };
  refused({ kernel: 3 }, image, RangeError, "a kernel of at most 2, got 3");
  refused({ stride: 0 }, image, RangeError, "stride of at least 1, got 0");
  refused({ padding: -1 }, image, RangeError, "padding of at least 0, got -1");
  refused({ channels: 3 }, image, TypeError, "12 weights, got 8");
  refused({}, new Float64Array(5), TypeError, "6 numbers in the image, got 5");
  refused({}, new Float64Array(6).fill(NaN), RangeError, "finite numbers in the image");
  assertThrows(
    () => convolve(shape, { ...weights, b: new Float64Array(1) }, image),
    TypeError,
    "Cannot convolve: wanted 2 biases, got 1",
  );
  assertThrows(
    () => convolveBackward(shape, weights, zerosLike(weights), image, new Float64Array(5)),
    TypeError,
    "Cannot reverse a convolution: wanted 4 gradients of the output, got 5",
  );
});
