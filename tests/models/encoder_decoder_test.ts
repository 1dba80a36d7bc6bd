import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { targetLoss } from "@/models/decoder.ts";
import { decoderModelShape } from "@/models/decoder_shape.ts";
import { directionShape } from "@/models/encoder.ts";
import {
  decoderShapeOf,
  encoderDecoderGradient,
  encoderDecoderShapes,
  initialEncoderDecoder,
  readSource,
  runEncoderDecoder,
} from "@/models/encoder_decoder.ts";
import { sourceStepper, writeGreedily } from "@/models/greedy_writing.ts";
import { type NamedTensors, tensorsOfPart } from "@/models/named_tensors.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import { copyTask } from "@/tasks/copy.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
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

Deno.test("a bidirectional encoder is two, the second of which reads the reversed source", () => {
  const random = seededRandom("both");
  for (const kind of PAIR_KINDS.filter((kind) => kind.bidirectional && kind.attention !== "none")) {
    const shape = randomPairShape(random, kind), parameters = randomPairParameters(random, shape);
    const string = randomPair(random, shape, [5, 2]), { hidden: H } = shape;
    const swapped = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => {
        const other = name.startsWith("encoder.")
          ? `reverse_${name}`
          : name.replace(/^reverse_/, "");
        return [other, tensor];
      }),
    );
    const { encoder } = runEncoderDecoder(shape, parameters, string);
    const other = runEncoderDecoder(shape, swapped, {
      ...string,
      source: string.source.toReversed(),
    }).encoder;
    const turn = (h: number[]) => [...h.slice(H), ...h.slice(0, H)];
    assertEquals(other.states.toReversed().map(turn), encoder.states);
    assertEquals(other.final.map(({ h }) => turn(h)), encoder.final.map(({ h }) => h));
    // each direction's final state is its state at the last symbol that it has read
    assertEquals(encoder.final.at(-1)!.h.slice(0, H), encoder.states.at(-1)!.slice(0, H));
    assertEquals(encoder.final.at(-1)!.h.slice(H), encoder.states[0].slice(H));
  }
});

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

Deno.test("greedy writing feeds the decoder what it wrote, until its own terminator", () => {
  const random = seededRandom("greedy");
  const marks = { start: 0, terminator: 1 };
  let [ended, stopped] = [0, 0];
  for (const kind of PAIR_KINDS) {
    const shape = randomPairShape(random, kind), parameters = randomPairParameters(random, shape);
    const { source } = randomPair(random, shape, [4, 1]);
    const { symbols, steps } = writeGreedily(readSource(shape, parameters, source), marks, 6);
    const inputs = [0, ...symbols.slice(0, -1)];
    const { logits } = runEncoderDecoder(shape, parameters, { source, inputs, targets: symbols });
    assertEquals(steps.map(({ logits }) => logits), logits);
    logits.forEach((x, t) => assertEquals(x[symbols[t]], Math.max(...x)));
    assert(!symbols.slice(0, -1).includes(1));
    symbols.at(-1) === 1 ? ended++ : stopped++;
    if (symbols.at(-1) !== 1) assertEquals(symbols.length, 6);
  }
  assert(ended > 0 && stopped > 0);
});

Deno.test("as a network that reads symbol by symbol it answers as it writes, also from the reversed source", () => {
  const random = seededRandom("stepper"), task = copyTask(3), { vocabulary } = task;
  const sizes = { layers: 1, hidden: 4, embedding: 3, symbols: vocabulary.size, attentionWidth: 3 };
  const shape = { cell: "gru", attention: "additive", ...sizes } as const;
  const parameters = randomPairParameters(random, shape);
  const sources = [[0, 1, 2, 2], [1], [2, 2, 0]];
  const answers = [false, true].map((reverseSource) => {
    const read = (source: readonly number[]) => readSource(shape, parameters, source);
    const network = sourceStepper(read, vocabulary, { reverseSource });
    const answers = decodeGreedily(network, task, sources).map((answer) => [...answer]);
    const wanted = sources.map((source) => {
      const target = Int32Array.of(), pair = { source: Int32Array.from(source), target };
      const laidOut = layOutSourceAndTarget(vocabulary, pair, { reverseSource }).source;
      return writeGreedily(read(laidOut), vocabulary, task.longestTarget(source.length)).symbols;
    });
    assertEquals(answers, wanted);
    return answers;
  });
  assertNotEquals(answers[0], answers[1]);
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
  assertThrows(
    () => encoderDecoderShapes({ ...shape, attentionWidth: 3 }),
    RangeError,
    "Cannot list the decoder's parameters: wanted attentionWidth 0 without attention, got 3",
  );
  assertThrows(
    () => encoderDecoderShapes({ ...shape, attention: "additive" }),
    RangeError,
    "wanted attentionWidth of at least 1, got 0",
  );
});
