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
import type { NamedTensors } from "@/models/named_tensors.ts";
import { drawDescribedScene } from "@/tasks/drawn_shapes.ts";
import { defaultCaptionSettings } from "@/training/caption_options.ts";
import { captionPlan } from "@/training/caption_plan.ts";
import { captionBatch } from "@/training/caption_run.ts";
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

/** A case of a kind with attention, whose widths are no whole panels. */
function largeCase(random: RandomSource): Case {
  const kind = { cell: "lstm", attention: "additive" } as const;
  const shape = { ...randomCaptionerShape(random, kind), hidden: 11, embedding: 5 };
  return caseOf(random, shape, 4);
}

/** What an optimizer makes of the reference's gradients, in Float64. */
function follow({ shape, parameters, batch }: Case, { rate, clip = Infinity }: Optimizer) {
  const w = structuredClone(parameters);
  const [m, v] = [1, 2].map(() =>
    Object.fromEntries(Object.entries(w).map(([name, x]) => [name, x.map(() => 0)]))
  );
  return (n: number) => {
    const { gradient } = captionerGradient(shape, w, batch), length = normOfAll(gradient);
    const scale = Math.min(1, clip / (length + 1e-6));
    for (const name in w) {
      w[name].forEach((_, i) => {
        const g = gradient[name][i] * scale;
        m[name][i] = 0.9 * m[name][i] + 0.1 * g;
        v[name][i] = 0.999 * v[name][i] + 0.001 * g * g;
        const root = Math.sqrt(v[name][i] / (1 - 0.999 ** n)) + 0.01;
        w[name][i] -= rate * m[name][i] / (1 - 0.9 ** n) / root;
      });
    }
    return { w, m, v, gradientNorm: length };
  };
}

Deno.test("updates are Adam's on the reference's gradient, all parameters clipped together", () => {
  const random = seededRandom("updates of captions");
  for (const share of [0.3, 3]) {
    const c = largeCase(random), engine = engineOf(c);
    const { gradient } = captionerGradient(c.shape, c.parameters, c.batch);
    // with so large an ε what is computed is not the sign of a gradient that is nearly 0
    const own = { rate: 0.05, epsilon: 0.01, clip: share * normOfAll(gradient) };
    const optimizer = { rule: "adam", ...own } as const, reference = follow(c, optimizer);
    for (let n = 1; n <= 3; n++) {
      const { gradientNorm, applied } = engine.update(c.batch, optimizer), wanted = reference(n);
      assert(applied);
      assertAlmostEquals(gradientNorm, wanted.gradientNorm, 3e-5 * wanted.gradientNorm);
      const { steps, first, second } = engine.optimizerState(), got = engine.parameters();
      assertEquals(steps, n);
      for (const name in wanted.w) {
        assertNear(got[name], wanted.w[name], 3e-6 * normOfAll(wanted.w), name);
        assertNear(first[name], wanted.m[name], 1e-4 * normOfAll(wanted.m), `first ${name}`);
        assertNear(second[name], wanted.v[name], 1e-4 * normOfAll(wanted.v), `second ${name}`);
      }
    }
  }
});

Deno.test("an engine that is given another's parameters and optimizer's state goes on as that one does", () => {
  const random = seededRandom("goes on"),
    optimizer = { rule: "adam", rate: 0.01, clip: 1 } as const;
  const c = largeCase(random), [one, two] = [engineOf(c), engineOf(c)];
  one.update(c.batch, optimizer);
  two.setParameters(one.parameters());
  two.setOptimizerState(one.optimizerState());
  for (const engine of [one, two]) engine.update(c.batch, optimizer);
  assertSame(two.parameters(), one.parameters());
  assertSame(two.optimizerState(), one.optimizerState());
});

