import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  createRandomReversalString,
  createReversalString,
  drawReversalString,
  inputWidth,
  layOut,
  type ReversalTask,
} from "@/tutorial/tutorial_reversal.ts";

function laidOut(task: ReversalTask, symbols: number[]) {
  const string = createReversalString(task, symbols.length + 2), K = inputWidth(task);
  string.inputs.fill(7);
  string.targets.fill(7);
  string.symbols.set(symbols);
  layOut(task, string, symbols.length);
  const rows = (numbers: Float64Array) =>
    Array.from(
      { length: 2 * symbols.length },
      (_, t) => [...numbers.slice(t * K, t * K + K)].join(""),
    );
  return { inputs: rows(string.inputs), targets: rows(string.targets) };
}

Deno.test("with one mark: mark and symbol, then nothing; targets in reverse order", () => {
  const { inputs, targets } = laidOut({ symbols: 2, marks: 1 }, [0, 1, 1]);
  assertEquals(inputs, ["110", "101", "101", "000", "000", "000"]);
  assertEquals(targets, ["000", "000", "000", "001", "001", "010"]);
});

Deno.test("with two marks: one for reading and one for writing", () => {
  const { inputs, targets } = laidOut({ symbols: 2, marks: 2 }, [0, 1]);
  assertEquals(inputs, ["0110", "0101", "1000", "1000"]);
  assertEquals(targets, ["0000", "0000", "0001", "0010"]);
});

Deno.test("symbols are drawn evenly, first symbol first", () => {
  const task = { symbols: 3, marks: 2 } as const, string = createReversalString(task, 3000);
  drawReversalString(task, string, 3000, seededRandom(1));
  for (const symbol of [0, 1, 2]) {
    const count = string.symbols.filter((drawn) => drawn === symbol).length;
    assert(count > 900 && count < 1100, `${count} times ${symbol}`);
  }
  const draws = seededRandom(1);
  assertEquals(
    [...string.symbols.slice(0, 5)],
    Array.from({ length: 5 }, () => Math.floor(3 * draws.uniform())),
  );
});

Deno.test("a new random string is the one that is drawn into an old one, without spare room", () => {
  const task = { symbols: 3, marks: 2 } as const, old = createReversalString(task, 9);
  drawReversalString(task, old, 4, seededRandom(8));
  const string = createRandomReversalString(task, 4, seededRandom(8));
  assertEquals([string.length, string.symbols.length, string.inputs.length], [4, 4, 8 * 5]);
  assertEquals(string.symbols, old.symbols.slice(0, 4));
  assertEquals(string.inputs, old.inputs.slice(0, 8 * 5));
  assertEquals(string.targets, old.targets.slice(0, 8 * 5));
});

Deno.test("a string without room is refused", () => {
  const task = { symbols: 2, marks: 1 } as const, string = createReversalString(task, 3);
  for (const length of [0, 4, NaN]) {
    assertThrows(
      () => drawReversalString(task, string, length, seededRandom(1)),
      RangeError,
      `Cannot draw a string: wanted 1 to 3 symbols, got ${length}`,
    );
  }
});
