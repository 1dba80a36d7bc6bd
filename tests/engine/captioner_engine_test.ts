import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type CaptionerEngine, createCaptionerEngine } from "@/engine/captioner_engine.ts";
import type { Optimizer } from "@/engine/optimizer.ts";
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  type CaptionBatch,
  captionerGradient,
  type CaptionerShape,
  captionerShapes,
  initialCaptioner,
  readImage,
} from "@/models/captioner.ts";
import { gridSize } from "@/models/image_encoder.ts";
import type { NamedTensors } from "@/models/named_tensors.ts";
import { CAPTIONER_KINDS, randomCaption, randomCaptionerShape } from "../models/random_images.ts";
import { randomTensors } from "../models/random_pairs.ts";
import { assertSame } from "../same.ts";
import { BUILDS } from "./reference_comparison.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

interface Case {
  readonly shape: CaptionerShape;
  readonly parameters: NamedTensors;
  readonly batch: CaptionBatch;
}

function float32(numbers: Float64Array): Float64Array {
  return numbers.map(Math.fround);
}

function caseOf(random: RandomSource, shape: CaptionerShape, images: number): Case {
  const parameters = randomTensors(random, captionerShapes(shape));
  for (const [name, [, ...inputs]] of captionerShapes(shape)) {
    const n = inputs.reduce((a, b) => a * b, 1);
    parameters[name].forEach((x, i, all) => all[i] = Math.fround(x / Math.sqrt(n)));
  }
  const captioned = range(images).map(() => randomCaption(random, shape, random.integer(1, 9)));
  const rounded = captioned.map(({ image, ...words }) => ({ image: float32(image), ...words }));
  return { shape, parameters, batch: { images: rounded, outputWeight: Math.fround(0.3) } };
}

/** Shapes as small as those of the reference's tests, and larger ones, whose widths are no whole panels. */
function randomShape(random: RandomSource, kind: typeof CAPTIONER_KINDS[number]): CaptionerShape {
  const small = randomCaptionerShape(random, kind);
  if (random.uniform() < 0.5) return small;
  const width = () => random.integer(3, 14);
  return {
    ...small,
    image: { channels: 3, height: 12, width: 8 },
    blocks: [{ channels: width(), kernel: 5, pool: 2 }, { channels: width(), kernel: 3, pool: 2 }],
    hidden: width(),
    embedding: width(),
    attentionWidth: kind.attention === "none" ? 0 : width(),
  };
}

function engineOf(
  { shape, parameters }: Pick<Case, "shape" | "parameters">,
  options?: Parameters<typeof createCaptionerEngine>[1],
): CaptionerEngine {
  const engine = createCaptionerEngine(shape, options);
  engine.setParameters(parameters);
  return engine;
}

for (const build of BUILDS) {
  for (const kind of CAPTIONER_KINDS) {
    const what = `${build}, ${kind.cell}, ${kind.attention}`;
    Deno.test(`the engine gives the reference's logits, loss and gradients of captions: ${what}`, () => {
      const random = seededRandom(`captions ${what}`);
      for (let n = 0; n < 6; n++) {
        const c = caseOf(random, randomShape(random, kind), random.integer(1, 5));
        const engine = engineOf(c, { build });
        const wanted = captionerGradient(c.shape, c.parameters, c.batch);
        const { loss, gradients } = engine.gradient(c.batch), name = JSON.stringify(c.shape);
        assertAlmostEquals(loss, wanted.loss, 1e-5 * wanted.loss, name);
        engine.logits(c.batch).forEach((rows, i) => {
          const caption = wanted.logits[i].flat();
          assertNear(rows, caption, 1e-5 * norm(caption), `logits of image ${i}, ${name}`);
        });
        assertEquals(Object.keys(gradients), Object.keys(wanted.gradient));
        const all = normOfAll(wanted.gradient);
        for (const [tensor, gradient] of Object.entries(wanted.gradient)) {
          const room = (gradient.length <= 4 ? 1e-7 : 2e-8) * all;
          assertNear(gradients[tensor], gradient, 1e-5 * norm(gradient) + room, tensor + name);
        }
      }
    });
  }
}
