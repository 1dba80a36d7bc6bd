import { assert, assertEquals, assertLess } from "@std/assert";
import { exponential } from "@/tutorial/layers.ts";

Deno.test("e^x is that of Math.exp to 5 parts in 10¹⁶, from −700 to 700", () => {
  for (const reach of [1e-6, 0.01, 1, 30, 700]) {
    for (let k = -5000; k <= 5000; k++) {
      const x = k / 5000 * reach;
      assertLess(Math.abs(exponential(x) / Math.exp(x) - 1), 5e-16, `at ${x}`);
    }
  }
});

Deno.test("e^0 is exactly 1, and the function never falls", () => {
  assertEquals(exponential(0), 1);
  assertEquals(exponential(-0), 1);
  for (let k = -20_000; k < 20_000; k++) {
    assert(exponential((k + 1) / 1000) > exponential(k / 1000), `at ${k / 1000}`);
  }
});

Deno.test("beyond its range it stays where it is, and NaN stays NaN", () => {
  assertEquals(exponential(1e300), exponential(700));
  assertEquals(exponential(Infinity), exponential(700));
  assertEquals(exponential(-Infinity), exponential(-700));
  assertEquals(exponential(NaN), NaN);
});
