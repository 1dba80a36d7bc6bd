import { assertEquals, assertThrows } from "@std/assert";
import { checkMatrix, checkNonNegative, checkVector } from "@/math/shapes.ts";

Deno.test("finite numbers pass, as many as wanted or, if none are wanted, as there are", () => {
  assertEquals(checkVector("read", "strengths", [1, -2, 0], 3), undefined);
  assertEquals(checkVector("read", "strengths", [1, -2, 0]), undefined);
  assertEquals(checkVector("read", "strengths", new Float64Array(4), 4), undefined);
  assertEquals(checkVector("read", "strengths", [], 0), undefined);
  assertEquals(checkNonNegative("read", "strengths", [0, -0, 1e-300, 5], 4), undefined);
});

Deno.test("too many numbers, and too few, are refused", () => {
  for (const [vector, got] of [[[1], 1], [[1, 2, 3], 3], [[], 0]] as const) {
    for (const check of [checkVector, checkNonNegative]) {
      assertThrows(
        () => check("read", "strengths", vector, 2),
        TypeError,
        `Cannot read: wanted 2 strengths, got ${got}`,
      );
    }
  }
});

Deno.test("NaN and infinity are refused wherever they are", () => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    for (const place of [0, 1, 2]) {
      for (const check of [checkVector, checkNonNegative]) {
        assertThrows(
          () => check("read", "strengths", [1, 1, 1].with(place, wrong)),
          RangeError,
          `Cannot read: wanted finite strengths, got ${wrong} at ${place}`,
        );
      }
    }
  }
});

Deno.test("a negative number is refused wherever it is", () => {
  for (const place of [0, 1, 2]) {
    assertThrows(
      () => checkNonNegative("read", "strengths", [1, 1, 1].with(place, -1e-300)),
      RangeError,
      `Cannot read: wanted strengths of at least 0, got -1e-300 at ${place}`,
    );
  }
});

Deno.test("rows of one width pass", () => {
  assertEquals(checkMatrix("read", "values", [[1, 2], [3, 4]], 2, 2), undefined);
  assertEquals(checkMatrix("read", "values", [[1, 2], [3, 4]]), undefined);
  assertEquals(checkMatrix("read", "values", [new Float64Array(2)], 1, 2), undefined);
  assertEquals(checkMatrix("read", "values", [[], []], 2, 0), undefined);
  assertEquals(checkMatrix("read", "values", []), undefined);
});

Deno.test("a wrong number of rows is refused", () => {
  for (const rows of [0, 1, 3]) {
    assertThrows(
      () => checkMatrix("read", "values", [[1], [2]], rows),
      TypeError,
      `Cannot read: wanted ${rows} rows of values, got 2`,
    );
  }
});

Deno.test("a row of another width is refused, be it the first or the last", () => {
  const check = (matrix: number[][], width?: number) => () =>
    checkMatrix("read", "values", matrix, matrix.length, width);
  const wanted = "Cannot read: wanted 2 values in row";
  assertThrows(check([[1, 2], [3, 4], [5]]), TypeError, `${wanted} 2, got 1`);
  assertThrows(check([[1, 2], [3, 4, 5]]), TypeError, `${wanted} 1, got 3`);
  assertThrows(check([[1, 2, 3], [4, 5, 6]], 2), TypeError, `${wanted} 0, got 3`);
});

Deno.test("a number that is not finite is refused, with its row and place", () => {
  assertThrows(
    () => checkMatrix("read", "values", [[1, 2], [3, NaN]]),
    RangeError,
    "Cannot read: wanted finite values in row 1, got NaN at 1",
  );
});
