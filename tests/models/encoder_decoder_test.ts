import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { targetLoss } from "@/models/decoder.ts";
import { decoderModelShape } from "@/models/decoder_shape.ts";
import { directionShape } from "@/models/encoder.ts";
import {
  decoderShapeOf,
  encoderDecoderGradient,
  encoderDecoderShapes,
  initialEncoderDecoder,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import { type NamedTensors, tensorsOfPart } from "@/models/named_tensors.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import { PAIR_KINDS, randomPair, randomPairParameters, randomPairShape } from "./random_pairs.ts";

const scaled = (tensors: NamedTensors, factor: number) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [name, x.map((x_i) => factor * x_i)]),
  );

for (const attention of ["none", "additive", "dot-product"] as const) {
  Deno.test(`gradients of an encoder–decoder agree with central differences: attention ${attention}`, () => {
    const random = seededRandom(`pairs ${attention}`);
    const kinds = PAIR_KINDS.filter(({ cell, layers }) => layers === 1 || cell === "rnn");
    for (const kind of kinds.filter((kind) => kind.attention === attention)) {
      const shape = randomPairShape(random, kind);
      const strings = [randomPair(random, shape, [3, 3])], batch = { strings, outputWeight: 0.7 };
      const { passed, kinks, summary } = checkGradient({
        name: JSON.stringify(shape),
        f: (parameters) => {
          const { logits } = runEncoderDecoder(shape, parameters, strings[0]);
          return [targetLoss(logits, strings[0].targets, 0.7).loss];
        },
        adjoint: (parameters, [gLoss]) =>
          scaled(encoderDecoderGradient(shape, parameters, batch).gradient, gLoss),
        at: randomPairParameters(random, shape),
        random,
      });
      assert(passed, summary);
      assertEquals(kinks, 0);
    }
  });
}

Deno.test("without attention it is two sequence models joined by states: logits, loss and gradient", () => {
  const random = seededRandom("two models");
  for (
    const kind of PAIR_KINDS.filter((kind) => kind.attention === "none" && !kind.bidirectional)
  ) {
    const shape = randomPairShape(random, kind), parameters = randomPairParameters(random, shape);
    const [reader, writer] = [directionShape(shape), decoderModelShape(decoderShapeOf(shape))];
    const own = (part: string, of: typeof reader) =>
      Object.assign(zeroParameters(of), tensorsOfPart(part, parameters));
    const strings = [[5, 4], [2, 6]].map(([S, T]) => randomPair(random, shape, [S, T]));
    const outputWeight = 0.3;
    const sources = strings.map(({ source }) => ({
      inputs: source,
      targets: source.map(() => -1),
    }));
    const run = (gFinal?: ReturnType<typeof batchLossAndGradient>["gStart"]) =>
      batchLossAndGradient(reader, own("encoder", reader), {
        strings: sources.map((string, i) => ({ ...string, gFinal: gFinal?.[i] })),
        outputWeight,
      });
    const written = batchLossAndGradient(writer, own("decoder", writer), {
      strings: strings.map(({ inputs, targets }, i) => ({
        inputs,
        targets,
        start: run().final[i],
      })),
      outputWeight,
    });
    const read = run(written.gStart);
    const got = encoderDecoderGradient(shape, parameters, { strings, outputWeight });
    assertEquals(got.logits, written.logits);
    assertAlmostEquals(got.loss, written.loss, 1e-14);
    for (const [part, { gradient }] of [["encoder", read], ["decoder", written]] as const) {
      for (const [name, tensor] of Object.entries(tensorsOfPart(part, got.gradient))) {
        tensor.forEach((g, i) => assertAlmostEquals(g, gradient[name][i], 1e-14, name));
      }
    }
  }
});

Deno.test("drawn parameters have open forget gates, in every part that has cells", () => {
  const sizes = { layers: 2, hidden: 2, embedding: 3, symbols: 5, attentionWidth: 0 };
  const shape = { cell: "lstm", attention: "none", bidirectional: true, ...sizes } as const;
  const parameters = initialEncoderDecoder(shape, seededRandom(1), 1.5);
  assertEquals(Object.keys(parameters), encoderDecoderShapes(shape).map(([name]) => name));
  const biases = Object.entries(parameters).filter(([name]) => /cells\.\d\.bias$/.test(name));
  assertEquals(biases.length, 6);
  for (const [name, b] of biases) {
    const H = name.startsWith("decoder") ? 4 : 2, forget = b.slice(H, 2 * H);
    assertEquals([...forget], new Array(H).fill(1.5));
    assertEquals(b.filter((x) => x !== 0).length, H);
  }
});

Deno.test("pairs and parameters that do not fit are refused in one sentence", () => {
  const random = seededRandom("refused");
  const sizes = { layers: 1, hidden: 2, embedding: 3, symbols: 5, attentionWidth: 0 };
  const shape = { cell: "lstm", attention: "none", ...sizes } as const;
  const parameters = randomPairParameters(random, shape);
  const pair = { source: [0, 1], inputs: [3, 1], targets: [1, 4] };
  const refused = (changed: Partial<typeof pair>, message: string, other = parameters) => {
    const wanted = `Cannot run the encoder–decoder: wanted ${message}`;
    assertThrows(() => runEncoderDecoder(shape, other, { ...pair, ...changed }), Error, wanted);
  };
  refused({ source: [] }, "at least 1 symbol in the source, got 0");
  refused({ source: [5] }, "symbols from 0 to 4 in the source, got 5 at 0");
  refused({ inputs: [], targets: [] }, "at least 1 input, got 0");
  refused({ targets: [1] }, "2 targets of the decoder (one for each input), got 1");
  refused({}, "no tensor decoder.cells.0.h0, got one", {
    ...parameters,
    "decoder.cells.0.h0": new Float64Array(2),
  });
  assertThrows(
    () => encoderDecoderGradient(shape, parameters, { strings: [], outputWeight: 1 }),
    RangeError,
    "Cannot run the batch: wanted 1 pair or more, got 0",
  );
});