Deno.test("a batch has the same bits after a larger one, and after one that diverged", () => {
  const random = seededRandom("after a larger one"), c = largeCase(random), engine = engineOf(c);
  const wanted = engine.gradient(c.batch), huge = caseOf(random, c.shape, 9).batch;
  const images = huge.images.map((captioned) => ({
    ...captioned,
    image: captioned.image.map(() => 3e38),
  }));
  const report = engine.update({ ...huge, images }, { rule: "adam", rate: 0.1 });
  assertEquals([report.applied, report.loss], [false, NaN]);
  assertSame(engine.gradient(c.batch), wanted);
});

Deno.test("the decoder, word by word, has the bits of whole captions; its looks are the reference's", () => {
  const random = seededRandom("word by word"), c = largeCase(random), engine = engineOf(c);
  const { images: [captioned] } = c.batch, K = c.shape.symbols;
  const [logits] = engine.logits({ ...c.batch, images: [captioned] });
  const [{ firstSums, places }] = engine.look([captioned.image]), decoder = engine.decoder();
  const feed = readImage(c.shape, c.parameters, captioned.image);
  decoder.start(1, undefined, [places!], [firstSums]);
  captioned.inputs.forEach((symbol, t) => {
    assertSame(decoder.step(Int32Array.of(symbol)), logits.slice(t * K, (t + 1) * K));
    const { weights } = feed(symbol).attention!, [looks] = decoder.placeWeights();
    assertNear(looks, weights, 1e-6, `look ${t}`);
  });
  engine.update(c.batch, { rule: "adam", rate: 0.1 });
  const [after] = engine.logits({ ...c.batch, images: [captioned] });
  const [seen] = engine.look([captioned.image]), next = engine.decoder();
  next.start(1, undefined, [seen.places!], [seen.firstSums]);
  assertSame(next.step(Int32Array.of(captioned.inputs[0])), after.slice(0, K));
});

Deno.test("the network of the command has the reference's gradients, too", () => {
  const random = seededRandom("the command's"), { shape } = captionPlan(defaultCaptionSettings(1));
  const parameters = initialCaptioner(shape, random);
  for (const tensor of Object.values(parameters)) {
    tensor.forEach((x, i) => tensor[i] = Math.fround(x));
  }
  const { images, outputWeight } = captionBatch([1, 2].map(() => drawDescribedScene(random)));
  const rounded = images.map(({ image, ...words }) => ({ image: float32(image), ...words }));
  const batch = { images: rounded, outputWeight };
  const wanted = captionerGradient(shape, parameters, batch).gradient;
  const { gradients } = engineOf({ shape, parameters }).gradient(batch), all = normOfAll(wanted);
  for (const [name, gradient] of Object.entries(wanted)) {
    assertNear(gradients[name], gradient, 1e-5 * norm(gradient) + 2e-8 * all, name);
  }
});

Deno.test("what does not fit is refused in one sentence", () => {
  const random = seededRandom("misfits"), c = largeCase(random), engine = engineOf(c);
  const [captioned] = c.batch.images, pixels = captioned.image.length;
  const refuse = (changed: Partial<typeof captioned>, sentence: string) =>
    assertThrows(
      () => engine.gradient({ ...c.batch, images: [{ ...captioned, ...changed }] }),
      Error,
      `Cannot take the gradient: wanted ${sentence}`,
    );
  refuse({ image: new Float64Array(3) }, `${pixels} numbers in the image, got 3`);
  refuse({ image: captioned.image.map(() => NaN) }, "finite numbers in the image, got NaN at 0");
  refuse({ inputs: [], targets: [] }, "at least 1 input, got 0");
  const none = "wanted 1 image or more, got 0";
  for (const fresh of [engine, engineOf(c)]) {
    assertThrows(() => fresh.gradient({ ...c.batch, images: [] }), RangeError, none);
    assertThrows(() => fresh.look([]), RangeError, `Cannot look at images: ${none}`);
  }
  assertThrows(
    () => engine.setParameters({}),
    TypeError,
    "Cannot set the engine's parameters: wanted",
  );
});
