import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import {
  perTokenAccuracy,
  publishedScores,
  rightBeforeMistake,
  type Scores,
  strictScores,
} from "@/tasks/scores.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { expectedAnswer, type Pair } from "@/tasks/task.ts";
import {
  countRightSymbols,
  evaluateGroup,
  evaluateNetwork,
  evaluatePairs,
  groupPairs,
  scoreSets,
  uniteEvaluations,
} from "@/training/evaluation.ts";
import { reverser, ScriptedNetwork, writer } from "../tasks/scripted_network.ts";
import { blanksTask, keepLarge, ruleTask } from "../tasks/toy_tasks.ts";
import { handMadeReverser } from "./hand_made_network.ts";

const task = reversalTask(10), { vocabulary } = task;
const lengths = { shortest: 3, longest: 20 };
const set = { strings: 200, lengths, purpose: "test", seed: 5 } as const;
const pairs = firstPairs(task, set);

/** Reverses, save that it never writes a 7, and ends at a third 4. */
function careless(fed: readonly number[]): number {
  const wanted = reverser(vocabulary)(fed), fours = fed.filter((symbol) => symbol === 4).length;
  return wanted === 7 ? 8 : fours > 4 ? vocabulary.terminator : wanted;
}

const carelessNetwork = () => new ScriptedNetwork(vocabulary, careless);

Deno.test("a network that reverses scores 1, by both ways of counting", () => {
  const network = new ScriptedNetwork(vocabulary, reverser(vocabulary));
  const { strict, published } = evaluateNetwork(network, task, set);
  assertEquals(strict, { strings: 200, exact: 200, coarse: 1, fine: 1 });
  assertEquals(published, strict);
});

Deno.test("scores are those of all answers at once, to the pairs of the stream that was named", () => {
  const { strict, published } = evaluateNetwork(carelessNetwork(), task, set);
  const answers = decodeGreedily(carelessNetwork(), task, pairs.map(({ source }) => source));
  const targets = pairs.map((pair) => expectedAnswer(task, pair));
  for (const [got, score] of [[strict, strictScores], [published, publishedScores]] as const) {
    const wanted = score(answers, targets);
    assertEquals([got.strings, got.exact], [wanted.strings, wanted.exact]);
    assertAlmostEquals(got.coarse, wanted.coarse, 1e-12);
    assertAlmostEquals(got.fine, wanted.fine, 1e-12);
  }
  const others = evaluateNetwork(carelessNetwork(), task, { ...set, purpose: "validation" });
  assert(others.strict.fine !== strict.fine);
});

Deno.test("symbols before the first mistake are counted for each pair, in their order", () => {
  const counts = countRightSymbols(carelessNetwork(), task, pairs);
  const answers = decodeGreedily(carelessNetwork(), task, pairs.map(({ source }) => source));
  const wanted = pairs.map((pair, k) => rightBeforeMistake(answers[k], expectedAnswer(task, pair)));
  assertEquals(counts, wanted);
  const whole = pairs.filter(({ target }, k) => counts[k] === target.length + 1);
  assertEquals(whole.length, 63); // the terminator counts
});

Deno.test("the same pairs have the same scores as ever, to the last digit", () => {
  assertEquals(evaluateNetwork(carelessNetwork(), task, set), {
    strict: { strings: 200, exact: 63, coarse: 0.315, fine: 0.5059906657669816 },
    published: { strings: 200, exact: 63, coarse: 0.315, fine: 0.8255029276279273 },
    perToken: 0.8255029276279273,
  });
});

Deno.test("targets of other lengths than their sources are scored in full", () => {
  const toy = ruleTask(keepLarge(10), 10, (k) => k + 1);
  const right = writer(vocabulary, (source) => source.filter((symbol) => symbol > 4));
  const none = new ScriptedNetwork(vocabulary, () => vocabulary.terminator);
  const all = evaluateNetwork(new ScriptedNetwork(vocabulary, right), toy, set).strict;
  assertEquals(all, { strings: 200, exact: 200, coarse: 1, fine: 1 });
  const empty = firstPairs(toy, set).filter(({ target }) => target.length === 0).length;
  assertEquals([evaluateNetwork(none, toy, set).strict.exact, empty > 0], [empty, true]);
});

