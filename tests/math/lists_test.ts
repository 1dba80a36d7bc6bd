import { assert, assertEquals, assertThrows } from "@std/assert";
import { largestDifference, mean, median, range, sum } from "@/math/lists.ts";

Deno.test("a range that ends where it starts, or before, is empty", () => {
  assertEquals([range(0), range(-2), range(3, 3), range(3, 1)], [[], [], [], []]);
  assertEquals(range(-1, 2), [-1, 0, 1]);
});

Deno.test("sums and means take typed arrays, and add in order", () => {
  assertEquals(sum(Float64Array.of(1e16, 1, -1e16)), 0);
  assertEquals(sum([1e16, -1e16, 1]), 1);
  assertEquals(mean(Float32Array.of(1, 2)), 1.5);
  assert(Number.isNaN(mean([])));
});

Deno.test("a median sorts by size, and leaves its input as it is", () => {
  const numbers = [10, 9, 100];
  assertEquals(median(numbers), 10);
  assertEquals(numbers, [10, 9, 100]);
  assertEquals(median(Float64Array.of(3, 1)), 2);
  assert(Number.isNaN(median([])));
});

Deno.test("the largest difference looks at every depth, and at both signs", () => {
  assertEquals(largestDifference([[1], [2, 3]], [[1], [2, 1]]), 2);
  assertEquals(largestDifference([Float64Array.of(1, 2)], [[4, 2]]), 3);
  assertEquals(largestDifference([], []), 0);
  assertEquals(largestDifference(1, -1), 2);
});

Deno.test("a NaN is not taken for agreement", () => {
  assert(Number.isNaN(largestDifference([0, NaN, 0], [0, 1, 0])));
});

Deno.test("lists of different shapes are refused", () => {
  const differ = (x: Parameters<typeof largestDifference>[0], y: typeof x, message: string) =>
    assertThrows(() => largestDifference(x, y), TypeError, message);
  differ([1, 2], [1], "Cannot compare numbers: wanted a list of 2, got a list of 1");
  differ([[1]], [1], "wanted a list of 1, got a number");
  differ(1, [1], "wanted a number, got a list of 1");
});
