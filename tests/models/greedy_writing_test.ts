import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { readSource, runEncoderDecoder } from "@/models/encoder_decoder.ts";
import { sourceStepper, writeGreedily } from "@/models/greedy_writing.ts";
import { copyTask } from "@/tasks/copy.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { PAIR_KINDS, randomPair, randomPairParameters, randomPairShape } from "./random_pairs.ts";

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