Deno.test("a task with blanks is scored by its answers at the blanks", () => {
  const blanks = blanksTask(10), { separator } = vocabulary; // the toy's blank
  const network = (wrong: number) =>
    new ScriptedNetwork(blanks.vocabulary, (fed) => {
      const k = fed.indexOf(separator), answer = k < 0 ? 0 : fed[2 * k - fed.length] ?? 0;
      return answer === wrong ? 0 : answer;
    });
  assertEquals(evaluateNetwork(network(-1), blanks, set).strict.coarse, 1);
  const sound = firstPairs(blanks, set).filter(({ target }) => !target.includes(7)).length;
  assertEquals(evaluateNetwork(network(7), blanks, set).strict.exact, sound);
});

Deno.test("groups hold pairs of like length, 64 at most, and few long ones", () => {
  const sizes = (pairs: readonly Pair[]) => groupPairs(pairs).map(({ length }) => length);
  const groups = groupPairs(pairs);
  assertEquals(sizes(pairs), [64, 64, 64, 8]);
  assertEquals(groups.flat().toSorted((a, b) => a.source.length - b.source.length), groups.flat());
  assertEquals(new Set(groups.flat()), new Set(pairs));
  const ofLength = (k: number): Pair => ({ source: new Int32Array(k), target: new Int32Array(k) });
  assertEquals(sizes([...[40_000, 40_000, 40_000, 200_000].map(ofLength), ofLength(1)]), [2, 2, 1]);
  assertEquals(sizes([ofLength(200_000), ofLength(50_000), ofLength(50_000)]), [2, 1]);
  assertEquals(sizes([]), []);
  const network = carelessNetwork();
  evaluatePairs(network, task, pairs);
  assertEquals(network.groups.map(({ length }) => length), [64, 64, 64, 8]);
});

Deno.test("groups that are scored one by one and united come to the scores of all", () => {
  const parts = groupPairs(pairs).map((group) => evaluateGroup(carelessNetwork(), task, group));
  assertEquals(uniteEvaluations(parts), evaluateNetwork(carelessNetwork(), task, set));
});

Deno.test("united scores are means over strings, whatever the sizes of the parts", () => {
  const random = seededRandom(1), target = [1, 2, 3];
  const answers = pairs.map(() => target.map((symbol) => random.uniform() < 0.8 ? symbol : 0));
  const scored = (answers: number[][]) => {
    const targets = answers.map(() => target);
    return {
      strict: strictScores(answers, targets),
      published: publishedScores(answers, targets),
      perToken: perTokenAccuracy(answers, targets),
    };
  };
  const parts = [[0, 1], [1, 8], [8, 150], [150, 200]].map(([a, b]) => scored(answers.slice(a, b)));
  const united = uniteEvaluations(parts), whole = scored(answers);
  for (const count of ["strict", "published"] as const) {
    assertEquals([united[count].strings, united[count].exact], [200, whole[count].exact]);
    assertEquals(united[count].coarse, whole[count].coarse);
    assertAlmostEquals(united[count].fine, whole[count].fine, 1e-12);
  }
  assertAlmostEquals(united.perToken, whole.perToken, 1e-12);
});

Deno.test("the share of the work that is done only grows, from above 0 to 1", () => {
  const network = new ScriptedNetwork(vocabulary, reverser(vocabulary)), shares: number[] = [];
  const answered: number[] = [];
  evaluateNetwork(network, task, set, (progress) => {
    shares.push(progress.share);
    answered.push(progress.answered);
  });
  assert(shares[0] > 0 && shares[0] < 0.01);
  assert(shares.every((share, i) => share <= 1 && (i === 0 || share >= shares[i - 1])));
  assertEquals([shares.at(-1), answered.at(-1)], [1, 200]);
  assertEquals([...new Set(answered)], [0, 64, 128, 192, 200]);
});

