import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { mean, range, sum } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { initialEncoderDecoder, runEncoderDecoder } from "@/models/encoder_decoder.ts";
import { targetLoss } from "@/models/decoder.ts";
import {
  alignmentMatrix,
  attendWithHiddenWords,
  ATTENTION_EXAM,
  examineAttention,
  HIDDEN_WORDS,
  massOnTrueWords,
  reword,
  WORDINGS,
} from "@/studies/attention_exam.ts";
import {
  ATTENTION_FILE,
  ATTENTION_NETWORK,
  ATTENTION_ROWS,
  ATTENTION_STUDY,
  ATTENTION_TRAINED,
  type AttentionTable,
  trainAttention,
} from "@/studies/attention_study.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { svoSovTask } from "@/tasks/svo_sov.ts";
import { encoderDecoderCommand, encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
import { loadEncoderDecoder } from "@/weights/encoder_decoder_model.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const task = svoSovTask(), words = task.vocabulary.words!;
const sentences = (strings: number, length: number, seed = 1) =>
  firstPairs({ sample: task.sampleAligned }, {
    ...{ strings, seed, purpose: "test" },
    lengths: { shortest: length, longest: length },
  });
const textOf = (symbols: ArrayLike<number>) => Array.from(symbols, (symbol) => words[symbol]);
const kindsOf = (symbols: ArrayLike<number>) =>
  textOf(symbols).map((word) => word.replace(/\d+/, "")).join(" ");

/** A small network with one kind of attention, and its parameters in both precisions. */
function tinyNetwork(attention: "none" | "additive" | "dot-product") {
  const sizes = { layers: 1, hidden: 4, embedding: 3, symbols: task.vocabulary.size };
  const attentionWidth = attention === "none" ? 0 : 4;
  const shape = { cell: "lstm", attention, attentionWidth, ...sizes } as const;
  const single = Object.entries(initialEncoderDecoder(shape, seededRandom(3)))
    .map(([name, tensor]) => [name, Float32Array.from(tensor, (x) => 3 * x)] as const);
  const double = single.map(([name, tensor]) => [name, Float64Array.from(tensor)] as const);
  const plan = { task, shape, order: { reverseSource: false, reverseTarget: false } };
  return { plan, parameters: Object.fromEntries(single), reference: Object.fromEntries(double) };
}

Deno.test("other words make another sentence of the same kinds, and the target still follows the alignment", () => {
  const random = seededRandom(1);
  for (const pair of sentences(30, 20)) {
    for (const wording of WORDINGS) {
      const { source, target, alignment } = reword(pair, wording, random);
      assertEquals(kindsOf(source), kindsOf(pair.source));
      const translated = Array.from(alignment, (s) => words[source[s]].replace("i", "o"));
      assertEquals(textOf(target), translated);
    }
  }
});

Deno.test("words are all different or all the same within their kind, but for the relative pronoun", () => {
  const random = seededRandom(2);
  for (const pair of sentences(30, 24)) {
    const distinct = (wording: "all different" | "all the same") =>
      [...Map.groupBy(reword(pair, wording, random).source, (symbol) => words[symbol][0])]
        .filter(([kind]) => kind !== "r")
        .map(([, same]) => [new Set(same).size, same.length]);
    assert(distinct("all different").every(([size, length]) => size === length));
    assert(distinct("all the same").every(([size]) => size === 1));
  }
  const again = () => reword(sentences(1, 24)[0], "all different", seededRandom(9)).source;
  assertEquals(again(), again());
});

Deno.test("more words than a kind has cannot all be different", () => {
  const source = new Int32Array(36).fill(words.indexOf("si1"));
  source[34] = words.indexOf("vi1");
  source[35] = words.indexOf("oi1");
  const pair = { ...task.pairOf!(source), alignment: Int32Array.of() };
  assertThrows(
    () => reword(pair, "all different", seededRandom(1)),
    RangeError,
    "wanted fewer words that begin with si",
  );
});

Deno.test("the mass on a true word is its weight at the step that is to write it", () => {
  const weights = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0, 1, 0], [0.5, 0.4, 0.1]];
  assertEquals(massOnTrueWords(weights, [0, 2, 1]), [0.7, 0.6, 1]);
});

Deno.test("the examination measures what the reference says of the same sentences", () => {
  for (const attention of ["none", "additive", "dot-product"] as const) {
    const network = tinyNetwork(attention), { shape } = network.plan;
    const exam = { lengths: [3, 6], answered: 6, attended: 4 };
    const { scores, hidden } = examineAttention(network, 5, exam);
    assertEquals(hidden === undefined, attention === "none");
    assertEquals(Object.keys(scores), [...WORDINGS]);
    for (const { length, exact, fine, loss, mass } of scores["as drawn"]) {
      const pairs = sentences(6, length, 5);
      const strings = pairs.map((pair) => layOutSourceAndTarget(task.vocabulary, pair));
      const losses = strings.map((string) =>
        targetLoss(runEncoderDecoder(shape, network.reference, string).logits, string.targets, 1)
          .loss
      );
      assertAlmostEquals(loss, sum(losses) / (6 * (length + 1)), 1e-3);
      assert(exact >= 0 && exact <= 6 && fine >= 0 && fine <= 1);
      if (attention === "none") assertEquals(mass, undefined);
      else {
        const masses = range(4).map((k) =>
          massOnTrueWords(
            alignmentMatrix(shape, network.reference, strings[k]),
            pairs[k].alignment,
          )
        );
        range(length).forEach((t) =>
          assertAlmostEquals(mass![t], mean(masses.map((each) => each[t])), 1e-4)
        );
        assertEquals(mass!.length, length);
      }
    }
  }
});

