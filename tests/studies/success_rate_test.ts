import { assertEquals, assertThrows } from "@std/assert";
import { countSuccesses, formatRateInterval, rateColumns } from "@/studies/success_rate.ts";

Deno.test("successes are counted, other trials are not", () => {
  assertEquals(countSuccesses([]), 0);
  assertEquals(countSuccesses([{ success: false }, { success: true }, { success: true }]), 2);
});

Deno.test("an interval is written from its low to its high end, in whole percents", () => {
  assertEquals(formatRateInterval(0, 20), "0 to 16 %");
  assertEquals(formatRateInterval(3, 20), "5 to 36 %");
  assertEquals(formatRateInterval(20, 20), "84 to 100 %");
  assertThrows(() => formatRateInterval(3, 2), RangeError, "got 3 of 2");
});

Deno.test("the columns of a rate are the count and the interval of that count", () => {
  assertEquals(rateColumns(7, 20), { "successes": "7 of 20", "95 % interval": "18 to 57 %" });
});
