import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "@/math/random.ts";
import {
  createAddition,
  drawAddition,
  fromBits,
  toBits,
  writeAddition,
} from "@/tutorial/binary_addition.ts";

Deno.test("the targets are the sum, for every pair of four-digit numbers that fits", () => {
  const addition = createAddition(4);
  for (let a = 0; a < 16; a++) {
    for (let b = 0; a + b < 16; b++) {
      writeAddition(addition, toBits(a, 4), toBits(b, 4));
      assertEquals(fromBits(addition.targets), a + b);
    }
  }
});

Deno.test("a number survives being written in binary", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (number) => {
    assertEquals(fromBits(toBits(number, 31)), number);
  }));
  assertEquals(fromBits(toBits(2 ** 53 - 1, 53)), 2 ** 53 - 1);
});

Deno.test("a carry runs on as long as one digit of the two is 1, and stops at two zeros", () => {
  const addition = createAddition(6);
  writeAddition(addition, [1, 1, 1, 0, 1, 0], [1, 0, 0, 0, 1, 0]);
  assertEquals([...addition.carries], [1, 1, 1, 0, 1, 0]);
  assertEquals([...addition.targets], [0, 0, 0, 1, 0, 1]);
});

Deno.test("a carry out of the last column is lost", () => {
  const addition = createAddition(2);
  writeAddition(addition, [1, 1], [1, 1]);
  assertEquals([...addition.targets], [0, 1]);
});

Deno.test("drawn numbers are flat below half the range, and the sum is laid out with them", () => {
  const random = seededRandom("sums"), addition = createAddition(5);
  const [counts, N] = [new Array(16).fill(0), 16_000];
  for (let k = 0; k < N; k++) {
    drawAddition(addition, random);
    const digits = (which: number) => addition.inputs.filter((_, i) => i % 2 === which);
    const [a, b] = [fromBits(digits(0)), fromBits(digits(1))];
    assertEquals(fromBits(addition.targets), a + b);
    counts[a]++;
  }
  // A count of 1,000 has a standard deviation of 31.
  for (const count of counts) assert(Math.abs(count - 1000) < 160, String(counts));
});

Deno.test("numbers and digits that do not fit are refused", () => {
  assertThrows(() => toBits(-1, 4), RangeError, "wanted a whole number from 0 to 15, got -1");
  assertThrows(() => toBits(1.5, 4), RangeError, "got 1.5");
  assertThrows(() => toBits(16, 4), RangeError, "got 16");
  assertThrows(() => toBits(1, 54), RangeError, "wanted 1 to 53 digits, got 54");
  assertThrows(
    () => createAddition(0),
    RangeError,
    "Cannot lay out a sum: wanted at least 1 digit, got 0",
  );
  assertThrows(
    () => writeAddition(createAddition(3), [1, 0, 0], [1, 0]),
    TypeError,
    "Cannot lay out a sum: wanted 3 digits of each number, got 3 and 2",
  );
});
