import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { captionerGradient, captionerShapes } from "@/models/captioner.ts";
import { encoderDecoderGradient, encoderDecoderShapes } from "@/models/encoder_decoder.ts";
import { askPyTorchAboutDecoders, type PyTorchResult } from "../pytorch/compare.ts";
import { missing } from "../pytorch/python.ts";
import { CAPTIONER_KINDS, randomCaption, randomCaptionerShape } from "./random_images.ts";
import { PAIR_KINDS, randomPair, randomPairShape, randomTensors } from "./random_pairs.ts";

type Got = ReturnType<typeof encoderDecoderGradient>;

function assertSame({ loss, logits, gradient }: Got, wanted: PyTorchResult, what: string): void {
  assertAlmostEquals(loss, wanted.loss, 1e-12 * Math.max(1, wanted.loss), what);
  logits.forEach((rows, i) =>
    rows.flat().forEach((x, n) => assertAlmostEquals(x, wanted.logits[i][n], 1e-12, what))
  );
  assertEquals(Object.keys(gradient).sort(), Object.keys(wanted.gradients).sort());
  for (const [name, tensor] of Object.entries(gradient)) {
    assertEquals(tensor.length, wanted.gradients[name].length);
    tensor.forEach((g, i) =>
      assertAlmostEquals(g, wanted.gradients[name][i], 1e-12, `${name}: ${what}`)
    );
  }
}

const reason = missing(["torch", "numpy"], false);

function testPyTorch(name: string, fn: () => Promise<void>): void {
  const ignore = reason !== undefined;
  Deno.test({ name: ignore ? `${name} (left out: ${reason})` : name, ignore, fn });
}

testPyTorch("PyTorch gives the same logits, loss and gradients of encoder–decoders", async () => {
  const random = seededRandom("PyTorch and pairs");
  const cases = PAIR_KINDS.map((kind) => {
    const shape = randomPairShape(random, kind), shapes = encoderDecoderShapes(shape);
    const strings = [[4, 3], [1, 2]].map(([S, T]) => randomPair(random, shape, [S, T]));
    const batch = { strings, outputWeight: 0.3 };
    return { shape, shapes, parameters: randomTensors(random, shapes), batch };
  });
  (await askPyTorchAboutDecoders(cases)).forEach((wanted, i) => {
    const { shape, parameters, batch } = cases[i],
      got = encoderDecoderGradient(shape, parameters, batch);
    assertSame(got, wanted, JSON.stringify(shape));
    if (shape.attention !== "none") {
      assert(
        got.gradient["decoder.attention.key.weight"].some((g) => g !== 0),
        JSON.stringify(shape),
      );
    }
  });
});

testPyTorch("PyTorch gives the same logits, loss and gradients of captioners", async () => {
  const random = seededRandom("PyTorch and images");
  const cases = [...CAPTIONER_KINDS, ...CAPTIONER_KINDS].map((kind) => {
    const shape = randomCaptionerShape(random, kind), shapes = captionerShapes(shape);
    const images = [3, 5].map((T) => randomCaption(random, shape, T));
    return {
      shape,
      shapes,
      parameters: randomTensors(random, shapes),
      batch: { images, outputWeight: 0.3 },
    };
  });
  const requests = cases.map((one) => ({
    ...one,
    batch: { ...one.batch, images: one.batch.images.map((x) => ({ ...x, image: [...x.image] })) },
  }));
  (await askPyTorchAboutDecoders(requests)).forEach((wanted, i) => {
    const { shape, parameters, batch } = cases[i];
    assertSame(captionerGradient(shape, parameters, batch), wanted, JSON.stringify(shape));
  });
});
