import { assertEquals, assertThrows } from "@std/assert";
import { createVocabulary, layOutReversal, reversalTarget } from "@/tasks/reversal.ts";

Deno.test("the table at the top of the file is what is laid out", () => {
  const { start, separator, terminator } = createVocabulary(10);
  assertEquals(layOutReversal(createVocabulary(10), [7, 0, 9]), {
    inputs: [start, 7, 0, 9, separator, 9, 0, 7],
    targets: [-1, -1, -1, -1, 9, 0, 7, terminator],
    valueTargets: [-1, 7, 0, 9, -1, -1, -1, -1],
  });
});

Deno.test("a string of k characters takes 2k + 2 steps and has k + 1 targets", () => {
  for (const k of [1, 2, 64, 1000]) {
    const { inputs, targets, valueTargets } = layOutReversal(
      createVocabulary(),
      new Int32Array(k).fill(5),
    );
    assertEquals([inputs.length, targets.length, valueTargets.length], Array(3).fill(2 * k + 2));
    assertEquals(targets.filter((target) => target >= 0).length, k + 1);
    assertEquals(valueTargets.filter((target) => target >= 0).length, k);
  }
});

Deno.test("the targets that are laid out are the answer that is wanted, and each is fed at the next step", () => {
  const symbols = createVocabulary(5), string = [4, 1, 1, 3];
  const { inputs, targets } = layOutReversal(symbols, string);
  const target = [...reversalTarget(symbols, string)];
  assertEquals(target, [3, 1, 1, 4, symbols.terminator]);
  assertEquals(targets.slice(5), target);
  assertEquals(inputs.slice(6), target.slice(0, -1));
});

Deno.test("the default characters are the codes of ASCII, and each mark has a number of its own", () => {
  assertEquals(createVocabulary(), {
    characters: 128,
    start: 128,
    separator: 129,
    terminator: 130,
    size: 131,
  });
});

Deno.test("empty strings, marks, fractions and NaN among the characters are refused", () => {
  const symbols = createVocabulary(4);
  for (const lay of [layOutReversal, reversalTarget]) {
    assertThrows(() => lay(symbols, []), RangeError, "wanted at least 1 character, got 0");
    for (const bad of [-1, 4, 0.5, NaN]) {
      const message = `wanted characters from 0 to 3, got ${bad} at 1`;
      assertThrows(() => lay(symbols, [0, bad]), RangeError, message);
    }
  }
});

Deno.test("a task without characters is refused", () => {
  for (const bad of [0, -3, 1.5, NaN, 2 ** 31]) {
    assertThrows(() => createVocabulary(bad), RangeError, `wanted 1 character or more, got ${bad}`);
  }
});
