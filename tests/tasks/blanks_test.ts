import { assertEquals, assertThrows } from "@std/assert";
import { bitTask, blanksVocabulary, layOutWithBlanks } from "@/tasks/blanks.ts";
import { duplicateStringTask } from "@/tasks/duplicate_string.ts";
import { oddsFirstTask } from "@/tasks/odds_first.ts";
import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { InPlaceTask } from "@/tasks/task.ts";
import { symbolsToText, symbolText } from "@/tasks/text.ts";
import { assertDrawnWith, countTexts, uniformOver } from "./chi_square.ts";

const BLANK = 2;

/** What each task writes for a string, on strings instead of arrays. */
const ORACLES: [task: InPlaceTask, write: (bits: string) => string][] = [
  [
    reverseBinaryTask(),
    (bits) => bits === "" ? "" : bits.at(-1)! + ORACLES[0][1](bits.slice(0, -1)),
  ],
  [duplicateStringTask(), (bits) => bits.repeat(2)],
  [oddsFirstTask(), (bits) => bits.replace(/(.).?/g, "$1") + bits.replace(/.(.?)/g, "$1")],
];

for (const [task, write] of ORACLES) {
  Deno.test(`${task.name}: of 1,000 pairs, every target is the oracle's, asked for at as many blanks`, () => {
    const lengths = { shortest: 1, longest: 60 };
    const set = { strings: 1000, seed: 1, purpose: "test", lengths } as const;
    for (const pair of firstPairs(task, set)) {
      const { source, target } = pair, answer = write([...source].join(""));
      assertEquals([...target].join(""), answer);
      assertEquals(task.pairOf!([...source]), pair);
      assertEquals(task.layOut(pair), {
        inputs: [...source, ...new Array(answer.length).fill(BLANK)],
        targets: [...new Array(source.length).fill(-1), ...target],
        valueTargets: [...source, ...new Array(answer.length).fill(-1)],
        popping: [...Array.from(source, () => false), ...new Array(answer.length).fill(true)],
      });
    }
  });

  Deno.test(`${task.name}: lengths are uniform, and so are strings of a length`, () => {
    const draw = (shortest: number, longest: number) => {
      const lengths = { shortest, longest };
      return firstPairs(task, { strings: 8000, seed: 2, purpose: "training", lengths });
    };
    const lengths = countTexts(draw(1, 40).map(({ source }) => String(source.length)));
    assertDrawnWith(lengths, uniformOver(Array.from({ length: 40 }, (_, i) => i + 1)));
    const strings = countTexts(draw(3, 3).map(({ source }) => source.join("")));
    assertDrawnWith(strings, uniformOver(["000", "001", "010", "011", "100", "101", "110", "111"]));
  });

  Deno.test(`${task.name}: two bits and a blank, lengths as in the benchmark`, () => {
    const { vocabulary, lengths, autoregressive } = task;
    assertEquals([vocabulary.characters, vocabulary.size, autoregressive], [2, 3, false]);
    assertEquals(lengths.training, { shortest: 1, longest: 40 });
    assertEquals(lengths.test, { shortest: 41, longest: 500 });
    assertEquals(symbolsToText([0, 1, BLANK], vocabulary), "01⟨blank⟩");
    assertEquals([1, BLANK].map((symbol) => symbolText(symbol, vocabulary)), ["1", "blank"]);
    assertThrows(
      () => task.pairOf!([0, BLANK]),
      RangeError,
      "wanted characters from 0 to 1, got 2",
    );
  });
}

Deno.test("the published examples: reversed, twice, and odd places first", () => {
  const answers = ORACLES.map(([task]) => [...task.pairOf!([0, 1, 1, 0, 1]).target].join(""));
  assertEquals(answers, ["10110", "0110101101", "01110"]);
});

Deno.test("a task on bits may have targets of any length", () => {
  const target = (source: Int32Array) => source.filter((bit) => bit === 1);
  const task = bitTask({ name: "ones", title: "ones", target });
  assertEquals(task.layOut(task.pairOf!([1, 0, 1])).targets, [-1, -1, -1, 1, 1]);
});

Deno.test("blanks are as many as are wanted, and values may be none", () => {
  const { blank } = blanksVocabulary("abc"), pops = (symbol: number) => symbol === 2;
  const layout = { blank, blanks: 3, values: [-1, 1, -1], pops };
  assertEquals(layOutWithBlanks([0, 1, 2], [2], layout), {
    inputs: [0, 1, 2, 3, 3, 3],
    targets: [-1, -1, -1, 2, -1, -1],
    valueTargets: [-1, 1, -1, -1, -1, -1],
    popping: [false, false, true, true, true, true],
  });
});

Deno.test("strings of 100,000 bits are written twice, and by places", () => {
  const bits = new Int32Array(100_000).fill(1);
  for (const [task] of ORACLES) {
    assertEquals(task.pairOf!(bits).target.length, task.name === "duplicate-string" ? 2e5 : 1e5);
  }
});
