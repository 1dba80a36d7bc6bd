import { assertEquals } from "@std/assert";
import { firstPairs } from "@/tasks/streams.ts";
import { svoSovNestedTask, svoSovTask } from "@/tasks/svo_sov.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { testGrammarTask } from "./grammar_claims.ts";

const task = svoSovTask(), { vocabulary } = task;

testGrammarTask({
  task,
  oracle: {
    count: 33,
    rules: {
      A: ["1: S1 V2 O3 | S1 O3 V2"],
      S: [".2: S1 S2 | S1 S2", ".2: S1 rpi S2 V3 | S1 rpo S2 V3", ".6: si# | so#"],
      O: [".2: O1 O2 | O1 O2", ".2: S1 rpi S2 V3 | S1 rpo S2 V3", ".6: oi# | oo#"],
      V: ["1: vi# | vo#"],
    },
  },
  fewWords: ["si1", "rpi", "vi1", "oi1"],
  acceptance: [.3607, .01484],
});

testGrammarTask({
  task: svoSovNestedTask(),
  oracle: {
    count: 33,
    rules: {
      A: ["1: S1 V2 O3 | S1 O3 V2"],
      S: [".1: S1 S2 | S1 S2", ".4: S1 rpi S2 V3 | S1 rpo S2 V3", ".5: si# | so#"],
      O: [".2: O1 O2 | O1 O2", ".2: S1 rpi S2 V3 | S1 rpo S2 V3", ".6: oi# | oo#"],
      V: ["1: vi# | vo#"],
    },
  },
  fewWords: ["si1", "rpi", "vi1", "oi1"],
  acceptance: [0.3312, 0.05419],
});

Deno.test("nested clauses are a task on the same words", () => {
  const nested = svoSovNestedTask();
  assertEquals(nested.name, "svo-sov-nested");
  assertEquals(nested.vocabulary, vocabulary);
});

Deno.test("the paper's sentence is translated as in the paper", () => {
  const translate = (text: string) =>
    symbolsToText(task.pairOf!(textToSymbols(text, vocabulary)).target, vocabulary);
  assertEquals(
    translate("si1 vi28 oi5 oi7 si15 rpi si19 vi16 oi10 oi24"),
    "so1 oo5 oo7 so15 rpo so19 vo16 oo10 oo24 vo28",
  );
});

Deno.test("SVO–SOV has 100 words in the source, 100 others in the target, and three marks", () => {
  assertEquals([task.name, task.title, vocabulary.size], ["svo-sov", "SVO-SOV reordering", 203]);
  const sources = vocabulary.words!.slice(0, 100), targets = vocabulary.words!.slice(100);
  assertEquals(sources.every((word) => /^([svo]i\d+|rpi)$/.test(word)), true);
  assertEquals(targets, sources.map((word) => word.replace("i", "o")));
});

Deno.test("the shortest sentence has three words, and a range without any gives it", () => {
  const drawn = (shortest: number, longest: number) => {
    const lengths = { shortest, longest };
    const pairs = firstPairs(task, { strings: 200, seed: 1, purpose: "test", lengths });
    return [...new Set(pairs.map(({ source }) => source.length))].sort();
  };
  assertEquals([drawn(1, 1), drawn(1, 2), drawn(1, 3), drawn(2, 5)], [[3], [3], [3], [3, 4, 5]]);
});

Deno.test("a stream of sentences begins with the words that it has always begun with", () => {
  const lengths = { shortest: 3, longest: 9 };
  const pairs = firstPairs(task, { strings: 3, seed: 7, purpose: "test", lengths });
  assertEquals(pairs.map(({ source }) => symbolsToText(source, vocabulary)), [
    "si19 vi30 oi21 oi18 si3 rpi si11 vi33 oi33",
    "si23 vi23 si1 si24 rpi si13 vi31",
    "si31 vi27 oi5",
  ]);
});
