import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { decodeGreedily, type SymbolStepper } from "@/tasks/decoding.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { publishedScores, strictScores } from "@/tasks/scores.ts";
import { createVocabulary, layOutReversal, reversalTarget } from "@/tasks/reversal.ts";
import { reverser, ScriptedNetwork } from "./scripted_network.ts";

const symbols = createVocabulary(10);
const { separator, terminator } = symbols;

Deno.test("a network that reverses is fed what training would feed it, and its answers are the targets", () => {
  const strings = firstStrings(30, 1, "test", symbols, { shortest: 1, longest: 12 });
  const network = new ScriptedNetwork(symbols, reverser(symbols));
  const answers = decodeGreedily(network, symbols, strings, { together: 1 });
  assertEquals(answers, strings.map((string) => reversalTarget(symbols, string)));
  const byLength = strings.toSorted((a, b) => a.length - b.length);
  network.groups.forEach(([fed], i) =>
    assertEquals(fed, layOutReversal(symbols, byLength[i]).inputs)
  );
});

Deno.test("answers come in the strings' order, and do not depend on how many go side by side", () => {
  const strings = firstStrings(23, 2, "test", symbols, { shortest: 1, longest: 9 });
  const wanted = strings.map((string) => reversalTarget(symbols, string));
  for (const together of [1, 2, 7, 23, 64]) {
    const network = new ScriptedNetwork(symbols, reverser(symbols));
    assertEquals(decodeGreedily(network, symbols, strings, { together }), wanted);
    assertEquals(network.groups.length, Math.ceil(23 / together));
  }
});

Deno.test("what was written is fed at the next step, mistakes and marks too", () => {
  const script = (fed: readonly number[]) =>
    fed.length < 5 ? 0 : [7, separator, terminator][fed.length - 5];
  const network = new ScriptedNetwork(symbols, script);
  const [answer] = decodeGreedily(network, symbols, [[1, 2, 3]]);
  assertEquals([...answer], [7, separator, terminator]);
  assertEquals(network.groups[0][0].slice(4), [separator, 7, separator]);
});

Deno.test("a string ends at its own terminator, whatever the others do, and one that never ends after 2k symbols", () => {
  const script = (fed: readonly number[]) =>
    fed[1] === 5 ? 5 : fed.at(-1) === separator ? 6 : terminator;
  const network = new ScriptedNetwork(symbols, script);
  const answers = decodeGreedily(network, symbols, [[5, 0, 0], [1], [2, 0, 0, 0, 0]]);
  assertEquals(answers.map((answer) => [...answer]), [
    [5, 5, 5, 5, 5, 5],
    [6, terminator],
    [6, terminator],
  ]);
  // The longest reading takes 7 steps; the endless writing, 5 steps and then 5 more.
  assertEquals(network.groups[0].map((fed) => fed.length), [10, 10, 10]);
});

Deno.test("a terminator as the last symbol allowed is part of the answer", () => {
  const script = (fed: readonly number[]) => fed.at(-1) === separator ? 3 : terminator;
  const [answer] = decodeGreedily(new ScriptedNetwork(symbols, script), symbols, [[3]]);
  assertEquals([...answer], [3, terminator]);
  assertEquals(strictScores([answer], [reversalTarget(symbols, [3])]).coarse, 1);
});

Deno.test("what a network says while it reads has no effect", () => {
  const reversing = reverser(symbols);
  const loud = (fed: readonly number[]) => fed.includes(separator) ? reversing(fed) : terminator;
  const [answer] = decodeGreedily(new ScriptedNetwork(symbols, loud), symbols, [[4, 2]]);
  assertEquals([...answer], [2, 4, terminator]);
});

Deno.test("of equal logits the first symbol's wins, be they all minus infinity", () => {
  for (const level of [0, -5, -Infinity, Infinity]) {
    const flat: SymbolStepper = {
      start() {},
      step: ({ length }) => new Float32Array(length * symbols.size).fill(level),
    };
    assertEquals([...decodeGreedily(flat, symbols, [[1, 1]])[0]], [0, 0, 0, 0]);
  }
});

Deno.test("no answer is cut off so early that published code would take it for right", () => {
  const strings = firstStrings(300, 3, "test", symbols, { shortest: 1, longest: 6 });
  const targets = strings.map((string) => reversalTarget(symbols, string));
  const reversing = reverser(symbols), random = seededRandom(1);
  // Now and then a symbol goes wrong, be it a terminator that comes too early or not at all.
  const careless = (fed: readonly number[]) =>
    random.uniform() < 0.1 ? random.integer(0, symbols.size) : reversing(fed);
  const answers = decodeGreedily(new ScriptedNetwork(symbols, careless), symbols, strings);
  const [strict, published] = [strictScores, publishedScores].map((f) => f(answers, targets));
  assertEquals(published.exact, strict.exact);
  assert(strict.exact > 50 && strict.exact < 250);
  assert(published.fine > strict.fine);
});

Deno.test("100,000 characters are answered in 200,002 steps", () => {
  const ascii = createVocabulary();
  const [string] = firstStrings(1, 1, "test", ascii, { shortest: 100_000, longest: 100_000 });
  // A pile: the reading goes onto it, the writing comes off it.
  const pile: number[] = [], logits = new Float32Array(ascii.size);
  let isWriting = false, steps = 0;
  const network: SymbolStepper = {
    start() {},
    step([symbol]) {
      steps++;
      if (symbol === ascii.separator) isWriting = true;
      if (isWriting) logits.fill(0)[pile.pop() ?? ascii.terminator] = 1;
      else if (symbol < ascii.characters) pile.push(symbol);
      return logits;
    },
  };
  const [answer] = decodeGreedily(network, ascii, [string]);
  assertEquals(steps, 200_002);
  assert(answer.every((symbol, i) => symbol === (string[99_999 - i] ?? ascii.terminator)));
  assertEquals(answer.buffer.byteLength, 4 * 100_001);
});

Deno.test("NaN, too few logits, no room and strings that are none are refused", () => {
  const give = (logits: Float32Array): SymbolStepper => ({ start() {}, step: () => logits });
  const bad = new Float32Array(symbols.size);
  bad[12] = NaN;
  assertThrows(
    () => decodeGreedily(give(bad), symbols, [[1]]),
    RangeError,
    "got NaN for symbol 12",
  );
  const few = give(new Float32Array(12));
  assertThrows(() => decodeGreedily(few, symbols, [[1]]), TypeError, "wanted 13 logits");
  for (const together of [0, 1.5]) {
    assertThrows(() => decodeGreedily(few, symbols, [[1]], { together }), RangeError, "together");
  }
  assertThrows(() => decodeGreedily(few, symbols, [[1], []]), RangeError, "at least 1 character");
  assertThrows(() => decodeGreedily(few, symbols, [[separator]]), RangeError, "from 0 to 9");
  assertEquals(decodeGreedily(few, symbols, []), []);
});
