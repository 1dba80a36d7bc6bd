import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { softmax } from "@/math/activations.ts";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import {
  averagedGradient,
  averagedShapes,
  readSourceBothWays,
} from "@/models/averaged_encoder_decoders.ts";
import { encoderDecoderGradient, runEncoderDecoder } from "@/models/encoder_decoder.ts";
import { writeGreedily } from "@/models/greedy_writing.ts";
import { tensorsOfPart } from "@/models/named_tensors.ts";
import { PAIR_KINDS, randomPair, randomPairShape, randomTensors } from "./random_pairs.ts";

const KINDS = PAIR_KINDS.filter(({ layers, bidirectional }) => layers === 1 && !bidirectional);

Deno.test("each probability is the mean of those of a network and of one that reads from the end", () => {
  const random = seededRandom("mean");
  for (const kind of KINDS) {
    const shape = randomPairShape(random, kind);
    const parameters = randomTensors(random, averagedShapes(shape));
    const pair = randomPair(random, shape, [4, 3]);
    const { logits: [got] } = averagedGradient(shape, parameters, {
      strings: [pair],
      outputWeight: 1,
    });
    const [there, back] = ["forwards", "backwards"].map((reader, n) => {
      const source = n === 0 ? pair.source : pair.source.toReversed();
      return runEncoderDecoder(shape, tensorsOfPart(reader, parameters), { ...pair, source })
        .logits;
    });
    got.forEach((log, t) => {
      const [p, q] = [softmax(there[t]), softmax(back[t])];
      log.forEach((x, k) => assertAlmostEquals(Math.exp(x), (p[k] + q[k]) / 2, 1e-14));
    });
  }
});

Deno.test("gradients of averaged predictions agree with central differences", () => {
  const random = seededRandom("gradients");
  for (const kind of KINDS.filter(({ cell }) => cell === "rnn")) { // the cells have tests of their own
    const shape = randomPairShape(random, kind);
    const batch = { strings: [randomPair(random, shape, [3, 2])], outputWeight: 0.7 };
    const { passed, kinks, summary } = checkGradient({
      name: JSON.stringify(shape),
      f: (parameters) => [averagedGradient(shape, parameters, batch).loss],
      adjoint: (parameters, [gLoss]) => {
        const { gradient } = averagedGradient(shape, parameters, batch);
        for (const tensor of Object.values(gradient)) {
          tensor.forEach((g, i) => tensor[i] = gLoss * g);
        }
        return gradient;
      },
      at: randomTensors(random, averagedShapes(shape)),
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("two equal networks on a palindrome are one: its loss, and half of its gradient each", () => {
  const random = seededRandom("palindrome");
  const shape = randomPairShape(random, KINDS[1]), outputWeight = 0.4;
  const parameters = randomTensors(random, averagedShapes(shape));
  for (const [name, tensor] of Object.entries(tensorsOfPart("forwards", parameters))) {
    parameters[`backwards.${name}`] = tensor;
  }
  const strings = [{ ...randomPair(random, shape, [3, 4]), source: [1, 0, 1] }];
  const both = averagedGradient(shape, parameters, { strings, outputWeight });
  const own = tensorsOfPart("forwards", parameters);
  const one = encoderDecoderGradient(shape, own, { strings, outputWeight });
  assertAlmostEquals(both.loss, one.loss, 1e-14);
  for (const [name, tensor] of Object.entries(one.gradient)) {
    for (const reader of ["forwards", "backwards"]) {
      const got = both.gradient[`${reader}.${name}`];
      tensor.forEach((g, i) => assertAlmostEquals(got[i], g / 2, 1e-14, name));
    }
  }
});

Deno.test("both decoders are fed what they wrote together", () => {
  const random = seededRandom("together");
  for (const kind of KINDS) {
    const shape = randomPairShape(random, kind), marks = { start: 0, terminator: 1 };
    const parameters = randomTensors(random, averagedShapes(shape));
    const { source } = randomPair(random, shape, [3, 1]);
    const feed = readSourceBothWays(shape, parameters, source);
    const { symbols, steps } = writeGreedily(feed, marks, 5);
    const string = { source, inputs: [0, ...symbols.slice(0, -1)], targets: symbols };
    const { logits } = averagedGradient(shape, parameters, { strings: [string], outputWeight: 1 });
    assertEquals(steps.map(({ logits }) => logits), logits[0]);
  }
});

Deno.test("no pair is refused", () => {
  const shape = randomPairShape(seededRandom(1), KINDS[0]);
  assertThrows(
    () => averagedGradient(shape, {}, { strings: [], outputWeight: 1 }),
    RangeError,
    "Cannot run the batch: wanted 1 pair or more, got 0",
  );
});
