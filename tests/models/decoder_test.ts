import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { checkForced, decoderBackward, runDecoder, startDecoder } from "@/models/decoder.ts";
import { decoderShapes, decoderWeights } from "@/models/decoder_shape.ts";
import { decoderShapeOf, runEncoderDecoder } from "@/models/encoder_decoder.ts";
import {
  PAIR_KINDS,
  randomPair,
  randomPairParameters,
  randomPairShape,
  randomTensors,
} from "./random_pairs.ts";

Deno.test("attention that scores everything alike reads the mean of the encoder's states", () => {
  const random = seededRandom("uniform");
  for (const kind of PAIR_KINDS.filter((kind) => kind.attention !== "none")) {
    const shape = randomPairShape(random, kind), parameters = randomPairParameters(random, shape);
    parameters["decoder.attention.query.weight"].fill(0);
    parameters["decoder.attention.key.weight"].fill(0);
    const { encoder, steps } = runEncoderDecoder(
      shape,
      parameters,
      randomPair(random, shape, [4, 3]),
    );
    const wanted = encoder.states[0].map((_, m) => mean(encoder.states.map((state) => state[m])));
    for (const { attention } of steps) {
      assertEquals(attention!.weights, [0.25, 0.25, 0.25, 0.25]);
      attention!.context.forEach((z, m) => assertAlmostEquals(z, wanted[m], 1e-15));
    }
  }
});

Deno.test("the decoder looks with the state before its step: the first look is the encoder's final state's", () => {
  const random = seededRandom("look");
  const shape = randomPairShape(
    random,
    PAIR_KINDS.find(({ attention }) => attention === "additive")!,
  );
  const parameters = randomPairParameters(random, shape);
  const { encoder, steps } = runEncoderDecoder(
    shape,
    parameters,
    randomPair(random, shape, [3, 4]),
  );
  const queries = steps.map(({ attention }) => attention!.query);
  const tops = steps.map(({ cells }) => cells.at(-1)!.h);
  assertEquals(queries, [encoder.final.at(-1)!.h, ...tops.slice(0, -1)]);
});

Deno.test("what is added to the first sums is added to the bias of the first step alone", () => {
  const random = seededRandom("first sums");
  for (const kind of PAIR_KINDS.filter(({ attention }) => attention === "none")) {
    const shape = decoderShapeOf(randomPairShape(random, kind));
    const parameters = randomTensors(random, decoderShapes(shape));
    const weights = decoderWeights(shape, parameters),
      H = shape.hidden,
      size = weights.cells[0].b.length;
    const numbers = (length: number) => Array.from({ length }, () => random.normal());
    const start = weights.cells.map(() =>
      shape.cell === "lstm" ? { h: numbers(H), c: numbers(H) } : { h: numbers(H) }
    );
    const firstSums = numbers(size), inputs = [0, 1, 1];
    const steps = runDecoder(weights, { start, firstSums }, inputs);
    const biased = {
      ...parameters,
      "cells.0.bias": parameters["cells.0.bias"].map((b, j) => b + firstSums[j]),
    };
    const [first] = runDecoder(decoderWeights(shape, biased), { start }, inputs.slice(0, 1));
    assertEquals(steps[0], first);
    assertEquals(steps.slice(1), runDecoder(weights, { start: first.cells }, inputs.slice(1)));
  }
});

Deno.test("places without attention are refused, and attention without places", () => {
  const random = seededRandom("places");
  for (const attention of ["none", "additive"] as const) {
    const kind = PAIR_KINDS.find((kind) => kind.attention === attention && kind.cell === "rnn")!;
    const shape = decoderShapeOf(randomPairShape(random, kind));
    const weights = decoderWeights(shape, randomTensors(random, decoderShapes(shape)));
    const start = [{ h: new Array(shape.hidden).fill(0) }],
      places = [new Array(shape.hidden).fill(0)];
    const given = attention === "none" ? { start, places } : { start };
    const message = attention === "none"
      ? "wanted no places without attention, got some"
      : "wanted places with attention, got none";
    assertThrows(
      () => startDecoder(weights, given),
      TypeError,
      `Cannot run the decoder: ${message}`,
    );
    const right = attention === "none" ? { start } : { start, places };
    const steps = runDecoder(weights, right, [0, 1]);
    assert(steps.length === 2);
    assertThrows(
      () => decoderBackward(weights, weights, right, steps, [[0]]),
      TypeError,
      "Cannot reverse the decoder: wanted 2 rows of gradients of the logits, got 1",
    );
  }
});

Deno.test("symbols that a decoder does not have are refused", () => {
  assertThrows(
    () => checkForced("write", 3, { inputs: [0, 3], targets: [1, 1] }),
    RangeError,
    "Cannot write: wanted inputs from 0 to 2 of the decoder, got 3 at 1",
  );
  assertThrows(
    () => checkForced("write", 3, { inputs: [0, 1], targets: [-2, 1] }),
    RangeError,
    "Cannot write: wanted targets from -1 to 2 of the decoder, got -2 at 0",
  );
});
