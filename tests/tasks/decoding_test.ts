import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { copyTask } from "@/tasks/copy.ts";
import { answerPairs, decodeGreedily, type SymbolStepper } from "@/tasks/decoding.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import { publishedScores, strictScores } from "@/tasks/scores.ts";
import { firstPairs } from "@/tasks/streams.ts";
import {
  type AutoregressiveTask,
  expectedAnswer,
  type LengthRange,
  type Pair,
  type Task,
} from "@/tasks/task.ts";
import { reverser, type Script, ScriptedNetwork, writer } from "./scripted_network.ts";
import { blanksTask, doubleEach, firstOnly, keepLarge, ruleTask } from "./toy_tasks.ts";

const task = reversalTask(10), { vocabulary } = task;
const { start, separator, terminator } = vocabulary;

const pairsOf = (task: Task, strings: number, seed: number, lengths: LengthRange) =>
  firstPairs(task, { strings, seed, purpose: "test", lengths });
const sourcesOf = (pairs: readonly Pair[]) => pairs.map(({ source }) => source);
const answersTo = (task: Task, pairs: readonly Pair[]) =>
  pairs.map((pair) => expectedAnswer(task, pair));

/** Autoregressive tasks, and networks that have learned them. */
const LEARNED: Record<string, { task: AutoregressiveTask; script: Script }> = {
  "reversal": { task, script: reverser(vocabulary) },
  "copying": { task: copyTask(10), script: writer(vocabulary, (source) => source) },
  "a task with longer targets": {
    task: ruleTask(doubleEach, 10, (k) => 2 * k + 1),
    script: writer(vocabulary, (source) => source.flatMap((symbol) => [symbol, symbol])),
  },
  "a task with shorter targets": {
    task: ruleTask(firstOnly, 10, () => 2),
    script: writer(vocabulary, ([first]) => [first]),
  },
  "a task with targets of any length": {
    task: ruleTask(keepLarge(10), 10, (k) => k + 1),
    script: writer(vocabulary, (source) => source.filter((symbol) => symbol > 4)),
  },
};

for (const [name, { task, script }] of Object.entries(LEARNED)) {
  Deno.test(`a network is fed what training feeds it, and answers right: ${name}`, () => {
    const pairs = pairsOf(task, 30, 1, { shortest: 1, longest: 12 });
    const network = new ScriptedNetwork(vocabulary, script);
    const answers = decodeGreedily(network, task, sourcesOf(pairs), { batch: 1 });
    assertEquals(answers, answersTo(task, pairs));
    const byLength = pairs.toSorted((a, b) => a.source.length - b.source.length);
    network.groups.forEach(([fed], i) => assertEquals(fed, task.layOut(byLength[i]).inputs));
  });
}

Deno.test("answers come in the strings' order, and do not depend on how many go side by side", () => {
  const pairs = pairsOf(task, 23, 2, { shortest: 1, longest: 9 });
  for (const batch of [1, 2, 7, 23, 64]) {
    const network = new ScriptedNetwork(vocabulary, reverser(vocabulary));
    const answers = decodeGreedily(network, task, sourcesOf(pairs), { batch });
    assertEquals(answers, answersTo(task, pairs));
    assertEquals(network.groups.length, Math.ceil(23 / batch));
  }
});

const SCRIPTS: Record<string, Script> = {
  "a right one": reverser(vocabulary),
  "one that never ends": () => 3,
  "one that ends at once": () => terminator,
  "one that writes marks": (fed) => [separator, start, 1, terminator][fed.length % 4],
  "one that depends on what it wrote": (fed) =>
    (fed[fed.length - 1] * 7 + fed.length) % vocabulary.size,
};

for (const [name, script] of Object.entries(SCRIPTS)) {
  Deno.test(`answers to pairs are those of greedy decoding: ${name}`, () => {
    const pairs = pairsOf(task, 30, 1, { shortest: 1, longest: 12 });
    const own = new ScriptedNetwork(vocabulary, script);
    const network = new ScriptedNetwork(vocabulary, script);
    const batch = { batch: pairs.length };
    const wanted = decodeGreedily(network, task, sourcesOf(pairs), batch);
    assertEquals(answerPairs(own, task, pairs), wanted);
    const byLength = (a: number[], b: number[]) => a.indexOf(separator) - b.indexOf(separator);
    assertEquals(own.groups[0].toSorted(byLength), network.groups[0]);
  });
}

