import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  characterTask,
  checkLengths,
  checkSource,
  createVocabulary,
  drawCharacters,
  expectedAnswer,
  NO_TARGET,
  type Pair,
  teacherForced,
  testLengths,
} from "@/tasks/task.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import { blanksTask } from "./toy_tasks.ts";

const pairOf = (source: number[], target: number[]): Pair => ({
  source: Int32Array.from(source),
  target: Int32Array.from(target),
});

Deno.test("the default characters are the codes of ASCII, and each mark has a number of its own", () => {
  assertEquals(createVocabulary(), {
    characters: 128,
    marks: ["start", "separator", "terminator"],
    start: 128,
    separator: 129,
    terminator: 130,
    size: 131,
  });
});

Deno.test("a vocabulary without characters is refused", () => {
  for (const bad of [0, -3, 1.5, NaN, 2 ** 31]) {
    assertThrows(() => createVocabulary(bad), RangeError, `wanted 1 character or more, got ${bad}`);
  }
});

Deno.test("a pair is laid out as the table at the top of the file shows", () => {
  const vocabulary = createVocabulary(10), { start, separator, terminator } = vocabulary;
  assertEquals(teacherForced(vocabulary, pairOf([7, 0, 9], [4, 8, 6])), {
    inputs: [start, 7, 0, 9, separator, 4, 8, 6],
    targets: [-1, -1, -1, -1, 4, 8, 6, terminator],
    valueTargets: [-1, 7, 0, 9, -1, -1, -1, -1],
  });
});

Deno.test("targets may be shorter or longer than their sources: T = k + m + 2", () => {
  const vocabulary = createVocabulary(10), { start, separator, terminator } = vocabulary;
  assertEquals(teacherForced(vocabulary, pairOf([7, 0, 9], [])), {
    inputs: [start, 7, 0, 9, separator],
    targets: [-1, -1, -1, -1, terminator],
    valueTargets: [-1, 7, 0, 9, -1],
  });
  assertEquals(teacherForced(vocabulary, pairOf([7], [1, 2, 3])), {
    inputs: [start, 7, separator, 1, 2, 3],
    targets: [-1, -1, 1, 2, 3, terminator],
    valueTargets: [-1, 7, -1, -1, -1, -1],
  });
  for (const [k, m] of [[1, 1], [1, 64], [64, 1], [5, 0], [500, 1000]]) {
    const pair = pairOf(new Array(k).fill(5), new Array(m).fill(6));
    const { inputs, targets, valueTargets } = teacherForced(vocabulary, pair), T = k + m + 2;
    assertEquals([inputs.length, targets.length, valueTargets.length], [T, T, T]);
    assertEquals(targets.filter((target) => target >= 0).length, m + 1);
    assertEquals(valueTargets.filter((target) => target >= 0).length, k);
  }
});

Deno.test("the expected answer is the layout's targets, each of which is fed at the next step", () => {
  for (const name of TASK_NAMES) {
    const task = createTask(name, 5);
    if (!task.autoregressive) continue;
    const pair = task.sample(seededRandom(1), { shortest: 6, longest: 6 });
    const answer = [...expectedAnswer(task, pair)], { inputs, targets } = task.layOut(pair);
    assertEquals(answer, [...pair.target, task.vocabulary.terminator]);
    assertEquals(targets.slice(7), answer);
    assertEquals(inputs.slice(8), answer.slice(0, -1));
  }
});

Deno.test("the expected answer of another layout has no terminator that it does not ask for", () => {
  const task = blanksTask(5), pair = task.sample(seededRandom(1), { shortest: 4, longest: 4 });
  assertEquals(expectedAnswer(task, pair), pair.target);
});

Deno.test("a task that answers in place is fed its source first, and has a target at some of its steps", () => {
  const inPlace = TASK_NAMES.map((name) => createTask(name)).filter((task) => !task.autoregressive);
  assertEquals(inPlace.length, 9);
  for (const task of inPlace) {
    for (let k = 1; k < 20; k++) {
      const pair = task.sample(seededRandom(k), { shortest: k, longest: k });
      const { inputs, targets, valueTargets } = task.layOut(pair), { size } = task.vocabulary;
      assertEquals(inputs.slice(0, pair.source.length), [...pair.source], task.name);
      assertEquals([targets.length, valueTargets.length], [inputs.length, inputs.length]);
      assert(inputs.every((symbol) => symbol >= 0 && symbol < size));
      assert([...targets, ...valueTargets].every((symbol) => symbol >= NO_TARGET && symbol < size));
      assertEquals([...expectedAnswer(task, pair)].slice(0, pair.target.length), [...pair.target]);
      assert(expectedAnswer(task, pair).length > 0);
    }
  }
});

