import { assertEquals, assertThrows } from "@std/assert";
import { readLoss, valueReversal } from "@/tutorial/value_reversal.ts";

Deno.test("the sequence goes in first, then as many blanks, and should come back last value first", () => {
  const { values, targets } = valueReversal([[1, 2], [3, 4], [5, 6]]);
  assertEquals(values, [[1, 2], [3, 4], [5, 6], [0, 0], [0, 0], [0, 0]]);
  assertEquals(targets, [[5, 6], [3, 4], [1, 2]]);
});

Deno.test("the loss is half the squared error of the last reads only", () => {
  const { loss, gReads } = readLoss([[9, 9], [9, 9], [1, 2], [3, 5]], [[1, 0], [0, 5]]);
  assertEquals(loss, (2 ** 2 + 3 ** 2) / 2);
  assertEquals(gReads, [[0, 0], [0, 0], [0, 2], [3, 0]]);
});

Deno.test("an empty sequence, NaN, uneven rows and missing reads are refused", () => {
  assertThrows(() => valueReversal([]), TypeError, "wanted at least 1 value, got 0");
  assertThrows(() => valueReversal([[NaN]]), RangeError, "got NaN at 0");
  assertThrows(() => valueReversal([[1], [1, 2]]), TypeError, "wanted 1 values in row 1, got 2");
  assertThrows(() => readLoss([[1]], [[1], [2]]), TypeError, "wanted at least 2 reads, got 1");
  assertThrows(() => readLoss([[1, 2], [1, 2]], [[1]]), TypeError, "wanted 1 numbers in row 0");
});
