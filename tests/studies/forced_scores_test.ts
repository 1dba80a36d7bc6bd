import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { initialEncoderDecoder } from "@/models/encoder_decoder.ts";
import { forcedScores } from "@/studies/forced_scores.ts";
import { copyTask } from "@/tasks/copy.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { strictScores } from "@/tasks/scores.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";

Deno.test("what is fed makes no difference to the scores of greedy decoding", () => {
  const task = copyTask(2), { vocabulary } = task, { size: symbols } = vocabulary;
  const sizes = { layers: 1, hidden: 8, embedding: 4, symbols, attentionWidth: 0 };
  const shape = { cell: "lstm", attention: "none", ...sizes } as const;
  const engine = createEncoderDecoderEngine(shape, { build: "strict" });
  const random = seededRandom(1), lengths = { shortest: 2, longest: 2 };
  engine.setParameters(initialEncoderDecoder(shape, random));
  const draw = (count: number) => range(count).map(() => task.sample(random, lengths));
  const layOut = (pairs: ReturnType<typeof draw>) => ({
    strings: pairs.map((pair) => layOutSourceAndTarget(vocabulary, pair)),
    outputWeight: 1 / pairs.length,
  });
  const found = range(12).map(() => {
    for (let n = 0; n < 3; n++) engine.update(layOut(draw(16)), { rule: "adam", rate: 0.01 });
    const pairs = draw(40), { strings } = layOut(pairs);
    const targets = strings.map(({ targets }) => targets);
    const logits = engine.logits({ strings, outputWeight: 1 });
    const sources = pairs.map(({ source }) => source);
    const answers = decodeGreedily(engineSourceStepper(engine, vocabulary), task, sources);
    const { exact, fine } = forcedScores(logits, targets), greedy = strictScores(answers, targets);
    assertEquals(exact, greedy.exact);
    assertAlmostEquals(fine, greedy.fine, 1e-12);
    return exact;
  });
  engine.close();
  assert(Math.min(...found) < 20 && Math.max(...found) > 0, `found ${found}`);
});

Deno.test("the cross-entropy is averaged over the strings, position by position", () => {
  const logits = [[0, 0, Math.log(3), 0], [Math.log(7), 0, 0, 0]];
  const { nats } = forcedScores(logits, [[0, 0], [1, 1]]);
  assertAlmostEquals(nats[0], (Math.log(2) + Math.log(8)) / 2, 1e-12);
  assertAlmostEquals(nats[1], (Math.log(4 / 3) + Math.log(2)) / 2, 1e-12);
});

Deno.test("targets that cannot be scored are refused", () => {
  assertThrows(() => forcedScores([], []), RangeError, "wanted at least 1 with a symbol, got none");
  assertThrows(() => forcedScores([[]], [[]]), RangeError, "got none");
  assertThrows(
    () => forcedScores([[0, 0], [0, 0, 0, 0]], [[0], [0, 0]]),
    TypeError,
    "wanted one length, got 1, 2",
  );
  assertThrows(
    () => forcedScores([[0, 0]], [[0], [1]]),
    TypeError,
    "wanted logits of 2 strings, got 1",
  );
});
