import { assertEquals, assertThrows } from "@std/assert";
import { wilsonInterval } from "@/math/wilson_interval.ts";
import { countFates, fateOf, rightOn } from "@/studies/run_fates.ts";
import { successRate } from "@/studies/success_rate.ts";

const WON = { success: true, left: 3000 };
const MISSED = { success: false, left: 3000 };
const STUCK = { success: false, left: null };

Deno.test("a success is one whatever its course; a failure is told by its course", () => {
  assertEquals([WON, MISSED, STUCK].map(fateOf), ["success", "near miss", "plateau"]);
  assertEquals(fateOf({ success: true, left: null }), "success");
  assertEquals(fateOf({ success: false, left: 0 }), "near miss");
});

Deno.test("fates are counted, the best first, with those that none has", () => {
  const counts = countFates([STUCK, WON, STUCK, MISSED, STUCK]);
  assertEquals(Object.entries(counts), [["success", 1], ["near miss", 1], ["plateau", 3]]);
  assertEquals(countFates([]), { "success": 0, "near miss": 0, "plateau": 0 });
});

Deno.test("right is exact match on all strings, and was measured", () => {
  const record = { scores: { "8..64": [1, 1], "1000": [0.99, 1] } } as const;
  assertEquals(
    ["8..64", "1000", "10000"].map((lengths) => rightOn(lengths)(record)),
    [true, false, false],
  );
});

Deno.test("a rate counts what succeeds among all, with Wilson's interval", () => {
  const rate = successRate("won", [WON, MISSED, WON, STUCK], ({ success }) => success);
  const interval = wilsonInterval(2, 4);
  assertEquals(rate, { name: "won", successes: 2, trials: 4, interval });
  assertEquals(successRate("large", [1, 5, 7], (x) => x > 4).successes, 2);
  assertThrows(() => successRate("none", [], () => true), RangeError, "Cannot give an interval");
});
