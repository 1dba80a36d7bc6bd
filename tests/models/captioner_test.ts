import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { product, sum } from "@/network/affine.ts";
import { embed } from "@/network/embedding.ts";
import {
  captionerGradient,
  captionerShapes,
  initialCaptioner,
  readImage,
  runCaptioner,
} from "@/models/captioner.ts";
import { targetLoss } from "@/models/decoder.ts";
import { writeGreedily } from "@/models/greedy_writing.ts";
import { tensorsOfPart } from "@/models/named_tensors.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { CAPTIONER_KINDS, randomCaption, randomCaptionerShape } from "./random_images.ts";
import { randomTensors } from "./random_pairs.ts";

for (const kind of CAPTIONER_KINDS) {
  const what = `${kind.cell}, attention ${kind.attention}`;
  Deno.test(`gradients of a captioner agree with central differences: ${what}`, () => {
    const random = seededRandom(`captions ${what}`);
    for (let n = 0; n < 2; n++) {
      const shape = randomCaptionerShape(random, kind);
      const { image, inputs, targets } = randomCaption(random, shape, 3);
      const { passed, kinks, compared, summary } = checkGradient({
        name: JSON.stringify(shape),
        f: (parameters) => {
          const { logits } = runCaptioner(shape, parameters, { image, inputs, targets });
          return [targetLoss(logits, targets, 0.7).loss];
        },
        adjoint: (parameters, [gLoss]) => {
          const images = [{ image, inputs, targets }], outputWeight = 0.7 * gLoss;
          return captionerGradient(shape, parameters, { images, outputWeight }).gradient;
        },
        at: randomTensors(random, captionerShapes(shape)),
        random,
      });
      assert(passed, summary);
      assert(kinks < 0.02 * compared, summary); // where a rectifier or the largest of a square changes
    }
  });
}

Deno.test("the image enters the first step, before its activation, and no other", () => {
  const random = seededRandom("first step");
  const kind = { cell: "rnn", attention: "none" } as const;
  const shape = { ...randomCaptionerShape(random, kind), layers: 1 };
  const parameters = randomTensors(random, captionerShapes(shape));
  const captioned = randomCaption(random, shape, 3);
  const { image, steps } = runCaptioner(shape, parameters, captioned);
  const of = (name: string) => parameters[`decoder.${name}`];
  let h = [...of("cells.0.h0")];
  captioned.inputs.forEach((symbol, t) => {
    const e = embed(of("embedding.weight"), shape.embedding, symbol);
    const sums = sum(
      product(of("cells.0.weight_ih"), e),
      product(of("cells.0.weight_hh"), h),
      of("cells.0.bias"),
    );
    h = (t === 0 ? sum(sums, product(of("image.weight"), image.cells.flat())) : sums).map(
      Math.tanh,
    );
    h.forEach((h_k, k) => assertAlmostEquals(steps[t].cells[0].h[k], h_k, 1e-15));
  });
});

Deno.test("without W_i and attention it is the sequence model, whatever the image", () => {
  const random = seededRandom("blind");
  for (const kind of CAPTIONER_KINDS.filter(({ attention }) => attention === "none")) {
    const shape = randomCaptionerShape(random, kind);
    const parameters = randomTensors(random, captionerShapes(shape));
    parameters["decoder.image.weight"].fill(0);
    const { "image.weight": _, ...own } = tensorsOfPart("decoder", parameters);
    const captioned = randomCaption(random, shape, 4),
      { cell, layers, hidden, embedding, symbols } = shape;
    const model = {
      cell,
      layers,
      hidden,
      embedding,
      symbols,
      memory: "none",
      valueWidth: 0,
    } as const;
    const { logits } = runCaptioner(shape, parameters, captioned);
    assertEquals(logits, runSequence(model, own, captioned).logits);
  }
});

Deno.test("attention reads the cells with their positions: where all score alike, their mean", () => {
  const random = seededRandom("uniform");
  for (const kind of CAPTIONER_KINDS.filter(({ attention }) => attention !== "none")) {
    const shape = randomCaptionerShape(random, kind);
    const parameters = randomTensors(random, captionerShapes(shape));
    parameters["decoder.attention.key.weight"].fill(0);
    const { image: { cells }, steps } = runCaptioner(
      shape,
      parameters,
      randomCaption(random, shape, 3),
    );
    const F = cells[0].length, positions = parameters["position_embedding.weight"];
    for (const { attention } of steps) {
      assertEquals(attention!.weights, [0.5, 0.5]);
      attention!.context.forEach((z, f) =>
        assertAlmostEquals(z, mean(cells.map((cell, s) => cell[f] + positions[s * F + f])), 1e-15)
      );
    }
  }
});

Deno.test("it is fed its own words, and feeds the look of each step into that step", () => {
  const random = seededRandom("greedy"), marks = { start: 0, terminator: 1 };
  let [ended, stopped] = [0, 0];
  for (const kind of [...CAPTIONER_KINDS, ...CAPTIONER_KINDS]) {
    const shape = randomCaptionerShape(random, kind);
    const parameters = randomTensors(random, captionerShapes(shape));
    const { image } = randomCaption(random, shape, 1);
    const { symbols, steps } = writeGreedily(readImage(shape, parameters, image), marks, 5);
    const captioned = { image, inputs: [0, ...symbols.slice(0, -1)], targets: symbols };
    assertEquals(steps, runCaptioner(shape, parameters, captioned).steps);
    for (const { attention, cells: [lowest] } of steps) {
      if (attention) assertEquals(lowest.input.slice(shape.embedding), attention.context);
    }
    symbols.at(-1) === 1 ? ended++ : stopped++;
  }
  assert(ended > 0 && stopped > 0);
});

Deno.test("drawn parameters have open forget gates, and as many tensors as the list", () => {
  const shape = randomCaptionerShape(seededRandom(1), { cell: "lstm", attention: "additive" });
  const parameters = initialCaptioner(shape, seededRandom(2), 1.5), H = shape.hidden;
  assertEquals(Object.keys(parameters), captionerShapes(shape).map(([name]) => name));
  const forget = parameters["decoder.cells.0.bias"].slice(H, 2 * H);
  assertEquals([...forget], new Array(H).fill(1.5));
});

Deno.test("images and captions that do not fit are refused in one sentence", () => {
  const random = seededRandom("refused");
  const shape = randomCaptionerShape(random, { cell: "rnn", attention: "none" });
  const parameters = randomTensors(random, captionerShapes(shape));
  const captioned = randomCaption(random, shape, 2);
  const refused = (changed: Partial<typeof captioned>, message: string) =>
    assertThrows(
      () => runCaptioner(shape, parameters, { ...captioned, ...changed }),
      Error,
      message,
    );
  refused({ image: new Float64Array(3) }, "numbers in the image, got 3");
  refused({ targets: [1] }, "Cannot caption an image: wanted 2 targets of the decoder");
  refused({ inputs: [], targets: [] }, "Cannot caption an image: wanted at least 1 input, got 0");
  assertThrows(
    () => captionerGradient(shape, parameters, { images: [], outputWeight: 1 }),
    RangeError,
    "Cannot run the batch: wanted 1 image or more, got 0",
  );
  assertThrows(
    () => captionerShapes({ ...shape, blocks: [] }),
    RangeError,
    "Cannot encode an image: wanted 1 block or more, got 0",
  );
  const even = [{ channels: 1, kernel: 2, pool: 1 }];
  assertThrows(
    () => captionerShapes({ ...shape, blocks: even }),
    RangeError,
    "Cannot encode an image: wanted kernels of odd width, got 2",
  );
});
