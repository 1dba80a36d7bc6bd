import { assertEquals, assertThrows } from "@std/assert";
import { stackManipulationTask } from "@/tasks/stack_manipulation.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { expectedAnswer, NoTargetError } from "@/tasks/task.ts";
import { symbolsToText, symbolText, textToSymbols } from "@/tasks/text.ts";
import { assertDrawnWith, countTexts, uniformOver } from "./chi_square.ts";

const task = stackManipulationTask(), { vocabulary } = task;
const textOf = (symbols: Int32Array) => symbolsToText(symbols, vocabulary);
const pairOf = (text: string) => task.pairOf!(textToSymbols(text, vocabulary));
const draw = (shortest: number, longest: number, strings: number) =>
  firstPairs(task, { strings, seed: 3, purpose: "test", lengths: { shortest, longest } });

/** The stack as a text whose last letter is the top, rewritten instruction by instruction. */
function stackOf(words: readonly string[]): string {
  return words.reduce((stack, word) => {
    if (word === "pop") return stack.slice(0, -1);
    return stack + word.replace("push-", "");
  }, "");
}

Deno.test("of 2,000 pairs, every target is the oracle's stack from the top down", () => {
  for (const pair of draw(1, 60, 2000)) {
    const stack = stackOf(textOf(pair.source).split(" "));
    assertEquals([...pair.target].join(""), stack.split("").reverse().join(""));
    assertEquals(task.pairOf!(pair.source), pair);
    assertEquals([...expectedAnswer(task, pair)], [...pair.target, vocabulary.terminator]);
  }
});

Deno.test("a pair is laid out with one blank more than it has symbols; padding asks for nothing", () => {
  const pop = 2, push0 = 3, push1 = 4, terminator = 5, blank = 6;
  assertEquals(task.layOut(pairOf("1 0 pop push-1 push-0")), {
    inputs: [1, 0, pop, push1, push0, ...new Array(6).fill(blank)],
    targets: [-1, -1, -1, -1, -1, 0, 1, 1, terminator, -1, -1],
    valueTargets: [1, 0, -1, 1, 0, ...new Array(6).fill(-1)],
    popping: [false, false, true, false, false, ...new Array(6).fill(true)],
  });
  assertEquals(task.layOut(pairOf("0")).targets, [-1, 0, terminator]);
  assertEquals(task.layOut(pairOf("0 pop pop")).targets, [-1, -1, -1, terminator, -1, -1, -1]);
});

Deno.test("a pop of an empty stack does nothing", () => {
  assertEquals(textOf(pairOf("1 pop pop pop push-0").target), "0");
});

Deno.test("lengths, heights, bits and instructions are uniform", () => {
  const range = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const lengths = draw(1, 40, 8000).map(({ source }) => String(source.length));
  assertDrawnWith(countTexts(lengths), uniformOver(range(1, 40)));
  const tens = draw(10, 10, 9000).map(({ source }) => textOf(source).split(" "));
  const isBit = (word: string) => word.length === 1;
  const heights = tens.map((words) => String(words.filter(isBit).length));
  assertDrawnWith(countTexts(heights), uniformOver(range(1, 9)));
  assertDrawnWith(countTexts(tens.flat().filter(isBit)), uniformOver(["0", "1"]));
  const instructions = tens.flat().filter((word) => !isBit(word));
  assertDrawnWith(countTexts(instructions), uniformOver(["pop", "push-0", "push-1"]));
  assertEquals(new Set(draw(1, 1, 100).map(({ source }) => textOf(source))), new Set(["0", "1"]));
  assertEquals(
    new Set(draw(2, 2, 100).map(({ source }) => source[0] < 2 && source[1] >= 2)),
    new Set([true]),
  );
});

Deno.test("a source that is not bits, then instructions has no target", () => {
  const refused = [
    ["pop 1", "a bit after an instruction"],
    ["1 pop 0", "a bit after an instruction"],
    ["push-1 pop", "no bit before the first instruction"],
  ];
  for (const [text, got] of refused) {
    const message = `wanted one bit or more, then instructions, got ${got}`;
    assertThrows(() => pairOf(text), NoTargetError, message);
  }
  assertEquals(textOf(pairOf("0 1 1").target), "1 1 0");
});

Deno.test("words are its symbols, and its marks have names", () => {
  assertEquals([0, 2, 4, 5, 6].map((symbol) => symbolText(symbol, vocabulary)), [
    "0",
    "pop",
    "push-1",
    "terminator",
    "blank",
  ]);
  assertEquals(symbolsToText([0, 5], vocabulary), "0"); // the end of an answer
});
