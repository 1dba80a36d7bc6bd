import { assertEquals } from "@std/assert";
import {
  formatNumber,
  formatTerm,
  roundDecimals,
  roundSignificant,
  weightedSumTerms,
} from "@/figures/parts/number_text.ts";

Deno.test("numbers in figures have no rounding errors and no minus zero", () => {
  assertEquals([roundDecimals(0.1 + 0.2), roundDecimals(-1e-9), roundDecimals(0.12345)], [
    0.3,
    0,
    0.1235,
  ]);
  assertEquals([roundSignificant(0), roundSignificant(-0.00123456)], [0, -0.001235]);
  assertEquals([formatNumber(-0.001), formatNumber(-1.5), formatNumber(0.125, 3)], [
    "0",
    "−1.5",
    "0.125",
  ]);
});

Deno.test("a name that is a number is separated from its weight by a sign", () => {
  assertEquals(formatTerm(0.5, "0.1"), "0.5 × 0.1");
  assertEquals(formatTerm(0.5, "−0.1"), "0.5 × −0.1");
  assertEquals(formatTerm(0.5, "a1"), "0.5 a1");
});

Deno.test("a read names each value once, topmost first, and an empty stack reads nothing", () => {
  assertEquals(weightedSumTerms([0.25, 0.25, 0.25], ["a", "b", "a"]), ["0.5 a", "0.25 b"]);
  assertEquals(weightedSumTerms([2, 0.75], ["a", "b"]), ["0.75 b", "0.25 a"]);
  assertEquals(weightedSumTerms([0, 0], ["a", "b"]), ["nothing"]);
});
