import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { type ImageSize, pixelCount } from "@/network/convolution.ts";
import { maxPool, maxPoolBackward, pooledSize } from "@/network/pooling.ts";
import { numbers } from "./random_numbers.ts";

const random = seededRandom("pooling");

/** An image and the squares that cover it. */
function randomCase() {
  const square = random.integer(1, 4);
  const [channels, rows, columns] = [1, 2, 3].map(() => random.integer(1, 4));
  const size: ImageSize = { channels, height: rows * square, width: columns * square };
  return { square, size, image: numbers(random, pixelCount(size)) };
}

Deno.test("each output is the largest number of its square", () => {
  for (let n = 0; n < 100; n++) {
    const { square, size, image } = randomCase(), step = maxPool(size, square, image);
    assertEquals(step.size, pooledSize(size, square));
    const { height, width } = step.size;
    for (let i = 0; i < size.channels; i++) {
      for (let r = 0; r < height; r++) {
        for (let c = 0; c < width; c++) {
          const places: number[] = [];
          for (let u = 0; u < square; u++) {
            for (let v = 0; v < square; v++) {
              places.push((i * size.height + r * square + u) * size.width + c * square + v);
            }
          }
          const at = (i * height + r) * width + c;
          assertEquals(step.output[at], Math.max(...places.map((place) => image[place])));
          assert(places.includes(step.from[at]));
        }
      }
    }
  }
});

Deno.test("of equal numbers the first has the gradient", () => {
  const size = { channels: 2, height: 2, width: 2 };
  const step = maxPool(size, 2, new Float64Array(8));
  const gImage = maxPoolBackward(size, step, Float64Array.of(3, 5));
  assertEquals([...gImage], [3, 0, 0, 0, 5, 0, 0, 0]);
});

Deno.test("the adjoint of pooling agrees with central differences", () => {
  for (let n = 0; n < 20; n++) {
    const { square, size, image } = randomCase();
    const { passed, compared, summary } = checkGradient({
      name: JSON.stringify({ square, size }),
      f: ({ image }) => maxPool(size, square, image).output,
      adjoint: ({ image }, gOutput) => ({
        gImage: maxPoolBackward(size, maxPool(size, square, image), gOutput),
      }),
      at: { image },
      random,
    });
    assert(passed && compared > 0.9 * image.length, summary);
  }
});

Deno.test("squares that do not cover the image are refused, and an image of another size", () => {
  const size = { channels: 1, height: 4, width: 6 };
  for (const square of [4, 0, 1.5]) {
    assertThrows(
      () => maxPool(size, square, new Float64Array(24)),
      RangeError,
      `Cannot pool: wanted squares that cover 4 × 6 pixels, got squares of ${square}`,
    );
  }
  assertThrows(
    () => maxPool(size, 2, new Float64Array(23)),
    TypeError,
    "Cannot pool: wanted 24 numbers in the image, got 23",
  );
  const step = maxPool(size, 2, new Float64Array(24));
  assertThrows(
    () => maxPoolBackward(size, step, new Float64Array(5)),
    TypeError,
    "Cannot reverse pooling: wanted 6 gradients of the output, got 5",
  );
});
