import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { softmax } from "@/math/activations.ts";
import { mean, range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { encoderDecoderGradient, initialEncoderDecoder } from "@/models/encoder_decoder.ts";
import {
  averagedRecord,
  COURSE_LENGTHS,
  GRADIENT_LENGTHS,
  networkPlan,
  type NetworkSetup,
  SCORED_LENGTHS,
  sourceGradients,
  type StudyBudget,
  trainNetwork,
} from "@/studies/reading_orders.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { openStream } from "@/tasks/streams.ts";

const TINY: StudyBudget = {
  symbols: 3,
  hidden: 4,
  embedding: 3,
  updates: 3,
  batch: 2,
  every: 2,
  courseStrings: 2,
  testStrings: 3,
  gradientStrings: 2,
};
const [PLAIN, REVERSED, BOTH]: readonly NetworkSetup[] = [
  { name: "plain" },
  { name: "reversed", reverseSource: true },
  { name: "both", reverseSource: true, reverseTarget: true },
];
const LENGTHS = { shortest: 6, longest: 6 };

for (const bidirectional of [false, true]) {
  Deno.test(`the gradient at a source symbol is that of its embedding, ${bidirectional ? "both directions" : "one direction"}`, () => {
    const sizes = { layers: 1, hidden: 4, embedding: 3, symbols: 6, attentionWidth: 0 };
    const shape = { cell: "lstm", attention: "none", bidirectional, ...sizes } as const;
    const parameters = initialEncoderDecoder(shape, seededRandom(1));
    const string = { source: [2, 0, 3, 1], inputs: [4, 1, 2], targets: [1, 2, 5] };
    for (const t of range(3)) {
      const targets = string.targets.map((target, k) => k === t ? target : -1);
      const strings = [{ ...string, targets }];
      const { gradient } = encoderDecoderGradient(shape, parameters, { strings, outputWeight: 1 });
      const tables = Object.keys(gradient).filter((name) => /encoder\.embedding/.test(name));
      const rows = string.source.map((symbol) =>
        Math.hypot(
          ...tables.flatMap((name) => [...gradient[name].slice(3 * symbol, 3 * symbol + 3)]),
        )
      );
      const found = sourceGradients(shape, parameters, string, t);
      found.forEach((norm, s) => assertAlmostEquals(norm, rows[s], 1e-14));
      assert(found.every((norm) => norm > 0));
    }
    assertEquals(Object.keys(parameters).some((name) => /reverse/.test(name)), bidirectional);
  });
}

Deno.test("a pause comes after the source, in whatever order that is read, and changes nothing else", () => {
  for (const setup of [PLAIN, REVERSED]) {
    const [without, paused] = [0, 3].map((pause) => {
      const { task, order } = networkPlan({ ...setup, pause }, TINY, 1);
      const pair = task.sample(openStream(1, "test", LENGTHS), LENGTHS);
      return { ...layOutSourceAndTarget(task.vocabulary, pair, order), task };
    });
    const { separator } = paused.task.vocabulary;
    assertEquals(paused.source, [...without.source, separator, separator, separator]);
    assertEquals([paused.inputs, paused.targets], [without.inputs, without.targets]);
  }
});

Deno.test("every setup of a seed sees the same pairs", () => {
  const [plain, reversed, both] = [PLAIN, REVERSED, BOTH].map((setup) => {
    const { task, order } = networkPlan(setup, TINY, 1);
    const pair = task.sample(openStream(1, "test", LENGTHS), LENGTHS);
    return layOutSourceAndTarget(task.vocabulary, pair, { reverseSource: order.reverseSource });
  });
  assertEquals(reversed.source, plain.source.toReversed());
  assertEquals(reversed.targets, plain.targets);
  assertEquals(both.source, reversed.source);
  assertEquals(both.targets.slice(0, -1), plain.targets.slice(0, -1).toReversed());
});

Deno.test("a training is measured at intervals, early and at the end, and is the same when it is made again", () => {
  const { record, logits } = trainNetwork(REVERSED, TINY, 1);
  assertEquals(record, trainNetwork(REVERSED, TINY, 1).record);
  assertNotEquals(record.scores, trainNetwork(REVERSED, TINY, 2).record.scores);
  assertEquals(Object.keys(record.course!), ["0", "2", "3"]);
  assertEquals(Object.keys(record.gradient!), ["0", "2", "3"]);
  for (const nats of Object.values(record.course!)) {
    assertEquals(nats.length, COURSE_LENGTHS.length);
  }
  assertEquals(Object.keys(record.scores), SCORED_LENGTHS.map(String));
  SCORED_LENGTHS.forEach((length, n) => {
    assertEquals(record.scores[length].nats.length, length + 1);
    assertEquals(logits[n].length, TINY.testStrings);
  });
});

Deno.test("the gradient is followed to the first target's own symbol: read last if only the source is reversed", () => {
  for (const setup of [PLAIN, REVERSED, BOTH, { ...REVERSED, pause: 2 }]) {
    const { record } = trainNetwork(setup, { ...TINY, updates: 1 }, 1);
    const plan = networkPlan(setup, TINY, 1), { task, shape, order: { reverseSource } } = plan;
    const parameters = initialEncoderDecoder(shape, seededRandom("parameters, seed 1"));
    const measured = GRADIENT_LENGTHS.map((length) => {
      const lengths = { shortest: length, longest: length };
      const random = openStream(1, "test", lengths);
      return mean(
        range(TINY.gradientStrings).map(() => {
          const pair = task.sample(random, lengths);
          const string = layOutSourceAndTarget(task.vocabulary, pair, { reverseSource });
          const norms = sourceGradients(shape, parameters, string, 0);
          return norms[setup === PLAIN || setup === BOTH ? 0 : length - 1];
        }),
      );
    });
    record.gradient![0].forEach((norm, k) =>
      assertAlmostEquals(norm / measured[k], 1, 1e-3, `${setup.name}, ${GRADIENT_LENGTHS[k]}`)
    );
  }
});

Deno.test("averages are of probabilities: of a network with itself its own, of two the mean of both", () => {
  const plain = trainNetwork(PLAIN, TINY, 1);
  // as those of two networks that are sure, and disagree
  const sure = [20, -20].map((scale) =>
    plain.logits.map((strings) => strings.map((all) => all.map((x) => scale * x)))
  );
  const alone = averagedRecord(PLAIN, TINY, 1, [plain.logits, plain.logits]);
  assertEquals(alone, { seed: 1, scores: plain.record.scores });
  const { task } = networkPlan(PLAIN, TINY, 1), lengths = { shortest: 5, longest: 5 };
  const random = openStream(1, "test", lengths), K = task.vocabulary.size;
  const first = range(TINY.testStrings).map((i) => {
    const [symbol] = task.sample(random, lengths).target;
    const given = sure.map((logits) => softmax([...logits[0][i].subarray(0, K)])[symbol]);
    return -Math.log(mean(given));
  });
  const both = averagedRecord(PLAIN, TINY, 1, sure);
  assertAlmostEquals(both.scores[5].nats[0], mean(first), 1e-3);
  assertNotEquals(both.scores, plain.record.scores);
});