Deno.test("the callback comes after every step of the network, and stops it by throwing", () => {
  const sources = [[1, 2], [3, 4, 5]], pairs = sources.map((source) => task.pairOf!(source));
  for (
    const decode of [
      (network: SymbolStepper, onStep: () => void) => answerPairs(network, task, pairs, onStep),
      (network: SymbolStepper, onStep: () => void) =>
        decodeGreedily(network, task, sources, { onStep }),
    ]
  ) {
    const network = new ScriptedNetwork(vocabulary, reverser(vocabulary));
    let steps = 0;
    decode(network, () => {
      steps++;
      assertEquals(network.groups[0].map(({ length }) => length), [steps, steps]);
    });
    assertEquals(steps, 2 * 3 + 2);
    let left = 3;
    const stop = () => {
      if (--left === 0) throw new Error("enough");
    };
    assertThrows(() => decode(network, stop), Error, "enough");
    assertEquals(network.groups[1].map(({ length }) => length), [3, 3]);
  }
});

Deno.test("what was written is fed at the next step, mistakes and marks too", () => {
  const script = (fed: readonly number[]) =>
    fed.length < 5 ? 0 : [7, separator, terminator][fed.length - 5];
  const network = new ScriptedNetwork(vocabulary, script);
  const [answer] = decodeGreedily(network, task, [[1, 2, 3]]);
  assertEquals([...answer], [7, separator, terminator]);
  assertEquals(network.groups[0][0].slice(4), [separator, 7, separator]);
});

Deno.test("a string ends at its own terminator; one that never ends, after the longest target", () => {
  const script = (fed: readonly number[]) =>
    fed[1] === 5 ? 5 : fed.at(-1) === separator ? 6 : terminator;
  const network = new ScriptedNetwork(vocabulary, script);
  const answers = decodeGreedily(network, task, [[5, 0, 0], [1], [2, 0, 0, 0, 0]]);
  assertEquals(answers.map((answer) => [...answer]), [
    [5, 5, 5, 5, 5, 5],
    [6, terminator],
    [6, terminator],
  ]);
  // The longest reading takes 7 steps; the endless writing, 5 steps and then 5 more.
  assertEquals(network.groups[0].map((fed) => fed.length), [10, 10, 10]);
  const short = ruleTask(firstOnly, 10, () => 2);
  const [answer] = decodeGreedily(new ScriptedNetwork(vocabulary, () => 5), short, [[1, 2, 3, 4]]);
  assertEquals([...answer], [5, 5]);
});

Deno.test("a terminator as the last symbol allowed is part of the answer", () => {
  const script = (fed: readonly number[]) => fed.at(-1) === separator ? 3 : terminator;
  const [answer] = decodeGreedily(new ScriptedNetwork(vocabulary, script), task, [[3]]);
  assertEquals([...answer], [3, terminator]);
  assertEquals(strictScores([answer], [expectedAnswer(task, task.pairOf!([3]))]).coarse, 1);
});

Deno.test("what a network says while it reads has no effect", () => {
  const reversing = reverser(vocabulary);
  const loud = (fed: readonly number[]) => fed.includes(separator) ? reversing(fed) : terminator;
  const [answer] = decodeGreedily(new ScriptedNetwork(vocabulary, loud), task, [[4, 2]]);
  assertEquals([...answer], [2, 4, terminator]);
});

Deno.test("of equal logits the first symbol's wins, be they all minus infinity", () => {
  for (const level of [0, -5, -Infinity, Infinity]) {
    const flat: SymbolStepper = {
      start() {},
      step: ({ length }) => new Float32Array(length * vocabulary.size).fill(level),
    };
    assertEquals([...decodeGreedily(flat, task, [[1, 1]])[0]], [0, 0, 0, 0]);
  }
});

Deno.test("no answer is cut off so early that published code would take it for right", () => {
  const pairs = pairsOf(task, 300, 3, { shortest: 1, longest: 6 });
  const reversing = reverser(vocabulary), random = seededRandom(1);
  // Now and then a symbol goes wrong, be it a terminator that comes too early or not at all.
  const careless = (fed: readonly number[]) =>
    random.uniform() < 0.1 ? random.integer(0, vocabulary.size) : reversing(fed);
  const answers = decodeGreedily(new ScriptedNetwork(vocabulary, careless), task, sourcesOf(pairs));
  const [strict, published] = [strictScores, publishedScores].map((score) =>
    score(answers, answersTo(task, pairs))
  );
  assertEquals(published.exact, strict.exact);
  assert(strict.exact > 50 && strict.exact < 250);
  assert(published.fine > strict.fine);
});