Deno.test("a network that does not end has a share below 1 until it is stopped", () => {
  const network = new ScriptedNetwork(vocabulary, () => 0), shares: number[] = [];
  evaluatePairs(network, task, [task.pairOf!([1, 2, 3])], ({ share }) => shares.push(share));
  assertEquals(shares.length, 10 + 1); // start, three characters, six symbols, and once more at the end
  const whole = shares.filter((share) => share >= 1).length;
  assertEquals([shares.at(-1), whole], [1, 1]);
});

Deno.test("a callback that throws ends an evaluation at that step, and the next one is as ever", () => {
  const network = carelessNetwork(), whole = evaluateNetwork(carelessNetwork(), task, set);
  for (const last of [1, 7, 60, 130]) {
    let left = last;
    const stop = () => {
      if (--left === 0) throw new Error("enough");
    };
    const before = network.groups.length;
    assertThrows(() => evaluateNetwork(network, task, set, stop), Error, "enough");
    // After each group progress is reported once more, without a step.
    const groups = network.groups.slice(before);
    const steps = groups.reduce((sum, [fed]) => sum + fed.length, 0);
    assertEquals(steps, last - (groups.length - 1));
    assertEquals(evaluateNetwork(network, task, set), whole);
  }
});

Deno.test("the engine's stepper is scored as any other network", () => {
  const { shape, task, parameters } = handMadeReverser(10);
  const good = evaluateNetwork(createStepper(shape, parameters), task, set);
  assertEquals(good.strict, { strings: 200, exact: 200, coarse: 1, fine: 1 });
  const stumbling = handMadeReverser(10, 7);
  const bad = evaluateNetwork(createStepper(shape, stumbling.parameters), task, set);
  const withoutSevens = pairs.filter(({ source }) => !source.includes(7)).length;
  assertEquals(bad.strict.exact, withoutSevens);
});

Deno.test("no pairs at all are refused before the network is run", () => {
  const network = new ScriptedNetwork(vocabulary, reverser(vocabulary));
  assertThrows(() => evaluateNetwork(network, task, { ...set, strings: 0 }), RangeError);
  assertThrows(() => evaluatePairs(network, task, []), RangeError, "at least 1 string");
  assertEquals(network.groups.length, 0);
});

const SETS = [
  { purpose: "validation", strings: 5, lengths: { shortest: 1, longest: 3 } },
  { purpose: "test", strings: 2, lengths: { shortest: 20, longest: 20 } },
  { purpose: "test", strings: 10, lengths: { shortest: 4, longest: 6 } },
] as const;

Deno.test("each set of several has the scores of an evaluation by itself, with the run's seed", () => {
  const network = carelessNetwork();
  const found = scoreSets((set, report) => evaluateNetwork(network, task, set, report), 3, SETS);
  const alone = SETS.map((set) =>
    evaluateNetwork(carelessNetwork(), task, { ...set, seed: 3 }).strict
  );
  assertEquals(found, alone);
});

Deno.test("the share of all sets grows to 1, each counted by the symbols that it should have", () => {
  const network = carelessNetwork(), shares: number[] = [], atEnds: number[] = [];
  scoreSets(
    (set, report) => {
      const evaluation = evaluateNetwork(network, task, set, report);
      atEnds.push(shares.at(-1)!);
      return evaluation;
    },
    3,
    SETS,
    { onProgress: (share) => shares.push(share) },
  );
  assertEquals(shares, shares.toSorted((a, b) => a - b));
  assertEquals(atEnds, [10 / 100, 50 / 100, 1]);
});

Deno.test("no set is evaluated after one whose scores say not to go on", () => {
  const network = carelessNetwork(), asked: string[] = [], seen: Scores[] = [];
  const continueWhile = (scores: Scores) => seen.push(scores) < 2;
  const found = scoreSets(
    (set) => {
      asked.push(set.purpose);
      return evaluateNetwork(network, task, set);
    },
    3,
    SETS,
    { continueWhile },
  );
  assertEquals([asked, found], [["validation", "test"], seen]);
});
