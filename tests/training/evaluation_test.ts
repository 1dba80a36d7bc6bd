import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { publishedScores, strictScores } from "@/tasks/scores.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { createVocabulary, reversalTarget } from "@/tasks/reversal.ts";
import { evaluateNetwork, evaluationSteps } from "@/training/evaluation.ts";
import { reverser, ScriptedNetwork } from "../tasks/scripted_network.ts";
import { handMadeReverser } from "./hand_made_network.ts";

const symbols = createVocabulary(10);
const lengths = { shortest: 3, longest: 20 };
const set = { strings: 200, lengths, purpose: "test", seed: 5 } as const;
const strings = firstStrings(200, 5, "test", symbols, lengths);

/** Reverses, save that it never writes a 7, and ends at a third 4. */
function careless(fed: readonly number[]): number {
  const wanted = reverser(symbols)(fed), fours = fed.filter((symbol) => symbol === 4).length;
  return wanted === 7 ? 8 : fours > 4 ? symbols.terminator : wanted;
}

Deno.test("a network that reverses scores 1, by both ways of counting", () => {
  const { strict, published } = evaluateNetwork(
    new ScriptedNetwork(symbols, reverser(symbols)),
    symbols,
    set,
  );
  assertEquals(strict, { strings: 200, exact: 200, coarse: 1, fine: 1 });
  assertEquals(published, strict);
});

Deno.test("scores are those of all answers at once, to the strings of the stream that was named", () => {
  const network = () => new ScriptedNetwork(symbols, careless);
  const { strict, published } = evaluateNetwork(network(), symbols, set);
  const answers = decodeGreedily(network(), symbols, strings);
  const targets = strings.map((string) => reversalTarget(symbols, string));
  for (const [got, score] of [[strict, strictScores], [published, publishedScores]] as const) {
    const wanted = score(answers, targets);
    assertEquals([got.strings, got.exact], [wanted.strings, wanted.exact]);
    assertAlmostEquals(got.coarse, wanted.coarse, 1e-12);
    assertAlmostEquals(got.fine, wanted.fine, 1e-12);
  }
  assert(strict.coarse > 0.05 && strict.coarse < 0.5 && published.fine > strict.fine + 0.1);
  const others = evaluateNetwork(network(), symbols, { ...set, purpose: "validation" });
  assert(others.strict.fine !== strict.fine);
});

Deno.test("strings go through in groups of like length, long ones few at a time", () => {
  const network = new ScriptedNetwork(symbols, () => symbols.terminator);
  evaluateNetwork(network, symbols, set);
  assertEquals(network.groups.map((group) => group.length), [64, 64, 64, 8]);
  const spread = network.groups.slice(1).map((group) => group[63]?.indexOf(symbols.separator));
  const sorted = strings.map(({ length }) => length + 1).sort((a, b) => a - b);
  assertEquals(spread, [sorted[127], sorted[191], undefined]);

  const many = new ScriptedNetwork(symbols, () => symbols.terminator);
  const long = [...[40_000, 40_000, 40_000, 200_000].map((k) => new Int32Array(k)), [1]];
  for (const { answered } of evaluationSteps(many, symbols, long)) if (answered === 4) break;
  assertEquals(many.groups.map((group) => group.length), [2, 2]);
});

Deno.test("the share of the work that is done only grows, from above 0 to 1", () => {
  const network = new ScriptedNetwork(symbols, reverser(symbols)), shares: number[] = [];
  const answered: number[] = [];
  evaluateNetwork(network, symbols, set, (progress) => {
    shares.push(progress.share);
    answered.push(progress.answered);
  });
  assert(shares[0] > 0 && shares[0] < 0.01);
  assert(shares.every((share, i) => share <= 1 && (i === 0 || share >= shares[i - 1])));
  assertEquals([shares.at(-1), answered.at(-1)], [1, 200]);
  assertEquals([...new Set(answered)], [0, 64, 128, 192, 200]);
});

Deno.test("a network that does not end has a share below 1 until it is stopped", () => {
  const network = new ScriptedNetwork(symbols, () => 0);
  const shares = [...evaluationSteps(network, symbols, [[1, 2, 3]])].map(({ share }) => share);
  assertEquals(shares.length, 10 + 1); // start, three characters, six symbols, and once more at the end
  const whole = shares.filter((share) => share >= 1).length;
  assertEquals([shares.at(-1), whole], [1, 1]);
});

Deno.test("the engine's stepper is scored as any other network", () => {
  const { shape, symbols, parameters } = handMadeReverser(10);
  const good = evaluateNetwork(createStepper(shape, parameters), symbols, set);
  assertEquals(good.strict, { strings: 200, exact: 200, coarse: 1, fine: 1 });
  const stumbling = handMadeReverser(10, 7);
  const bad = evaluateNetwork(createStepper(shape, stumbling.parameters), symbols, set);
  const withoutSevens = strings.filter((string) => !string.includes(7)).length;
  assertEquals(bad.strict.exact, withoutSevens);
});

Deno.test("no strings, and strings that are none, are refused before anything is asked", () => {
  const network = new ScriptedNetwork(symbols, reverser(symbols));
  assertThrows(() => evaluateNetwork(network, symbols, { ...set, strings: 0 }), RangeError);
  assertThrows(() => evaluationSteps(network, symbols, []).next(), RangeError, "at least 1 string");
  assertThrows(() => evaluationSteps(network, symbols, [[1], [10]]).next(), RangeError, "got 10");
  assertEquals(network.groups.length, 0);
});