Deno.test("100,000 characters are answered in 200,002 steps", () => {
  const ascii = reversalTask(), { characters, separator, terminator, size } = ascii.vocabulary;
  const [{ source }] = pairsOf(ascii, 1, 1, { shortest: 100_000, longest: 100_000 });
  // A pile: the reading goes onto it, the writing comes off it.
  const pile: number[] = [], logits = new Float32Array(size);
  let isWriting = false, steps = 0;
  const network: SymbolStepper = {
    start() {},
    step([symbol]) {
      steps++;
      if (symbol === separator) isWriting = true;
      if (isWriting) logits.fill(0)[pile.pop() ?? terminator] = 1;
      else if (symbol < characters) pile.push(symbol);
      return logits;
    },
  };
  const [answer] = decodeGreedily(network, ascii, [source]);
  assertEquals(steps, 200_002);
  assert(answer.every((symbol, i) => symbol === (source[99_999 - i] ?? terminator)));
  assertEquals(answer.buffer.byteLength, 4 * 100_001);
});

Deno.test("NaN, too few logits, no room and sources that are none are refused", () => {
  const give = (logits: Float32Array): SymbolStepper => ({ start() {}, step: () => logits });
  const bad = new Float32Array(vocabulary.size);
  bad[12] = NaN;
  assertThrows(() => decodeGreedily(give(bad), task, [[1]]), RangeError, "got NaN for symbol 12");
  const few = give(new Float32Array(12));
  assertThrows(() => decodeGreedily(few, task, [[1]]), TypeError, "wanted 13 logits");
  for (const batch of [0, 1.5]) {
    assertThrows(() => decodeGreedily(few, task, [[1]], { batch }), RangeError, "string or more");
  }
  assertThrows(() => decodeGreedily(few, task, [[1], []]), RangeError, "at least 1 character");
  assertThrows(() => decodeGreedily(few, task, [[separator]]), RangeError, "from 0 to 9");
  assertEquals(decodeGreedily(few, task, []), []);
});

/** Answers blanks: at the j-th blank, the j-th character from the end of what was read. */
const fillBlanks: Script = (fed) => {
  const k = fed.indexOf(separator);
  return k < 0 ? 0 : fed[2 * k - fed.length] ?? 0;
};

Deno.test("a task with blanks is answered at every blank, strings of several lengths together", () => {
  const blanks = blanksTask(10), pairs = pairsOf(blanks, 40, 4, { shortest: 1, longest: 9 });
  const network = new ScriptedNetwork(vocabulary, fillBlanks);
  assertEquals(answerPairs(network, blanks, pairs), pairs.map(({ target }) => target));
  const longest = Math.max(...pairs.map(({ source }) => source.length));
  network.groups[0].forEach((fed, b) => {
    const { inputs } = blanks.layOut(pairs[b]), after = fed.length - inputs.length;
    assertEquals(fed, [...inputs, ...new Array(after).fill(separator)]);
    assertEquals(fed.length, 2 * longest);
  });
  const alone = pairs.flatMap((pair) =>
    answerPairs(new ScriptedNetwork(vocabulary, fillBlanks), blanks, [pair])
  );
  assertEquals(alone, pairs.map(({ target }) => target));
});

Deno.test("a mistake at one blank changes no later one, and a terminator does not end the answer", () => {
  const blanks = blanksTask(10),
    pair = { source: Int32Array.of(1, 2, 3), target: Int32Array.of(3, 2, 1) };
  const script: Script = (fed) => fed.length === 4 ? terminator : fillBlanks(fed);
  const network = new ScriptedNetwork(vocabulary, script);
  assertEquals([...answerPairs(network, blanks, [pair])[0]], [terminator, 2, 1]);
  assertEquals(network.groups[0][0], [1, 2, 3, separator, separator, separator]);
});

Deno.test("at blanks, too, NaN and too few logits are refused, and the callback stops by throwing", () => {
  const blanks = blanksTask(10), pairs = pairsOf(blanks, 2, 1, { shortest: 3, longest: 3 });
  const give = (logits: Float32Array): SymbolStepper => ({ start() {}, step: () => logits });
  const bad = new Float32Array(26).fill(NaN);
  assertThrows(() => answerPairs(give(bad), blanks, pairs), RangeError, "got NaN for symbol 0");
  const few = give(new Float32Array(25));
  assertThrows(() => answerPairs(few, blanks, pairs), TypeError, "wanted 26 logits");
  const network = new ScriptedNetwork(vocabulary, fillBlanks);
  let steps = 0;
  const stop = () => {
    if (++steps === 2) throw new Error("enough");
  };
  assertThrows(() => answerPairs(network, blanks, pairs, stop), Error, "enough");
  assertEquals(network.groups[0].map(({ length }) => length), [2, 2]);
});
