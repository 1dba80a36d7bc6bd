import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { genderTask, genderVariantTask } from "@/tasks/gender.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { NoTargetError, type Task } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { testGrammarTask } from "./grammar_claims.ts";

const printed = genderTask(), variant = genderVariantTask();
const parts = {
  V: [".75: W1 B2 | W1 B2", ".25: W1 | W1"],
  S: ["the M1 | der M1", "the F1 | die F1", "the N1 | das N1"]
    .flatMap((
      rule,
    ) => [rule, rule.replace("the", "a").replace(/d[ea][rs]/, "ein").replace("die", "eine")])
    .map((rule) => `${1 / 6}: ${rule}`),
  W: ["1: we# | wg#"],
  M: ["1: em# | gm#"],
  F: ["1: ef# | gf#"],
  N: ["1: en# | gn#"],
};
const and = ".25: S1 and S2 | S1 und S2";
const fewWords = ["the", "ef1", "and", "or", "we1"];

testGrammarTask({
  task: printed,
  oracle: {
    count: 25,
    rules: {
      A: ["1: B1 | B1"],
      B: [".25: B1 or B2 | B1 oder B2", and, ".5: B1 V2 | B1 V2"],
      ...parts,
    },
  },
  fewWords,
  acceptance: [.11255, .002169],
});

testGrammarTask({
  task: variant,
  oracle: {
    count: 25,
    rules: {
      A: ["1: B1 V2 | B1 V2"],
      B: [".5: B1 or B2 | B1 oder B2", and, ".25: S1 | S1"],
      ...parts,
    },
  },
  fewWords,
  acceptance: [.55694, .07883],
});

const textOf = ({ vocabulary }: Task, symbols: ArrayLike<number>) =>
  symbolsToText(symbols, vocabulary);
const pairOf = (task: Task, text: string) => task.pairOf!(textToSymbols(text, task.vocabulary));

Deno.test("articles follow the gender of their noun, and the other words have one translation each", () => {
  const text = "the em1 and a ef2 or the en3 and a em4 we5 the ef6 and a en7 we8";
  assertEquals(
    textOf(printed, pairOf(printed, text).target),
    "der gm1 und eine gf2 oder das gn3 und ein gm4 wg5 die gf6 und ein gn7 wg8",
  );
});

Deno.test("the two articles and the three genders come equally often, together too", () => {
  for (const task of [printed, variant]) {
    const lengths = { shortest: 8, longest: 64 }, counts: Record<string, number> = {};
    for (
      const { source } of firstPairs(task, { strings: 2000, seed: 3, purpose: "test", lengths })
    ) {
      for (const [phrase] of textOf(task, source).matchAll(/(the|a) e./g)) {
        counts[phrase] = (counts[phrase] ?? 0) + 1;
      }
    }
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    assertEquals(Object.keys(counts).length, 6);
    for (const count of Object.values(counts)) {
      assertAlmostEquals(count, all / 6, 4 * Math.sqrt(all / 6));
    }
  }
});

Deno.test("articles without nouns, nouns without articles and German words make no sentence", () => {
  for (const task of [printed, variant]) {
    const bad = [
      "the",
      "em1",
      "the the em1 we1",
      "em1 we1",
      "the em1 we1 the",
      "the we1 we1",
      "der gm1 wg1",
    ];
    for (const text of bad) assertThrows(() => pairOf(task, text), NoTargetError, undefined, text);
  }
  assertThrows(() => pairOf(printed, "a ef1 we1"), NoTargetError);
  assertEquals(textOf(variant, pairOf(variant, "a ef1 we1").target), "eine gf1 wg1");
});

Deno.test("gender has 104 words in the source, 107 others in the target, and three marks", () => {
  assertEquals([printed.name, printed.title], ["gender", "gender conjugation"]);
  assertEquals([variant.name, variant.title], ["gender-variant", "gender conjugation (variant)"]);
  const words = printed.vocabulary.words!;
  assertEquals([words.length, variant.vocabulary.size], [211, 214]);
  const isSource = (word: string) => /^(the|a|and|or|we\d+|e[mfn]\d+)$/.test(word);
  const isTarget = (word: string) => /^(der|die|das|eine?|und|oder|wg\d+|g[mfn]\d+)$/.test(word);
  assert(words.slice(0, 104).every(isSource) && words.slice(104).every(isTarget));
  assertEquals(variant.vocabulary.words!.toSorted(), words.toSorted());
});

/** The lengths of 200 sentences. */
function lengthsOf(task: Task, shortest: number, longest: number): number[] {
  const set = { strings: 200, seed: 1, purpose: "test", lengths: { shortest, longest } } as const;
  const lengths = firstPairs(task, set).map(({ source }) => source.length);
  return [...new Set(lengths)].sort((a, b) => a - b);
}

Deno.test("a range without sentences gives the nearest length, the longer of two", () => {
  assertEquals([lengthsOf(printed, 1, 4), lengthsOf(printed, 2, 2)], [[5], [5]]);
  assertEquals([lengthsOf(variant, 1, 1), lengthsOf(variant, 4, 4)], [[3], [5]]);
  assertEquals(lengthsOf(variant, 1000, 1000), [1001]);
  assertEquals(lengthsOf(variant, 1, 10), [3, 5, 6, 8, 9]);
});

Deno.test("of the printed derivations that end, B becomes B or B in .1 of the cases", () => {
  // The range is so long that a derivation which ends and is missed has odds of less than one in a million.
  const set = {
    strings: 6000,
    seed: 2,
    purpose: "test",
    lengths: { shortest: 1, longest: 600 },
  } as const;
  let [or, and, verb, more] = [0, 0, 0, 0];
  for (const { source } of firstPairs(printed, set)) {
    const words = textOf(printed, source).split(" ");
    for (const [i, word] of words.entries()) {
      if (word === "or") or++;
      if (word === "and") and++;
      if (!word.startsWith("we")) continue;
      verb++;
      if (words[i + 1] === "the" || words[i + 1] === "a") more++;
    }
  }
  // Each B is one of B or B, S and S, B V; each V begins with a W, and one with a B has a phrase after it.
  const all = or + and + verb, deviation = Math.sqrt(.25 / all);
  assertAlmostEquals(or / all, .1, 5 * deviation);
  assertAlmostEquals(and / all, .625, 5 * deviation);
  assertAlmostEquals(verb / all, .275, 5 * deviation);
  assertAlmostEquals(more / verb, 6 / 11, 5 * Math.sqrt(.25 / verb));
});

Deno.test("streams of phrases begin with the words that they have always begun with", () => {
  const lengths = { shortest: 3, longest: 9 };
  const set = { strings: 2, seed: 7, purpose: "test", lengths } as const;
  const begun = [printed, variant].map((task) =>
    firstPairs(task, set).map(({ source }) => textOf(task, source))
  );
  assertEquals(begun, [
    ["the en7 and a em9 we17", "a ef3 and the em8"],
    ["a em25 or the ef3 and the en9 we2", "a ef16 we15"],
  ]);
});
