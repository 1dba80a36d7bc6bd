import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { deepPairs, firstPairs } from "@/tasks/streams.ts";
import { type InPlaceTask, NoTargetError } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { undoFlipFlopDenseTask, undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
import { assertDrawnWith, countTexts, uniformOver } from "./chi_square.ts";

const published = undoFlipFlopTask(), dense = undoFlipFlopDenseTask();
const { vocabulary } = published;
const textOf = (symbols: Int32Array) => symbolsToText(symbols, vocabulary);
const pairOf = (text: string) => published.pairOf!(textToSymbols(text, vocabulary));
const draw = (task: InPlaceTask, shortest: number, longest: number, strings: number) =>
  firstPairs(task, { strings, seed: 5, purpose: "test", lengths: { shortest, longest } });

/** Eight lines of the public test sets of arXiv:2604.05923 (Apache-2.0), among those with the most undos. */
const PUBLIC: Record<string, string> = {
  "w0i1ri0i0w0i1w1i0w1i0i0ui1uri1i1i1ri1i0i1i1i0i0ur": "0000",
  "w1i1i1w1i0i1w0ui1i0i0ui0i1i1i0i1i0i1i0i1r": "1",
  "w1i0w1w1i0i1i1w0i0i0i0i0i1i1i1uur": "1",
  "w0w0i0i1i0i0i0rri0w1i0ui0i1i0ri1i0i0ui1i1i0r": "0000",
  "w1w1i0i0i1i0w0i0i1w1i1ri1i0ui0i0i1i0ui0i1i0ui0i1i1r": "11",
  "w0i1i1i1i0ri1w1ri0w1ri1i1w0i0i1i1i1i0i0i0i0ui1i1i1ri1i1i0ui1i1ui0r": "01110",
  "w0w0i0i0i1i0i1i0i1i1i1i0i0w1i1w1i1i0uui1i1ui1w1w1i1i0i0ri1i1ri0ri1i0i1i1r": "1111",
  "w1i0i1i1w0rw0i1ri0i1i1i0i1i0i0i0i0i0i1i1i1i0i1i0i0i1i1i1i0w0i1i1i1uuui0r": "001",
};

/** The bit that stands before a place: writes that are undone are struck out, from the inside. */
function standingAt(text: string, place: number): string {
  let operations = text.slice(0, place).replace(/i[01]|r/g, "");
  while (operations.includes("u")) operations = operations.replace(/w[01]u/, "");
  return operations.at(-1)!;
}

function answersTo(text: string): string {
  return [...text.matchAll(/r/g)].map(({ index }) => standingAt(text, index)).join("");
}

for (const task of [published, dense]) {
  Deno.test(`${task.name}: of 1,000 pairs, every read is answered in place as the oracle does`, () => {
    for (const pair of draw(task, 3, 80, 1000)) {
      const text = textOf(pair.source);
      assertEquals([...pair.target].join(""), answersTo(text), text);
      assertEquals(task.pairOf!(pair.source), pair);
      const { inputs, targets } = task.layOut(pair);
      assertEquals(inputs, [...pair.source]);
      assertEquals(
        targets.map((target) => target >= 0 ? "r" : "").join(""),
        text.replace(/[^r]/g, ""),
      );
      targets.forEach((target, t) => assertEquals(target >= 0, text[t] === "r"));
      assertEquals(targets.filter((target) => target >= 0), [...pair.target]);
    }
  });

  Deno.test(`${task.name}: strings begin with a write, end with a read, and never undo the only write`, () => {
    for (const { source } of draw(task, 1, 60, 1000)) {
      const text = textOf(source);
      assert(/^w[01](?:[iw][01]|[ur])*r$/.test(text), text);
      for (let standing = text.replace(/i[01]|r/g, ""); standing.includes("u");) {
        standing = standing.replace(/w[01]u/, "");
        assert(/^w/.test(standing), text);
      }
    }
  });

  Deno.test(`${task.name}: every length from 3 on is drawn exactly and equally often`, () => {
    const lengths = draw(task, 3, 50, 9600).map(({ source }) => String(source.length));
    assertDrawnWith(countTexts(lengths), uniformOver(Array.from({ length: 48 }, (_, i) => i + 3)));
    for (let k = 1; k < 60; k++) {
      for (const { source } of draw(task, k, k, 3)) assertEquals(source.length, Math.max(3, k));
    }
    assertEquals(task.lengths.test, { shortest: 51, longest: 500 });
  });
}

/** The operations of a string after the first: where each begins, and how many writes stand before it. */
function operationsOf(text: string): { operation: string; index: number; standing: number }[] {
  const matches = [...text.matchAll(/[iw][01]|[ur]/g)];
  let standing = 0;
  const all = matches.map(({ 0: { 0: operation }, index }) => {
    const before = standing;
    standing += operation === "w" ? 1 : operation === "u" ? -1 : 0;
    return { operation, index, standing: before };
  });
  return all.slice(1);
}

const DISTRIBUTIONS = [
  { task: published, share: { i: .8, r: .1, w: .05, u: .05 } },
  { task: dense, share: { i: .4, r: .2, w: .2, u: .2 } },
];

for (const { task, share } of DISTRIBUTIONS) {
  Deno.test(`${task.name}: operations have their probabilities; an undo that is not possible is a write`, () => {
    const operations = draw(task, 60, 60, 1000).flatMap(({ source }) =>
      operationsOf(textOf(source)).filter(({ index }) => index < 60 - 2)
    );
    const { u, ...possible } = share;
    const counts = (deep: boolean) =>
      countTexts(
        operations.filter(({ standing }) => standing > 1 === deep).map(({ operation }) =>
          operation
        ),
      );
    assertDrawnWith(counts(true), share);
    assertDrawnWith(counts(false), { ...possible, w: possible.w + u });
    const bits = draw(task, 60, 60, 300).flatMap(({ source }) => [...source].filter((s) => s < 2));
    assertDrawnWith(countTexts(bits.map(String)), uniformOver([0, 1]));
  });
}

Deno.test("in the one place before the last read is a read or an undo, in their proportion", () => {
  const last = draw(published, 40, 40, 9000).flatMap(({ source }) =>
    operationsOf(textOf(source)).filter(({ index }) => index === 40 - 2)
  );
  const counts = (deep: boolean) =>
    countTexts(last.filter((each) => each.standing > 1 === deep).map((each) => each.operation));
  assertDrawnWith(counts(true), { r: 2 / 3, u: 1 / 3 });
  assertDrawnWith(counts(false), { r: 1 });
});

Deno.test("three undos in a row come in a twentieth of the dense strings of 50, in few published ones", () => {
  const share = (task: InPlaceTask) =>
    draw(task, 50, 50, 4000).filter(({ source }) => textOf(source).includes("uuu")).length / 4000;
  assertAlmostEquals(share(dense), .05, .02);
  assertLess(share(published), .002);
});

Deno.test("the public strings have the public answers", () => {
  for (const [text, answers] of Object.entries(PUBLIC)) {
    assertEquals([...pairOf(text).target].join(""), answers);
    assertEquals(answersTo(text), answers); // of the oracle too
  }
});

Deno.test("a written bit is what the pushed value stands for; ignored bits, undos and reads have none", () => {
  const { valueTargets, popping } = published.layOut(pairOf("w0i1w1rur"));
  assertEquals(valueTargets, [-1, 0, -1, -1, -1, 1, -1, -1, -1]);
  assertEquals(popping!.map((pops) => pops ? "u" : ".").join(""), ".......u.");
});

Deno.test("strings of a depth have as many undos in a row, of bits that have been written before", () => {
  for (const undos of [1, 2, 9]) {
    const drawn = deepPairs(published.deep!, { strings: 20, seed: 1, depth: undos });
    for (const { source, target } of drawn) {
      const text = textOf(source), writes = "w[01]".repeat(undos + 1);
      assertMatch(text, new RegExp(`^${writes}u{${undos}}r$`));
      assertEquals([...target].join(""), text[1]); // the first bit stands again
    }
    const first = new Set(drawn.map(({ source }) => source[1]));
    assertEquals(first.size, 2);
  }
});

Deno.test("a string that breaks a rule has no target", () => {
  const message = "wanted a write first, one read or more, and no undo of the only write";
  for (
    const text of ["r", "w0", "i0w0r", "w0ur", "w0w1uur", "wr", "w0i", "w01r", "0r", "w0i1", "uw0r"]
  ) {
    assertThrows(() => pairOf(text), NoTargetError, message, text);
  }
  assertEquals([...pairOf("w0rri1").target], [0, 0]); // public strings end with a read
});