Deno.test("hidden words are read by the encoder, and weights are over the words of the sentence alone", () => {
  const { plan: { shape }, reference } = tinyNetwork("additive");
  const [pair] = sentences(1, 6), string = layOutSourceAndTarget(task.vocabulary, pair);
  const whole = alignmentMatrix(shape, reference, string);
  assertEquals(attendWithHiddenWords(shape, reference, [], pair), whole);
  const before = [words.indexOf("si1"), words.indexOf("si2")];
  const weights = attendWithHiddenWords(shape, reference, before, pair);
  assertEquals(weights.map((row) => row.length), whole.map(() => 6));
  for (const row of weights) assertAlmostEquals(sum(row), 1, 1e-12);
  // The same decoder with the hidden places in view: what is left of it, scaled up, is what it has without them.
  const longer = { ...string, source: [...before, ...string.source] };
  const [first] = alignmentMatrix(shape, reference, longer);
  const seen = first.slice(2), scaled = seen.map((weight) => weight / sum(seen));
  scaled.forEach((weight, s) => assertAlmostEquals(weights[0][s], weight, 1e-12));
});

Deno.test("a training gives the same record again, of the network that is kept", () => {
  const row = {
    name: "tiny",
    settings: { ...ATTENTION_ROWS[1].settings, hidden: 4, embedding: 3, strings: 320 },
  };
  const exam = { lengths: [3], answered: 4, attended: 2 };
  let kept: Parameters<Parameters<typeof trainAttention>[3] & object> | undefined;
  const record = trainAttention(row, 7, exam, (...network) => kept = network);
  assertEquals(trainAttention(row, 7, exam), record);
  const [plan, { parameters, strings }] = kept!;
  assertEquals([record.seed, record.strings, plan.seed], [7, strings, 7]);
  const { seed: _, strings: __, ...scores } = record;
  assertEquals(examineAttention({ plan, parameters }, 7, exam), scores);
});

Deno.test("seeds that the study does not have are refused", () => {
  const host = { terminal: {} } as Parameters<typeof ATTENTION_STUDY.make>[1];
  assertThrows(
    () => ATTENTION_STUDY.make("", host, { first: 6, last: 9 }),
    Error,
    "wanted some of the seeds 1..5 for --seeds, got 6..9",
  );
});

Deno.test("all rows have the same budget, strings and sizes", () => {
  const common = ATTENTION_ROWS.map(({ settings: { architecture: _a, attention: _b, ...same } }) =>
    same
  );
  common.forEach((settings) => assertEquals(settings, common[0]));
  const { shortest, longest } = ATTENTION_TRAINED;
  assertEquals(common[0].lengths, `${shortest}..${longest}`);
});

Deno.test({
  name: "the table has every row of the study, five seeds of each, with every length and wording",
  ignore: !mayRead,
  fn() {
    const table: AttentionTable = JSON.parse(Deno.readTextFileSync(ATTENTION_FILE));
    assertEquals(Object.keys(table), ATTENTION_ROWS.map(({ name }) => name));
    for (const { name, settings } of ATTENTION_ROWS) {
      assertEquals(table[name].map(({ seed }) => seed), [1, 2, 3, 4, 5]);
      for (const { strings, scores, hidden } of table[name]) {
        assert(strings > 0 && strings <= settings.strings);
        const counts = hidden?.map((score) => score.hidden);
        assertEquals(counts, settings.attention ? HIDDEN_WORDS.counts : undefined);
        assertEquals(Object.keys(scores), [...WORDINGS]);
        for (const own of Object.values(scores)) {
          assertEquals(own.map(({ length }) => length), [...ATTENTION_EXAM.lengths]);
          const lengths = own.map(({ mass }) => mass?.length);
          const wanted = own.map(({ length }) => settings.attention ? length : undefined);
          assertEquals(lengths, wanted);
        }
      }
    }
  },
});

Deno.test({
  name: "the network beside the table is that of its record: its scores are made again",
  ignore: !mayRead,
  fn() {
    const table: AttentionTable = JSON.parse(Deno.readTextFileSync(ATTENTION_FILE));
    const { metadata, parameters, ...plan } = loadEncoderDecoder(disk, ATTENTION_NETWORK);
    const { settings } = encoderDecoderPlan(JSON.parse(metadata.get("settings")!));
    assertEquals(settings, encoderDecoderPlan({ ...ATTENTION_ROWS[1].settings, seed: 1 }).settings);
    assertEquals(metadata.get("command"), encoderDecoderCommand(settings));
    const record = table[ATTENTION_ROWS[1].name][0];
    assertEquals(metadata.get("strings"), `${record.strings}`);
    const exam = { ...ATTENTION_EXAM, lengths: [8] };
    const again = examineAttention({ plan, parameters: { ...parameters } }, record.seed, exam);
    for (const wording of WORDINGS) {
      const stored = record.scores[wording].find(({ length }) => length === 8);
      assertEquals(again.scores[wording][0], stored);
    }
    assertEquals(again.hidden, record.hidden);
    assert(Deno.statSync(ATTENTION_NETWORK).size < 1e6);
  },
});