Deno.test("test strings are as many times as long as the training's as the task's are", () => {
  const range = (shortest: number, longest: number) => ({ shortest, longest });
  const lengths = { training: range(1, 40), test: range(41, 500), validation: [] };
  assertEquals(testLengths(lengths, range(1, 40)), range(41, 500));
  assertEquals(testLengths(lengths, range(3, 8)), range(9, 100));
  assertEquals(testLengths({ ...lengths, test: range(20, 40) }, range(1, 40)), range(41, 41));
});

Deno.test("every length of the range comes equally often, both ends included", () => {
  const lengths = { shortest: 2, longest: 5 }, vocabulary = createVocabulary(), counts = new Map();
  const random = seededRandom(1);
  for (let i = 0; i < 8000; i++) {
    const { length } = drawCharacters(random, vocabulary, lengths);
    counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort(), [2, 3, 4, 5]);
  // Five standard deviations of a count around 2000.
  for (const count of counts.values()) assertAlmostEquals(count, 2000, 200);
});

Deno.test("every character comes equally often, at every place, whatever came before it", () => {
  const few = createVocabulary(4), two = { shortest: 2, longest: 2 }, random = seededRandom(1);
  const counts = new Array(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const [a, b] = drawCharacters(random, few, two);
    counts[4 * a + b]++;
  }
  for (const count of counts) assertAlmostEquals(count, 1000, 160);
});

Deno.test("ranges that are none are refused, wherever strings are drawn", () => {
  for (const [shortest, longest] of [[0, 2], [3, 2], [1.5, 2], [1, NaN], [1, Infinity]]) {
    const lengths = { shortest, longest };
    const message = `wanted lengths of at least 1, shortest first, got ${shortest}..${longest}`;
    assertThrows(() => checkLengths(lengths), RangeError, message);
    const draw = () => drawCharacters(seededRandom(1), createVocabulary(), lengths);
    assertThrows(draw, RangeError, message);
    for (const name of TASK_NAMES) {
      assertThrows(() => createTask(name).sample(seededRandom(1), lengths), RangeError, message);
    }
  }
});

Deno.test("empty sources, marks, fractions and NaN among the characters are refused", () => {
  const check = (source: number[]) => checkSource(createVocabulary(4), source);
  const tasks = TASK_NAMES.map((name) => createTask(name, 4));
  const readers = tasks.map(({ vocabulary, pairOf }) => ({
    n: vocabulary.characters,
    read: pairOf!,
  }));
  for (const { n, read } of [{ n: 4, read: check }, ...readers]) {
    assertThrows(() => read([]), RangeError, "wanted at least 1 character, got 0");
    for (const bad of [-1, n, 0.5, NaN]) {
      const message = `wanted characters from 0 to ${n - 1}, got ${bad} at 1`;
      assertThrows(() => read([0, bad]), RangeError, message);
    }
  }
  check([3, 0]);
});

Deno.test("a drawn pair is the pair of its source, and owns its numbers", () => {
  for (const name of TASK_NAMES) {
    const task = createTask(name, 7);
    const pair = task.sample(seededRandom(2), { shortest: 3, longest: 9 });
    assertEquals(task.pairOf!(pair.source), pair);
    const source = [...pair.source], own = task.pairOf!(source);
    source[0]++;
    assertEquals(own.source, pair.source);
    assert(own.source.buffer !== own.target.buffer);
  }
});

Deno.test("a task of characters draws nothing but its source, and may answer with 2k symbols", () => {
  const target = () => new Int32Array(0), lengths = { shortest: 1, longest: 9 };
  const task = characterTask({ name: "empty", title: "nothing", target }, 6);
  const [one, other] = [seededRandom(3), seededRandom(3)];
  for (let i = 0; i < 20; i++) {
    const { source } = task.sample(one, lengths);
    assertEquals(source, drawCharacters(other, task.vocabulary, lengths));
  }
  assertEquals([task.name, task.title, task.autoregressive], ["empty", "nothing", true]);
  assertEquals([task.vocabulary.size, task.longestTarget(8)], [9, 16]);
});

Deno.test("every task of the registry has its name, and a title of its own", () => {
  const tasks = TASK_NAMES.map((name) => createTask(name));
  assertEquals(tasks.map(({ name }) => name), [...TASK_NAMES]);
  assertEquals(new Set(tasks.map(({ title }) => title)).size, tasks.length);
  assertEquals(tasks[0].name, "reversal");
  assertThrows(() => createTask("reversal", 0), RangeError, "wanted 1 character or more");
});
