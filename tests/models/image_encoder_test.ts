import { assert, assertEquals } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import {
  encodeImage,
  encodeImageBackward,
  gridSize,
  imageEncoderShapes,
  imageEncoderWeights,
} from "@/models/image_encoder.ts";
import { zeroTensors } from "@/models/named_tensors.ts";
import { pixelCount } from "@/network/convolution.ts";
import { CAPTIONER_KINDS, randomCaptionerShape } from "./random_images.ts";
import { randomTensors } from "./random_pairs.ts";

Deno.test("by hand: a cell's vector has the largest rectified sum of each channel in its square", () => {
  const image = { channels: 1, height: 2, width: 4 },
    blocks = [{ channels: 2, kernel: 1, pool: 2 }];
  const weights = [{ W: Float64Array.of(1, -2), b: Float64Array.of(0, 3) }];
  const x = Float64Array.of(1, 5, -1, -2, 2, 3, -3, -4); // rows of 4: squares (1 5 2 3), (−1 −2 −3 −4)
  const { cells } = encodeImage({ image, blocks }, weights, x);
  assertEquals(cells, [[5, 3 - 2 * 1], [0, 3 + 2 * 4]]);
});

Deno.test("cells are numbered in reading order, and see only what is near them", () => {
  const random = seededRandom("cells");
  const image = { channels: 3, height: 24, width: 24 };
  const shape = {
    image,
    blocks: [{ channels: 4, kernel: 3, pool: 2 }, { channels: 5, kernel: 3, pool: 4 }],
  };
  const weights = imageEncoderWeights(shape, randomTensors(random, imageEncoderShapes(shape)));
  assertEquals(gridSize(shape), { channels: 5, height: 3, width: 3 });
  const blank = new Float64Array(pixelCount(image)),
    before = encodeImage(shape, weights, blank).cells;
  for (let s = 0; s < 9; s++) {
    const changed = blank.slice(), [row, column] = [8 * Math.floor(s / 3) + 4, 8 * (s % 3) + 4];
    for (let i = 0; i < 3; i++) changed[(i * 24 + row) * 24 + column] = 50;
    const after = encodeImage(shape, weights, changed).cells;
    const moved = after.flatMap((cell, n) => cell.some((f, i) => f !== before[n][i]) ? [n] : []);
    assertEquals(moved, [s]);
  }
});

Deno.test("the image encoder's adjoint agrees with central differences, the image's included", () => {
  const random = seededRandom("encoder");
  for (let n = 0; n < 10; n++) {
    const shape = randomCaptionerShape(random, CAPTIONER_KINDS[0]);
    const image = Float64Array.from({ length: pixelCount(shape.image) }, () => random.normal());
    const { passed, compared, kinks, summary } = checkGradient({
      name: JSON.stringify(shape),
      f: ({ parameters, image }) =>
        encodeImage(shape, imageEncoderWeights(shape, parameters), image).cells,
      adjoint: ({ parameters, image }, gCells) => {
        const gParameters = zeroTensors(imageEncoderShapes(shape));
        const [w, g] = [parameters, gParameters].map((of) => imageEncoderWeights(shape, of));
        const trace = encodeImage(shape, w, image);
        return { gParameters, gImage: encodeImageBackward(shape, w, g, trace, gCells) };
      },
      at: { parameters: randomTensors(random, imageEncoderShapes(shape)), image },
      random,
    });
    assert(passed, summary);
    assert(kinks < 0.1 * compared, summary);
  }
});
