import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { wilsonInterval } from "@/math/wilson_interval.ts";

/** Newcombe 1998, "Two-sided confidence intervals for the single proportion", Table I, method 3. */
const PUBLISHED = [
  { successes: 81, trials: 263, low: 0.2553, high: 0.3662 },
  { successes: 15, trials: 148, low: 0.0624, high: 0.1605 },
  { successes: 0, trials: 20, low: 0, high: 0.1611 },
  { successes: 1, trials: 29, low: 0.0061, high: 0.1718 },
];

Deno.test("the interval is the published one in four cases", () => {
  for (const { successes, trials, low, high } of PUBLISHED) {
    const interval = wilsonInterval(successes, trials);
    assertAlmostEquals(interval.low, low, 5e-5);
    assertAlmostEquals(interval.high, high, 5e-5);
  }
});

Deno.test("both ends solve |p − rate| = 1.96 √(rate (1 − rate) / n), which defines them", () => {
  for (let n = 1; n <= 30; n++) {
    for (let k = 1; k < n; k++) {
      const { low, high } = wilsonInterval(k, n);
      for (const rate of [low, high]) {
        const deviation = 1.959963984540054 * Math.sqrt(rate * (1 - rate) / n);
        assertAlmostEquals(Math.abs(k / n - rate), deviation, 1e-12);
      }
      assert(0 < low && low < k / n && k / n < high && high < 1);
    }
  }
});

Deno.test("failures mirror successes, and the ends are exact", () => {
  const [few, many] = [wilsonInterval(3, 17), wilsonInterval(14, 17)];
  assertAlmostEquals(few.low, 1 - many.high, 1e-15);
  assertEquals(wilsonInterval(0, 7).low, 0);
  assertEquals(wilsonInterval(7, 7).high, 1);
});

Deno.test("counts that cannot be are refused", () => {
  for (const [k, n] of [[0, 0], [-1, 3], [4, 3], [0.5, 3], [1, NaN]]) {
    assertThrows(() => wilsonInterval(k, n), RangeError, "Cannot give an interval");
  }
});
